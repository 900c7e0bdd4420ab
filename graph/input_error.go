package graph

import (
	"errors"
	"fmt"
	"runtime"
)

// ErrInput is in the error of Predict, Evaluate, Gradients, Step and Fit if the data are to blame: a missing tensor, an unknown name, a
// shape or an element type that does not fit, a class number out of range, a number that is not finite in evaluation. A server
// can answer 400 to these and 500 to all others.
var ErrInput = errors.New("invalid input")

// An inputError is an error of the data, with its own text.
type inputError struct{ error }

func (e inputError) Unwrap() error        { return e.error }
func (e inputError) Is(target error) bool { return target == ErrInput }

// badInput returns err as one of the data.
func badInput(err error) error {
	if err == nil {
		return nil
	}
	return inputError{err}
}

// badRun returns the error of a run of a program as one of the data, unless an op panicked.
func badRun(err error) error {
	var panicked runtime.Error
	if errors.As(err, &panicked) {
		return err
	}
	return badInput(err)
}

// A nonFiniteError is the error of a loss that is not finite because of the data.
type nonFiniteError struct {
	loss float64
	data string // where it has such a number
}

func (e nonFiniteError) Error() string        { return fmt.Sprintf("the loss is %v: %s", e.loss, e.data) }
func (e nonFiniteError) Is(target error) bool { return target == ErrInput }
