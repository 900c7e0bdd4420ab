package graph

import (
	"errors"
	"fmt"
	"io"

	"github.com/nndiy/nndiy/internal/atomicfile"
	"github.com/nndiy/nndiy/internal/checkpoint"
)

// After has f called when every callback has seen the event under way, and before training goes on. An error of f ends
// training as one of the callback does. It is for what has to see all callbacks in one state, such as SaveFile.
func (r *Run) After(f func() error) { r.after = append(r.after, f) }

// SaveFile writes a checkpoint: the model, as Model.SaveFile does, and with it the state of the training and of the callbacks
// that are Stateful. FitConfig.Resume goes on from it. It works within After, at any event but TrainEnd; as training goes on
// from a checkpoint, it writes nothing until the state is as it was then.
func (r *Run) SaveFile(path string) error {
	if r.fit == nil || !r.fit.settled || r.fit.event == TrainEnd {
		return errors.New("graph: Run.SaveFile: called elsewhere than within After, or at TrainEnd")
	}
	if r.fit.from != nil {
		return nil
	}
	if err := atomicfile.WriteSeries(checkpoint.Series(path), path, r.fit.save); err != nil {
		return fmt.Errorf("graph: Run.SaveFile: %s: %w", path, err)
	}
	return nil
}

// save writes the model and the training.
func (f *fitting) save(w io.Writer) error {
	file, err := f.model.file()
	if err != nil {
		return err
	}
	f.within = f.event == EpochBegin || f.event == StepEnd
	if err := file.addRun(f); err != nil {
		return err
	}
	return file.write(w)
}

// settle calls what was given to After at an event; result is what came of the callbacks.
func (f *fitting) settle(e Event, result error) error {
	f.event, f.settled, f.stopped = e, true, errors.Is(result, Stop)
	if e == EpochBegin {
		f.rate = f.run.Rate
	}
	defer func() { f.settled, f.run.after = false, nil }()
	for i := 0; i < len(f.run.after) && (result == nil || f.stopped); i++ {
		if err := f.run.after[i](); err != nil {
			return fmt.Errorf("after %v: %w", e, err)
		}
	}
	return result
}
