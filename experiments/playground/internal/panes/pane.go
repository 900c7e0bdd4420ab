// Package panes defines what a pane of the playground is to the program in the page: something that answers messages and trains
// in between. Nothing here knows a browser, so that tests run natively.
package panes

import (
	"encoding/json"
	"fmt"
	"time"
)

// A Pane is one pane of the page. Its methods are never called at the same time.
type Pane interface {
	// Handle answers a message of the page: op names what it wants, args are its arguments.
	Handle(op string, args json.RawMessage) (Reply, error)

	// Step trains until the given time, or somewhat longer than that, if training was started, and reports whether it was.
	Step(until time.Time) (running bool, err error)
}

// A Reply is the answer to a message. The receiver copies it before it calls the pane again.
type Reply struct {
	Value  any                  // becomes JSON
	Arrays map[string][]float32 // become Float32Arrays, for figures that are too many for JSON
}

// Decode reads the arguments of a message; unknown fields are ignored, and without arguments nothing changes.
func Decode(args json.RawMessage, to any) error {
	if len(args) == 0 {
		return nil
	}
	if err := json.Unmarshal(args, to); err != nil {
		return fmt.Errorf("got arguments %.100s: %w", args, err)
	}
	return nil
}

// Unknown is the error of a pane that does not know a message.
func Unknown(op string) error {
	return fmt.Errorf("got the message %q, want one that this pane knows", op)
}
