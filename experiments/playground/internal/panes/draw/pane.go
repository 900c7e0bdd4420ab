// Package draw is the pane in which you draw a digit, and a network says which one it is. A network was trained before,
// on all of MNIST; the pane trains another.
package draw

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/ink"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
)

// A Pane implements panes.Pane. Its messages are
//
//	load {digits, weights}  the files, in base64: the first message
//	set {network, rate, batch, seed}  begins a new network
//	run {on}                begins or ends training
//	step {count}            trains for some steps
//	read {strokes, own, saliency}  reads what was drawn
//	test {index, own, saliency}    reads a test image
//	state                   reports the progress of training
type Pane struct {
	set      *digits.Set
	settings trainer.Settings
	ready    *reader // trained before
	own      *reader // trained here
	train    *trainer.Trainer
}

var _ panes.Pane = (*Pane)(nil)

// New returns the pane before its first message.
func New() *Pane {
	return &Pane{settings: trainer.Settings{Network: "conv", Rate: 0.002, Batch: 32, Seed: 1}}
}

// Handle implements panes.Pane.
func (p *Pane) Handle(op string, args json.RawMessage) (panes.Reply, error) {
	if op != "load" && p.set == nil {
		return panes.Reply{}, fmt.Errorf("draw: got the message %q before load", op)
	}
	r, err := p.handle(op, args)
	if err != nil {
		err = fmt.Errorf("draw: %s: %w", op, err)
	}
	return r, err
}

func (p *Pane) handle(op string, args json.RawMessage) (panes.Reply, error) {
	a := arguments{Settings: p.settings, Count: 1}
	if err := panes.Decode(args, &a); err != nil {
		return panes.Reply{}, err
	}
	switch op {
	case "load":
		return p.load(a.Digits, a.Weights)
	case "set":
		return p.begin(a.Settings)
	case "run":
		p.train.Run(a.On)
		return p.state(), nil
	case "step":
		if err := p.train.Train(a.Count); err != nil {
			return panes.Reply{}, err
		}
		return p.state(), nil
	case "read":
		return p.drawing(a)
	case "test":
		return p.test(a)
	case "state":
		return p.state(), nil
	}
	return panes.Reply{}, panes.Unknown(op)
}

// arguments are those of all messages.
type arguments struct {
	trainer.Settings
	Digits, Weights []byte // of load
	On              bool   // of run
	Count           int    // of step

	Strokes  []ink.Stroke // of read
	Index    int          // of test: the image
	Own      bool         // by the network that the pane trains
	Saliency bool         // with the saliency
}

// Step implements panes.Pane.
func (p *Pane) Step(until time.Time) (bool, error) {
	if p.train == nil {
		return false, nil
	}
	more, err := p.train.Slice(until)
	if err != nil {
		err = fmt.Errorf("draw: %w", err)
	}
	return more, err
}
