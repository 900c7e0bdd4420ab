package metrics

import (
	"fmt"
	"slices"
)

// sameShape returns an error if the shapes differ, except for a last dimension of 1.
func sameShape(pred, target []int) error {
	if len(pred) == 0 || !slices.Equal(flat(pred), flat(target)) {
		return fmt.Errorf("got targets of shape %v for predictions of shape %v, want the same shape", target, pred)
	}
	return nil
}

// prefix puts the names of the package and the metric in front of an error; nil stays nil.
func prefix(metric string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("metrics: %s: %w", metric, err)
}

// size returns the number of elements of a shape.
func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// flat returns shape without its last dimension if that is 1, so that (n,1) equals (n); the only dimension stays.
func flat(shape []int) []int {
	if last := len(shape) - 1; last > 0 && shape[last] == 1 {
		return shape[:last]
	}
	return shape
}
