package callbacks

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/checkpoint"
	"github.com/nndiy/nndiy/internal/settings"
)

// Checkpoint regularly writes the state of the run to a file: the model, and everything that graph.FitConfig.Resume needs to
// continue with the same bits. graph.Open reads the model from it. A crash at any moment leaves no broken file. A cancelled
// run writes no checkpoint: on resume, the steps after the last one, at most Every epochs or EverySteps steps, are repeated.
//
// A file stores the parameters and the optimizer's slots: with Adam, three times the size of the parameters, and four times
// with an EarlyStopping that sets RestoreBest. Training waits while it is written.
type Checkpoint struct {
	Path       string // file to write; each checkpoint replaces the last one
	Dir        string // folder instead, with one file for each checkpoint; created if it does not exist
	Keep       int    // number of files to keep in Dir, the newest; 0 keeps all
	Every      int    // epochs between checkpoints; default 1, or none if EverySteps is set
	EverySteps int    // steps between checkpoints, also within an epoch; 0 means none
	BestOnly   bool   // of the epochs that Every selects, write only after those whose Monitor is better than in the selected ones before; excludes EverySteps
	Monitor    string // log name; default valid_loss, or train_loss without validation
	Maximize   bool   // a larger value is better; only for logs whose metric does not know, see EarlyStopping

	monitor monitor
}

var _ graph.Stateful = (*Checkpoint)(nil)

// Handle implements graph.Callback.
func (c *Checkpoint) Handle(r *graph.Run, e graph.Event) error {
	if r.Rank > 0 { // rank 0 of FitConfig.Group writes
		return nil
	}
	due := false
	switch e {
	case graph.TrainBegin:
		c.monitor = monitor{}
		if c.BestOnly {
			var err error
			if c.monitor, err = newMonitor(r, "Checkpoint", c.Monitor, c.Maximize); err != nil {
				return err
			}
		}
		return c.begin(r)
	case graph.StepEnd:
		due = c.EverySteps > 0 && r.Total%c.EverySteps == 0
	case graph.EpochEnd:
		every := c.Every
		if every == 0 && c.EverySteps == 0 {
			every = 1
		}
		due = every > 0 && r.Epoch%every == 0
		if due && c.BestOnly {
			v, err := c.monitor.value(r, "Checkpoint")
			if err != nil {
				return err
			}
			due = c.monitor.improve(v, 0)
		}
	}
	if due {
		r.After(func() error { return c.write(r) })
	}
	return nil
}

// begin checks the settings and creates the folder.
func (c *Checkpoint) begin(r *graph.Run) error {
	if (c.Path == "") == (c.Dir == "") {
		return fmt.Errorf("callbacks: Checkpoint: got Path %q and Dir %q, want one of them", c.Path, c.Dir)
	}
	if c.BestOnly && c.EverySteps != 0 {
		return fmt.Errorf("callbacks: Checkpoint: EverySteps: got %d with BestOnly, want 0: BestOnly compares epochs", c.EverySteps)
	}
	if err := settings.CheckIn("callbacks: Checkpoint",
		settings.Count("Keep", c.Keep, 0), settings.Count("Every", c.Every, 0), settings.Count("EverySteps", c.EverySteps, 0),
	); err != nil {
		return err
	}
	if c.Dir == "" { // else the error would come with the first file, after an epoch
		switch info, err := os.Stat(filepath.Dir(c.Path)); {
		case err != nil:
			return fmt.Errorf("callbacks: Checkpoint: Path: %w", err)
		case !info.IsDir():
			return fmt.Errorf("callbacks: Checkpoint: Path: got %s, want a file in a folder: %s is not one", c.Path, filepath.Dir(c.Path))
		}
		return nil
	}
	err := os.MkdirAll(c.Dir, 0o777)
	if err == nil {
		var names []string
		if names, err = checkpoint.List(c.Dir); err == nil && len(names) > 0 && names[len(names)-1] > checkpoint.Name(r.Total) {
			err = fmt.Errorf("Dir: got %s, which already holds %s from a longer run, want another folder, or FitConfig.Resume set to it",
				c.Dir, names[len(names)-1])
		}
	}
	if err != nil {
		return fmt.Errorf("callbacks: Checkpoint: %w", err)
	}
	return nil
}

func (c *Checkpoint) write(r *graph.Run) error {
	path := c.Path
	if c.Dir != "" {
		path = filepath.Join(c.Dir, checkpoint.Name(r.Total))
	}
	err := r.SaveFile(path)
	if err == nil && c.Dir != "" && c.Keep > 0 {
		err = c.prune()
	}
	if err != nil {
		return fmt.Errorf("callbacks: Checkpoint: %w", err)
	}
	return nil
}

// prune removes all files except the newest.
func (c *Checkpoint) prune() error {
	names, err := checkpoint.List(c.Dir)
	if err != nil {
		return err
	}
	for _, name := range names[:max(0, len(names)-c.Keep)] {
		if err := os.Remove(filepath.Join(c.Dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// State implements graph.Stateful.
func (c *Checkpoint) State() graph.Saved { return graph.Saved{"best": &c.monitor.best} }
