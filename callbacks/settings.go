package callbacks

import (
	"fmt"
	"math"
)

// or returns value, or fallback if value is 0.
func or[T int | float64](value, fallback T) T {
	if value == 0 {
		return fallback
	}
	return value
}

// A setting is a field of a callback, with the values that it may have: from 0 to most.
type setting struct {
	name        string
	value, most float64
}

// count is a setting that is a number of epochs.
func count(name string, value int) setting { return setting{name, float64(value), math.MaxInt} }

// size is a setting that is any finite number from 0.
func size(name string, value float64) setting { return setting{name, value, math.MaxFloat64} }

// check returns an error that names the first setting that is out of its range, or nil.
func check(callback string, settings ...setting) error {
	for _, s := range settings {
		if s.value >= 0 && s.value <= s.most { // false for NaN
			continue
		}
		want := "a finite number of at least 0"
		if s.most == 1 {
			want = "at least 0 and at most 1"
		}
		return fmt.Errorf("callbacks: %s: %s is %v, want %s", callback, s.name, s.value, want)
	}
	return nil
}
