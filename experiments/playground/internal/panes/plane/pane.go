package plane

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/graph"
)

// A Pane is the state of the pane.
type Pane struct {
	settings       Settings
	racers         []*racer // one, or two in a race; none without points
	train, valid   [][3]float64
	decision, maps *graph.Tensor

	running bool
	speed   float64 // steps a second; 0 means as many as possible
	due     time.Time
	rate    panes.Meter
}

var _ panes.Pane = (*Pane)(nil)

// New returns the pane with its first network.
func New() *Pane { return &Pane{decision: grid(side), maps: grid(mapSide)} }

// Handle answers these messages:
//
//	set    Settings: makes new networks; it returns the settings, the code and the points
//	run    {on, speed}: starts or stops training
//	step   trains on one batch, {epoch: true} on the rest of the epoch
//	frame  returns what the networks look like now
func (p *Pane) Handle(op string, args json.RawMessage) (panes.Reply, error) {
	switch op {
	case "set":
		return p.set(args)
	case "run":
		var a struct {
			On    bool    `json:"on"`
			Speed float64 `json:"speed"`
		}
		if err := panes.Decode(args, &a); err != nil {
			return panes.Reply{}, err
		}
		p.running, p.speed, p.due = a.On && len(p.racers) > 0, a.Speed, time.Now()
		p.rate.Reset()
		return panes.Reply{}, nil
	case "step":
		var a struct {
			Epoch bool `json:"epoch"`
		}
		if err := panes.Decode(args, &a); err != nil {
			return panes.Reply{}, err
		}
		err := p.advance()
		for err == nil && a.Epoch && p.racers[0].batches > 0 {
			err = p.advance()
		}
		return panes.Reply{}, err
	case "frame":
		return p.frame()
	}
	return panes.Reply{}, panes.Unknown(op)
}

// set begins anew with other settings.
func (p *Pane) set(args json.RawMessage) (panes.Reply, error) {
	s := defaults()
	if err := panes.Decode(args, &s); err != nil {
		return panes.Reply{}, err
	}
	if err := s.check(); err != nil {
		return panes.Reply{}, err
	}
	train, valid := s.data()
	var racers []*racer
	if len(train) > 0 {
		a, b := arrays(train), graph.Arrays{}
		if len(valid) > 0 {
			b = arrays(valid)
		}
		for i, optimizer := range []string{s.Optimizer, s.Rival} {
			if optimizer == "" {
				continue
			}
			r, err := newRacer(s, a, b, optimizer, []float64{s.Rate, s.RivalRate}[i])
			if err != nil {
				return panes.Reply{}, err
			}
			racers = append(racers, r)
		}
	}
	p.close()
	p.settings, p.racers, p.train, p.valid = s, racers, train, valid
	p.running = p.running && len(racers) > 0
	p.rate.Reset()
	return panes.Reply{
		Value:  map[string]any{"settings": s, "code": s.Code(), "extent": extent, "side": side, "mapSide": mapSide},
		Arrays: map[string][]float32{"train": flat(train), "valid": flat(valid)},
	}, nil
}

// flat returns points as numbers: x, y, class and so on.
func flat(points [][3]float64) []float32 {
	list := make([]float32, 0, 3*len(points))
	for _, p := range points {
		list = append(list, float32(p[0]), float32(p[1]), float32(p[2]))
	}
	return list
}

func (p *Pane) close() {
	for _, r := range p.racers {
		r.close()
	}
}

// advance trains every network on one batch.
func (p *Pane) advance() error {
	if len(p.racers) == 0 {
		return errors.New("plane: got no points, want at least one: click into the plane")
	}
	for _, r := range p.racers {
		if err := r.advance(context.Background()); err != nil {
			p.running = false
			return err
		}
	}
	return nil
}

// Step implements panes.Pane.
func (p *Pane) Step(until time.Time) (running bool, err error) {
	steps := 0
	for p.running {
		now := time.Now()
		if !now.Before(until) {
			break
		}
		if p.speed > 0 {
			if now.Before(p.due) {
				time.Sleep(min(p.due.Sub(now), until.Sub(now)))
				continue
			}
			p.due = p.due.Add(time.Duration(float64(time.Second) / p.speed))
			if p.due.Before(now) {
				p.due = now
			}
		}
		if err := p.advance(); err != nil {
			return false, err
		}
		steps++
		if r := p.racers[0]; r.epoch >= p.settings.Epochs && r.batches == 0 {
			p.running = false
		}
	}
	p.rate.Add(steps)
	return p.running, nil
}

// frame returns what the networks look like.
func (p *Pane) frame() (panes.Reply, error) {
	arrays := map[string][]float32{}
	frames := []racerFrame{}
	for i, r := range p.racers {
		f, err := r.frame(arrays, []string{"a/", "b/"}[i], p.decision, p.maps, len(p.settings.Layers))
		if err != nil {
			return panes.Reply{}, err
		}
		frames = append(frames, f)
	}
	return panes.Reply{
		Value:  map[string]any{"racers": frames, "running": p.running, "rate": p.rate.PerSecond()},
		Arrays: arrays,
	}, nil
}
