package trainer

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
)

// A Session trains a pane's own network. It implements panes.Pane with the messages that all such panes have:
//
//	load {digits, weights}            the files, in base64: the first message
//	set {network, rate, batch, seed}  begins a new network
//	run {on}                          begins or ends training
//	step {count}                      trains for some steps
//	state                             reports the progress of training
type Session struct {
	Pane     string // the pane's name, for errors
	Settings Settings
	Load     func(digits, weights []byte) error
	Begin    func(s Settings) (*Trainer, error) // makes a new network; on an error nothing changes
	State    func() panes.Reply
	Answer   func(op string, args json.RawMessage) (panes.Reply, error) // answers the other messages

	Train *Trainer // nil before load
}

// Handle implements panes.Pane.
func (s *Session) Handle(op string, args json.RawMessage) (panes.Reply, error) {
	if op != "load" && s.Train == nil {
		return panes.Reply{}, fmt.Errorf("%s: got the message %q before load", s.Pane, op)
	}
	r, err := s.handle(op, args)
	if err != nil {
		err = fmt.Errorf("%s: %s: %w", s.Pane, op, err)
	}
	return r, err
}

func (s *Session) handle(op string, args json.RawMessage) (panes.Reply, error) {
	a := struct {
		Settings
		Digits, Weights []byte
		On              bool
		Count           int
	}{Settings: s.Settings, Count: 1}
	err := panes.Decode(args, &a)
	if err != nil {
		return panes.Reply{}, err
	}
	switch op {
	case "load":
		if err = s.Load(a.Digits, a.Weights); err == nil {
			err = s.begin(s.Settings)
		}
	case "set":
		err = s.begin(a.Settings)
	case "run":
		s.Train.Run(a.On)
	case "step":
		err = s.Train.Train(a.Count)
	case "state":
	default:
		return s.Answer(op, args)
	}
	if err != nil {
		return panes.Reply{}, err
	}
	return s.State(), nil
}

// begin makes a new network with the settings.
func (s *Session) begin(settings Settings) error {
	if err := settings.Check(); err != nil {
		return err
	}
	train, err := s.Begin(settings)
	if err != nil {
		return err
	}
	if s.Train != nil {
		s.Train.Close()
	}
	s.Settings, s.Train = settings, train
	return nil
}

// Step implements panes.Pane.
func (s *Session) Step(until time.Time) (bool, error) {
	if s.Train == nil {
		return false, nil
	}
	more, err := s.Train.Slice(until)
	if err != nil {
		err = fmt.Errorf("%s: %w", s.Pane, err)
	}
	return more, err
}
