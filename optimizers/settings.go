package optimizers

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph"
)

// rule is what every optimizer of this package is.
type rule interface {
	graph.GradScaler
	Validate() error
}

// or returns value, or fallback if value is 0.
func or(value, fallback float64) float64 {
	if value == 0 {
		return fallback
	}
	return value
}

// A setting is a field of a rule, with the values that it may have: from 0 to most.
type setting struct {
	name        string
	value, most float64
}

// size is a setting that is any finite number from 0.
func size(name string, value float64) setting { return setting{name, value, math.MaxFloat64} }

// share is a setting from 0 to less than 1, also when it is rounded to float32.
func share(name string, value float64) setting { return setting{name, value, 1 - 0x1p-24} }

// check returns an error that names the first setting that is out of its range, or nil.
func check(rule string, settings ...setting) error {
	for _, s := range settings {
		if s.value >= 0 && s.value <= s.most { // false for NaN
			continue
		}
		want := "a finite number of at least 0"
		if s.most < 1 {
			want = "at least 0 and less than 1, also as a float32"
		}
		return fmt.Errorf("optimizers: %s: %s is %v, want %s", rule, s.name, s.value, want)
	}
	return nil
}
