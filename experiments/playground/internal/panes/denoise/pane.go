// Package denoise is the pane that removes noise from what you drew. A network was trained before, on all of MNIST; the pane
// trains another.
package denoise

import (
	"encoding/json"

	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/ink"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
	"github.com/nndiy/nndiy/graph"
)

// A Pane implements panes.Pane. Beside those of a trainer.Session its messages are
//
//	clean {strokes, amount, noise, own}  adds noise to what was drawn and removes it
//	test {index, amount, noise, own}     the same with a test image
type Pane struct {
	trainer.Session
	set   *digits.Set
	ready *graph.Model // trained before
	own   *graph.Model // trained here
}

var _ panes.Pane = (*Pane)(nil)

// New returns the pane before its first message.
func New() *Pane {
	p := new(Pane)
	p.Session = trainer.Session{
		Pane: "denoise", Settings: trainer.Settings{Network: "dense", Rate: 0.002, Batch: 32, Seed: 1},
		Load: p.load, Begin: p.begin, State: p.state, Answer: p.answer,
	}
	return p
}

// arguments are those of the messages clean and test.
type arguments struct {
	Strokes []ink.Stroke // of clean
	Index   int          // of test: the image
	Amount  float64      // probability that a pixel is replaced
	Noise   uint64       // seed of the noise
	Own     bool         // by the network that the pane trains
}

func (p *Pane) answer(op string, args json.RawMessage) (panes.Reply, error) {
	var a arguments
	if err := panes.Decode(args, &a); err != nil {
		return panes.Reply{}, err
	}
	switch op {
	case "clean":
		return p.clean(a)
	case "test":
		return p.test(a)
	}
	return panes.Reply{}, panes.Unknown(op)
}
