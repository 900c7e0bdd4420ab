// Package draw is the pane in which you draw a digit, and a network says which one it is. A network was trained before,
// on all of MNIST; the pane trains another.
package draw

import (
	"encoding/json"

	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/ink"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
)

// A Pane implements panes.Pane. Beside those of a trainer.Session its messages are
//
//	read {strokes, own, saliency}  reads what was drawn
//	test {index, own, saliency}    reads a test image
type Pane struct {
	trainer.Session
	set   *digits.Set
	ready *reader // trained before
	own   *reader // trained here
}

var _ panes.Pane = (*Pane)(nil)

// New returns the pane before its first message.
func New() *Pane {
	p := new(Pane)
	p.Session = trainer.Session{
		Pane: "draw", Settings: trainer.Settings{Network: "conv", Rate: 0.002, Batch: 32, Seed: 1},
		Load: p.load, Begin: p.begin, State: p.state, Answer: p.answer,
	}
	return p
}

// arguments are those of the messages read and test.
type arguments struct {
	Strokes  []ink.Stroke // of read
	Index    int          // of test: the image
	Own      bool         // by the network that the pane trains
	Saliency bool         // with the saliency
}

func (p *Pane) answer(op string, args json.RawMessage) (panes.Reply, error) {
	var a arguments
	if err := panes.Decode(args, &a); err != nil {
		return panes.Reply{}, err
	}
	switch op {
	case "read":
		return p.drawing(a)
	case "test":
		return p.test(a)
	}
	return panes.Reply{}, panes.Unknown(op)
}
