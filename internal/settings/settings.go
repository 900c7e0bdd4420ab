// Package settings checks the numbers that a user sets in the fields of a struct. Each has a name, a range, and often a
// default that 0 stands for. NaN is never valid.
package settings

import (
	"fmt"
	"math"
)

// A Setting is a number that a user has set, and whether it is valid.
type Setting struct {
	Name  string
	Value float64
	Valid bool
	Want  string // the valid numbers, in words
}

// AtLeast is a setting that is a finite number of at least least.
func AtLeast(name string, value, least float64) Setting {
	return Setting{name, value, value >= least && value <= math.MaxFloat64, fmt.Sprintf("a finite number of at least %v", least)}
}

// Above is a setting that is a finite number greater than bound.
func Above(name string, value, bound float64) Setting {
	return Setting{name, value, value > bound && value <= math.MaxFloat64, fmt.Sprintf("a finite number greater than %v", bound)}
}

// Count is a setting that is an integer of at least least.
func Count(name string, value, least int) Setting {
	return Setting{name, float64(value), value >= least, fmt.Sprintf("%d or more", least)}
}

// Finite is a setting that is any finite number.
func Finite(name string, value float64) Setting {
	return Setting{name, value, math.Abs(value) <= math.MaxFloat64, "a finite number"}
}

// Between is a setting that is a number from least to most.
func Between(name string, value, least, most float64) Setting {
	return Setting{name, value, value >= least && value <= most, fmt.Sprintf("at least %v and at most %v", least, most)}
}

// HalfOpen is a setting that is a number from low to high, high excluded.
func HalfOpen(name string, value, low, high float64) Setting {
	return Setting{name, value, value >= low && value < high, fmt.Sprintf("at least %v and less than %v", low, high)}
}

// Decay is a setting that is at least 0 and less than 1, also when it is rounded to float32: the factor of a moving average.
func Decay(name string, value float64) Setting {
	return Setting{name, value, value >= 0 && value <= 1-0x1p-24, "at least 0 and less than 1, also as a float32"}
}

// Inside is a setting that is a number between two bounds, both of them excluded.
func Inside(name string, value, low, high float64) Setting {
	return Setting{name, value, value > low && value < high, fmt.Sprintf("greater than %v and less than %v", low, high)}
}

// Positive is a setting that is a number greater than 0, and at most most.
func Positive(name string, value, most float64) Setting {
	return Setting{name, value, value > 0 && value <= most, fmt.Sprintf("greater than 0 and at most %v", most)}
}

// OrZero makes 0 a valid value, which stands for the default: Value is then fallback.
func (s Setting) OrZero(fallback float64) Setting {
	if s.Value == 0 {
		s.Value, s.Valid = fallback, true
	}
	s.Want += fmt.Sprintf(", or 0 for %v", fallback)
	return s
}

// Check returns an error that names the first setting that is not valid, or nil.
func Check(list ...Setting) error {
	for _, s := range list {
		if !s.Valid {
			return fmt.Errorf("%s: got %v, want %s", s.Name, s.Value, s.Want)
		}
	}
	return nil
}

// CheckIn is Check for the settings of one struct: its error begins with where, such as "optimizers: Adam".
func CheckIn(where string, list ...Setting) error {
	if err := Check(list...); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	return nil
}

// Or returns value, or fallback if value is 0.
func Or[T int | float64](value, fallback T) T {
	if value == 0 {
		return fallback
	}
	return value
}
