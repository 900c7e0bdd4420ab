// Package plane is the pane of points in the plane: a small network, or two with different optimizers, learns which class a point
// belongs to.
package plane

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Settings are what the controls of the pane set. The zero value is not valid; see defaults.
type Settings struct {
	Data           string       `json:"data"`   // a name of sets, or own
	Noise          float64      `json:"noise"`  // standard deviation, 0 to 0.5
	Own            [][3]float64 `json:"own"`    // points that the user added: x, y, class; every fifth one is for validation
	Layers         []int        `json:"layers"` // units of the hidden layers
	Activation     string       `json:"activation"`
	Optimizer      string       `json:"optimizer"`
	Rate           float64      `json:"rate"`
	Rival          string       `json:"rival"` // the optimizer of a second network; "" means none
	RivalRate      float64      `json:"rivalRate"`
	Regularization string       `json:"regularization"` // none, L1 or L2, of the weights
	Strength       float64      `json:"strength"`
	Batch          int          `json:"batch"`
	Epochs         int          `json:"epochs"` // where training stops
	Seed           uint64       `json:"seed"`
}

// defaults returns the settings at the start.
func defaults() Settings {
	return Settings{
		Data: "moons", Noise: 0.05, Layers: []int{16, 16}, Activation: "tanh", Optimizer: "Adam", Rate: 0.01, RivalRate: 0.03,
		Regularization: "none", Strength: 1e-3, Batch: 10, Epochs: 1000, Seed: 1,
	}
}

const own = "own"

// check returns an error unless the settings are valid.
func (s Settings) check() error {
	number := func(name string, v, lo, hi float64) error {
		if !(v >= lo && v <= hi) {
			return fmt.Errorf("%s: got %v, want %v to %v", name, v, lo, hi)
		}
		return nil
	}
	name := func(what, v string, names []string) error {
		if !slices.Contains(names, v) {
			return fmt.Errorf("%s: got %.40q, want one of %s", what, v, strings.Join(names, ", "))
		}
		return nil
	}
	errs := []error{
		name("data", s.Data, append(slices.Sorted(maps.Keys(sets)), own)),
		number("noise", s.Noise, 0, 0.5),
		number("number of own points", float64(len(s.Own)), 0, 1000),
		number("number of hidden layers", float64(len(s.Layers)), 0, 5),
		name("activation", s.Activation, slices.Sorted(maps.Keys(activations))),
		name("optimizer", s.Optimizer, slices.Sorted(maps.Keys(optimizers))),
		number("rate", s.Rate, 0, 100),
		number("rate of the rival", s.RivalRate, 0, 100),
		name("regularization", s.Regularization, []string{"none", "L1", "L2"}),
		number("strength", s.Strength, 0, 10),
		number("batch", float64(s.Batch), 1, 1000),
		number("epochs", float64(s.Epochs), 1, 1e6),
	}
	if s.Rival != "" {
		errs = append(errs, name("rival", s.Rival, slices.Sorted(maps.Keys(optimizers))))
	}
	for _, units := range s.Layers {
		errs = append(errs, number("units", float64(units), 1, 16))
	}
	for _, p := range s.Own {
		errs = append(errs, number("x of a point", p[0], -10, 10), number("y of a point", p[1], -10, 10))
		if p[2] != 0 && p[2] != 1 {
			errs = append(errs, fmt.Errorf("class of a point: got %v, want 0 or 1", p[2]))
		}
	}
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("plane: %w", err)
		}
	}
	return nil
}
