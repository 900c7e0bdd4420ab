package lab

import (
	"io"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/atomicfile"
)

// The names of the files that Lab.Fit writes.
const (
	LogFile = "log.csv"
	Weights = "model.safetensors"
)

// A Course is a schedule of training: the learning rate follows a half cosine down to 0, step by step, with a linear warmup,
// and the weights of the best epoch are kept.
type Course struct {
	Epochs   int    // maximum number of epochs
	Warmup   int    // epochs in which the learning rate rises, at most Epochs-1
	Batch    int    // samples per step
	Patience int    // epochs without improvement after which training ends
	Highest  string // log name to maximize, such as valid_accuracy; "" means to minimize valid_loss
	Log      string // path of a CSV file with a line per epoch; "" means none

	More []graph.Callback // called after all others
}

// Fit trains a model and prints its progress. Ctrl-C ends the training, but not the lab.
func (c Course) Fit(l *Lab, m *graph.Model, train, valid graph.Dataset) (graph.History, Training, error) {
	watch := &Stopwatch{}
	best := &callbacks.EarlyStopping{Monitor: c.Highest, Maximize: c.Highest != "", Patience: c.Patience, RestoreBest: true}
	list := []graph.Callback{&callbacks.CosineDecay{Warmup: min(c.Warmup, c.Epochs-1), PerStep: true}, best, watch}
	if c.Log != "" {
		list = append(list, &callbacks.CSVLog{Path: c.Log})
	}
	history, err := m.Fit(l.Context, train, graph.FitConfig{
		Epochs: c.Epochs, BatchSize: c.Batch, Valid: valid,
		Callbacks: append(append(list, &callbacks.Progress{Writer: l.Stdout}), c.More...),
	})
	training, err := l.Finish(watch, best.BestEpoch, err)
	return history, training, err
}

// Fit trains the experiment's model according to the flags, and writes LogFile and Weights. The best epoch, whose weights are
// kept, has the highest value of the log name highest, or if that is "", the lowest valid_loss. The callbacks more come last.
func (l *Lab) Fit(m *graph.Model, train, valid graph.Dataset, highest string, more ...graph.Callback) (graph.History, Training, error) {
	c := Course{Epochs: l.Epochs, Warmup: l.Warmup, Batch: l.Batch, Patience: l.Patience, Highest: highest, Log: l.Path(LogFile), More: more}
	history, training, err := c.Fit(l, m, train, valid)
	if err == nil {
		err = save(l.Path(Weights), m)
	}
	return history, training, err
}

// save writes a model to a file; only its weights if the network contains functions, which no file can hold.
func save(path string, m *graph.Model) error {
	if m.Portable() == nil {
		return m.SaveFile(path)
	}
	return atomicfile.Write(path, func(w io.Writer) error { return graph.WriteWeights(w, m.Weights(), nil) })
}
