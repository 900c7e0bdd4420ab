package main

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A whole is an element type of whole numbers.
type whole interface {
	int8 | int16 | int32 | int64 | uint16 | uint32 | uint64
}

// convert returns a slice of any numbers as one of T, each the nearest there is, in the memory of space if that is enough. A
// number that is finite and too large for T is an error.
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
	return nil, fmt.Errorf("got elements as in %T, want numbers", data)
}

func narrowed[T, S float](space []T, data []S) ([]T, error) {
	space = slices.Grow(space[:0], len(data))[:len(data)]
	for i, v := range data {
		space[i] = T(v)
		if math.IsInf(float64(space[i]), 0) && !math.IsInf(float64(v), 0) {
			return nil, errors.New("got a number that is out of the range of the model's")
		}
	}
	return space, nil
}

func widened[T float, S whole](space []T, data []S) []T {
	space = slices.Grow(space[:0], len(data))[:len(data)]
	for i, v := range data {
		space[i] = T(v)
	}
	return space
}
