package lab

import (
	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// The files that Lab.Fit writes.
const (
	LogFile = "log.csv"
	Weights = "model.safetensors"
)

// A Course is a way to train a model: the learning rate goes down by half a wave of a cosine, step by step, and the weights
// of the best epoch are kept.
type Course struct {
	Epochs   int    // at most
	Warmup   int    // epochs in which the rate rises first, if there are more than these
	Batch    int    // samples in a step
	Patience int    // epochs without improvement after which training ends
	Highest  string // log name that is the highest in the best epoch; "" means that valid_loss is the lowest there
	Log      string // path of a CSV file with a line for each epoch; "" is none
}

// Fit trains a model. Ctrl-C ends the training, but not the lab.
func (c Course) Fit(l *Lab, m *graph.Model, train, valid graph.Dataset) (graph.History, Training, error) {
	watch := &Stopwatch{}
	best := &callbacks.EarlyStopping{Monitor: c.Highest, Maximize: c.Highest != "", Patience: c.Patience, RestoreBest: true}
	list := []graph.Callback{&callbacks.CosineDecay{Warmup: min(c.Warmup, c.Epochs-1), PerStep: true}, best, watch}
	if c.Log != "" {
		list = append(list, &callbacks.CSVLog{Path: c.Log})
	}
	history, err := m.Fit(l.Context, train, graph.FitConfig{
		Epochs: c.Epochs, BatchSize: c.Batch, Valid: valid,
		Callbacks: append(list, &callbacks.Progress{Writer: l.Stdout}),
	})
	training, err := l.Finish(watch, best.BestEpoch, err)
	return history, training, err
}

// Fit trains the experiment's model as the flags say, and writes the log and the weights. The best epoch is the one in which
// the log value named highest is, or if that is "", in which valid_loss is the lowest.
func (l *Lab) Fit(m *graph.Model, train, valid graph.Dataset, highest string) (graph.History, Training, error) {
	c := Course{Epochs: l.Epochs, Warmup: l.Warmup, Batch: l.Batch, Patience: l.Patience, Highest: highest, Log: l.Path(LogFile)}
	history, training, err := c.Fit(l, m, train, valid)
	if err == nil {
		err = m.SaveFile(l.Path(Weights))
	}
	return history, training, err
}
