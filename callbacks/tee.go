package callbacks

import (
	"errors"
	"fmt"

	"github.com/nndiy/nndiy/graph"
)

// Tee combines several callbacks in one. They are called in order:
//
//	callbacks.Tee{&callbacks.Progress{}, &callbacks.JSONL{Path: "log.jsonl"}, &callbacks.TensorBoard{Dir: "runs/1"}}
//
// As in Fit, all of them see every event, whatever the others return: a logger whose disk is full does not keep another from
// closing its file. Tee joins all errors; it returns graph.Stop only if there are none.
type Tee []graph.Callback

var _ graph.Stateful = Tee(nil)

// Handle implements graph.Callback.
func (t Tee) Handle(r *graph.Run, e graph.Event) error {
	var failed []error
	var stop error
	for i, c := range t {
		if c == nil {
			failed = append(failed, fmt.Errorf("callbacks: Tee: callback %d: got nil, want a callback", i))
			continue
		}
		switch err := c.Handle(r, e); {
		case err == nil:
		case errors.Is(err, graph.Stop):
			stop = err
		default:
			failed = append(failed, fmt.Errorf("callbacks: Tee: callback %d (%T): %w", i, c, err))
		}
	}
	switch len(failed) {
	case 0:
		return stop
	case 1:
		return failed[0]
	}
	return errors.Join(failed...)
}

// State implements graph.Stateful: the states of the callbacks that are Stateful, by their numbers and types.
func (t Tee) State() graph.Saved {
	state := graph.Saved{}
	for i, c := range t {
		if c, ok := c.(graph.Stateful); ok {
			state[fmt.Sprintf("%d %T", i, c)] = c.State()
		}
	}
	return state
}
