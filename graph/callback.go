package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Logs maps names to measured values. In training the names are "train_loss", "valid_accuracy", "learning_rate" and so on;
// Evaluate returns "loss", "accuracy" and so on. Names come from losses, metrics and Scope.Log.
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

// Stop ends training without an error when a Callback returns it. The other callbacks still get the event.
//
//lint:ignore ST1012 Stop is not a failure; compare fs.SkipAll
var Stop = errors.New("graph: stop training")

// ErrDiverged is wrapped by the error of a Fit whose loss or weights became NaN or infinite.
var ErrDiverged = errors.New("training diverged")

// An Event is a point in training at which Fit calls the callbacks.
type Event int

// The events, in the order in which Fit sends them. TrainEnd is sent in any case, also when training ends with an error.
const (
	TrainBegin Event = iota
	EpochBegin
	StepBegin
	StepEnd
	ValidBegin // before each validation; the model has the weights that are validated
	ValidEnd   // Run.ValidLogs is complete
	EpochEnd   // after validation; Run.Logs is complete
	TrainEnd
)

var eventNames = [...]string{"TrainBegin", "EpochBegin", "StepBegin", "StepEnd", "ValidBegin", "ValidEnd", "EpochEnd", "TrainEnd"}

// String returns the name of the constant.
func (e Event) String() string {
	if e < 0 || int(e) >= len(eventNames) {
		return fmt.Sprintf("Event(%d)", int(e))
	}
	return eventNames[e]
}

// A Callback handles the events of a training run. Returning Stop ends training; any other error ends it and is returned
// by Fit. A callback that keeps state resets it at TrainBegin. Fit does not recover panics of callbacks, metrics and
// datasets; a panic of a layer or a loss becomes an error.
type Callback interface{ Handle(r *Run, e Event) error }

// A CallbackFunc is a function that implements Callback.
type CallbackFunc func(r *Run, e Event) error

// Handle implements Callback.
func (f CallbackFunc) Handle(r *Run, e Event) error { return f(r, e) }

// A Run is the state of one call of Fit, as callbacks see it.
type Run struct {
	Model     *Model    // the model in training
	Config    FitConfig // as given to Fit, with defaults filled in
	Epoch     int       // number of the epoch, from 1; 0 at TrainBegin
	Step      int       // number of the last step within the epoch, from 1; 0 before the first step has ended
	Steps     int       // steps in an epoch
	Total     int       // training steps of the model so far, over all calls of Fit; files keep the count
	Samples   int       // samples seen so far in this epoch
	Size      int       // samples in an epoch
	Rate      float64   // the learning rate of the next step; a callback may change it
	Loss      float64   // mean training loss of the epoch so far; NaN while nothing has counted, as in batches of padding
	StepLoss  float64   // training loss of the last step; NaN if nothing in its batch counts
	Logs      Logs      // logs of the last epoch that ended; empty before
	ValidLogs Logs      // logs of the last validation, such as "valid_loss"; nil before
	History   History   // the epochs that have ended

	// GradientNorms has the Euclidean norm of the gradient of each parameter that is trained, by the parameter's name, before
	// clipping. It is set at the StepEnd of the update that MeasureGradients asked for; else it is nil.
	GradientNorms Logs

	// Waited is the time that this call of Fit has waited for batches of the training data. callbacks.Waiting logs it.
	Waited time.Duration

	Err     error // at TrainEnd: why training ended early, or nil; a callback that has dealt with it sets it to nil
	Resumed bool  // Fit resumes from a checkpoint; History then has the epochs before it, already at TrainBegin

	// Rank is that of this process in FitConfig.Group, 0 without one. Callbacks with effects outside of training, such as files or
	// lines on a terminal, leave them out unless it is 0. SaveFile does so, and those of package callbacks.
	Rank int

	fit   *fitting
	after []func() error
}

// Log returns the value with the given name from Logs. An unknown name is an error that lists the known ones.
func (r *Run) Log(name string) (float64, error) {
	if v, ok := r.Logs[name]; ok {
		return v, nil
	}
	return 0, fmt.Errorf("got log name %q, want one of %s", name, strings.Join(r.Logs.Names(), ", "))
}

// MeasureGradients asks for the norms of the gradients of the next update, which costs a pass over the gradients. Call it at
// StepBegin; GradientNorms has the norms at StepEnd. With FitConfig.Accumulate they are those of the mean gradient, at the StepEnd
// of the step that updates, and the update with the batches that are left at the end of an epoch does not count.
func (r *Run) MeasureGradients() {
	if r.fit != nil {
		r.fit.updater.measure = true
	}
}

// A History holds what a training run measured.
type History struct {
	Logs []Logs // one for each epoch that ended
}

// Series returns the values of one log name, an element for each epoch whose logs have it.
func (h History) Series(name string) []float64 {
	var s []float64
	for _, l := range h.Logs {
		if v, ok := l[name]; ok {
			s = append(s, v)
		}
	}
	return s
}

// A Saved holds the state of a callback under names. Each value is a pointer to a number (NaN and infinities included), a
// bool, a string, Weights, a *Tensor, or a slice, map or struct of these; or a nested Saved, which groups entries.
type Saved = map[string]any

// A Stateful is a Callback whose state is stored in checkpoints. State returns pointers to it, always under the same names.
// They are read when a checkpoint is written, and set on resume, after the callback has handled TrainBegin; so what
// TrainBegin computes from the Run need not be saved.
//
//	func (c *counter) State() graph.Saved { return graph.Saved{"best": &c.best, "waited": &c.waited} }
type Stateful interface {
	Callback
	State() Saved
}
