// Package settings checks the numbers that a user sets in the fields of a struct. Each setting has a name, a range, and
// often a default that 0 stands for. NaN is never valid.
package settings

import (
	"fmt"
	"math"
	"reflect"
)

// A Setting is a number that a user has set, and whether it is valid.
type Setting struct {
	Name  string
	Value float64
	Valid bool
	Want  string // the valid numbers, in words
	got   any    // Value as the user set it: an int or a float64
}

// setting returns a Setting of a float64.
func setting(name string, value float64, valid bool, want string, bounds ...any) Setting {
	return Setting{name, value, valid, fmt.Sprintf(want, bounds...), value}
}

// AtLeast returns a setting that must be finite and at least least.
func AtLeast(name string, value, least float64) Setting {
	return setting(name, value, value >= least && value <= math.MaxFloat64, "a finite number of at least %v", least)
}

// Above returns a setting that must be finite and greater than bound.
func Above(name string, value, bound float64) Setting {
	return setting(name, value, value > bound && value <= math.MaxFloat64, "a finite number greater than %v", bound)
}

// Count returns a setting that must be an integer of at least least.
func Count(name string, value, least int) Setting {
	return Setting{name, float64(value), value >= least, fmt.Sprintf("%d or more", least), value}
}

// Finite returns a setting that must be finite.
func Finite(name string, value float64) Setting {
	return setting(name, value, math.Abs(value) <= math.MaxFloat64, "a finite number")
}

// Between returns a setting that must be at least least and at most most.
func Between(name string, value, least, most float64) Setting {
	return setting(name, value, value >= least && value <= most, "at least %v and at most %v", least, most)
}

// HalfOpen returns a setting that must be at least low and less than high.
func HalfOpen(name string, value, low, high float64) Setting {
	return setting(name, value, value >= low && value < high, "at least %v and less than %v", low, high)
}

// Decay returns a setting for the factor of a moving average: at least 0 and less than 1, even when rounded to float32.
func Decay(name string, value float64) Setting {
	return setting(name, value, value >= 0 && value <= 1-0x1p-24, "at least 0 and less than 1, also as a float32")
}

// Inside returns a setting that must be greater than low and less than high.
func Inside(name string, value, low, high float64) Setting {
	return setting(name, value, value > low && value < high, "greater than %v and less than %v", low, high)
}

// Positive returns a setting that must be greater than 0 and at most most.
func Positive(name string, value, most float64) Setting {
	return setting(name, value, value > 0 && value <= most, "greater than 0 and at most %v", most)
}

// OrZero makes 0 valid too. It stands for the default: Value is then fallback.
func (s Setting) OrZero(fallback float64) Setting {
	if s.Value == 0 {
		s.Value, s.Valid = fallback, true
	}
	var zero any = fallback
	if _, integer := s.got.(int); integer {
		zero = int(fallback)
	}
	s.Want += fmt.Sprintf(", or 0 for %v", zero)
	return s
}

// Check returns an error for the first invalid setting, nil if all are valid.
func Check(list ...Setting) error {
	for _, s := range list {
		if !s.Valid {
			return fmt.Errorf("%s: got %v, want %s", s.Name, s.got, s.Want)
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

// IsNil reports whether v is nil, or a nil pointer or a nil function in an interface.
func IsNil(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func:
		return r.IsNil()
	}
	return false
}
