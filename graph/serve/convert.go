package serve

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

// An integer is an integer element type.
type integer interface {
	int8 | int16 | int32 | int64 | uint16 | uint32 | uint64
}

// convert returns a slice of any numeric type as a slice of T, each element rounded to the nearest, in the memory of space if
// it fits. It returns an error for a finite number that is out of T's range.
func convert[T float](space []T, data any) ([]T, error) {
	switch data := data.(type) {
	case []float32:
		return narrowed(space, data)
	case []float64:
		return narrowed(space, data)
	case []uint8:
		space = slices.Grow(space[:0], len(data))[:len(data)]
		kernels.FromBytes(space, data)
		return space, nil
	case []int8:
		return widened(space, data), nil
	case []int16:
		return widened(space, data), nil
	case []uint16:
		return widened(space, data), nil
	case []int32:
		return widened(space, data), nil
	case []uint32:
		return widened(space, data), nil
	case []int64:
		return widened(space, data), nil
	case []uint64:
		return widened(space, data), nil
	}
	return space, fmt.Errorf("got elements of %T, want numbers", data)
}

// narrowed converts floats, and checks their range.
func narrowed[T, S float](space []T, data []S) ([]T, error) {
	space = slices.Grow(space[:0], len(data))[:len(data)]
	for i, v := range data {
		space[i] = T(v)
		if math.IsInf(float64(space[i]), 0) && !math.IsInf(float64(v), 0) {
			return space, errors.New("got a number out of range, want one within the range of the model's element type")
		}
	}
	return space, nil
}

// widened converts integers, which are all within T's range.
func widened[T float, S integer](space []T, data []S) []T {
	space = slices.Grow(space[:0], len(data))[:len(data)]
	for i, v := range data {
		space[i] = T(v)
	}
	return space
}
