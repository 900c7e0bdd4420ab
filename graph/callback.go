package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Logs maps the name of a measured value to the value: "train_loss", "valid_accuracy", "learning_rate" in training, "loss",
// "accuracy" from Evaluate.
type Logs map[string]float64

// Names returns the names in alphabetical order.
func (l Logs) Names() []string {
	names := make([]string, 0, len(l))
	for name := range l {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Stop is what a Callback returns to end training without an error. The other callbacks still see the event.
//
//lint:ignore ST1012 it is no failure; compare fs.SkipAll
var Stop = errors.New("graph: stop training")

// ErrDiverged is in the error of a Fit whose loss or weights became NaN or infinite.
var ErrDiverged = errors.New("training diverged")

// An Event is a moment of training at which callbacks are called.
type Event int

// The events, in the order in which Fit sends them. TrainEnd is always sent, also when training ends by an error.
const (
	TrainBegin Event = iota
	EpochBegin
	StepEnd
	EpochEnd // after validation; Run.Logs is complete
	TrainEnd
)

var eventNames = [...]string{"TrainBegin", "EpochBegin", "StepEnd", "EpochEnd", "TrainEnd"}

// String returns the name of the constant.
func (e Event) String() string {
	if e < 0 || int(e) >= len(eventNames) {
		return fmt.Sprintf("Event(%d)", int(e))
	}
	return eventNames[e]
}

// A Callback is called at each event of a training run. Returning Stop ends training; any other error ends it and is
// returned by Fit. A callback that keeps state resets it at TrainBegin. Its panics are not caught, nor those of metrics and data
// sets; what is built into the graph, layers and losses, has an error instead.
type Callback interface{ Handle(r *Run, e Event) error }

// CallbackFunc makes a function a Callback.
type CallbackFunc func(r *Run, e Event) error

// Handle implements Callback.
func (f CallbackFunc) Handle(r *Run, e Event) error { return f(r, e) }

// A Run is the state of one call of Fit, as callbacks see it.
type Run struct {
	Model   *Model    // the model in training
	Config  FitConfig // as given to Fit, defaults filled in
	Epoch   int       // the epoch, from 1; 0 at TrainBegin
	Step    int       // the step within the epoch, from 1; 0 at EpochBegin
	Steps   int       // steps in an epoch
	Total   int       // steps since the model was compiled, over all calls of Fit
	Samples int       // samples seen in this epoch
	Size    int       // samples in an epoch
	Rate    float64   // the learning rate of the next step; a callback may change it
	Loss    float64   // mean training loss of the epoch so far
	Logs    Logs      // at EpochEnd and TrainEnd: the values of the last whole epoch
	History History   // the epochs that have ended
	Err     error     // at TrainEnd: why training ended early, or nil
	Resumed bool      // the training goes on from a checkpoint; from TrainBegin on the History has the epochs before it

	fit   *fitting
	after []func() error
}

// Log returns the value of the last epoch with the given name. An unknown name is an error that lists the known ones.
func (r *Run) Log(name string) (float64, error) {
	if v, ok := r.Logs[name]; ok {
		return v, nil
	}
	return 0, fmt.Errorf("unknown log name %q, want one of %s", name, strings.Join(r.Logs.Names(), ", "))
}

// History is what a training run measured.
type History struct {
	Logs []Logs // one for each epoch that ended
}

// Series returns the values of one log name, an element for each epoch that has it.
func (h History) Series(name string) []float64 {
	var s []float64
	for _, l := range h.Logs {
		if v, ok := l[name]; ok {
			s = append(s, v)
		}
	}
	return s
}

// A Saved names what a callback keeps: each entry is a pointer to a number, a truth value, a text, or a list, map or struct
// of these; Weights and *Tensor go as well. A Saved in it groups entries. NaN and infinities are numbers too.
type Saved = map[string]any

// A Stateful is a Callback whose state belongs to a checkpoint of the training: State returns pointers to it, always under
// the same names. They are read when a checkpoint is written. When a training goes on from one they are set, after the
// callback has seen TrainBegin; what a callback computes of the Run at TrainBegin needs not be among them.
//
//	func (c *counter) State() graph.State { return graph.State{"best": &c.best, "waited": &c.waited} }
type Stateful interface {
	Callback
	State() Saved
}
