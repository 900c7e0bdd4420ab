// Package choose provides flags that select a value by its name, and flags for the activations and optimizers of the
// experiments.
package choose

import (
	"fmt"
	"strings"
)

// An Option is a value and its name.
type Option[T any] struct {
	Name  string
	Value T
}

// A Flag is a flag.Value that selects one of several options; the default is the first.
type Flag[T any] struct {
	options []Option[T]
	chosen  int
}

// Of returns a flag of the given options.
func Of[T any](options ...Option[T]) *Flag[T] { return &Flag[T]{options: options} }

// Set implements flag.Value.
func (f *Flag[T]) Set(name string) error {
	for i, o := range f.options {
		if o.Name == name {
			f.chosen = i
			return nil
		}
	}
	return fmt.Errorf("want %s", f.Names())
}

// String implements flag.Value: it returns the name of the chosen option.
func (f *Flag[T]) String() string {
	if f == nil || len(f.options) == 0 { // package flag calls String on a zero value
		return ""
	}
	return f.options[f.chosen].Name
}

// MarshalText implements encoding.TextMarshaler: the name of the chosen option.
func (f *Flag[T]) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Value returns the value of the chosen option.
func (f *Flag[T]) Value() T { return f.options[f.chosen].Value }

// Names returns the names of the options for a usage message: "a, b or c".
func (f *Flag[T]) Names() string {
	names := make([]string, len(f.options))
	for i, o := range f.options {
		names[i] = o.Name
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " or " + names[last]
	}
	return strings.Join(names, "")
}
