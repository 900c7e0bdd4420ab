package callbacks

import (
	"errors"
	"fmt"

	"github.com/nndiy/nndiy/graph"
)

// Tee is several callbacks as one, called in order:
//
//	callbacks.Tee{&callbacks.Progress{}, &callbacks.JSONL{Path: "log.jsonl"}, &callbacks.TensorBoard{Dir: "runs/1"}}
//
// All of them see every event, whatever one of them returns, as Fit has it: a logger whose disk is full keeps no other from
// closing its file. All errors are returned, joined; graph.Stop counts only if there is none.
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

// State implements graph.Stateful: the states of those that have one, by their numbers and types.
func (t Tee) State() graph.State {
	state := graph.State{}
	for i, c := range t {
		if c, ok := c.(graph.Stateful); ok {
			state[fmt.Sprintf("%d %T", i, c)] = c.State()
		}
	}
	return state
}
