package metrics

import (
	"errors"
	"fmt"

	"github.com/nndiy/nndiy/graph"
)

// numbers holds the elements of a tensor, row by row, in one of the slices.
type numbers struct {
	single []float32
	double []float64
}

// at returns element i.
func (n numbers) at(i int) float64 {
	if n.single != nil {
		return float64(n.single[i])
	}
	return n.double[i]
}

// numbersOf returns the elements of t without a copy, or a copy if they are integers or not contiguous.
func numbersOf(t *graph.Tensor) (numbers, error) {
	if t == nil {
		return numbers{}, errors.New("got no tensor")
	}
	if t.RequiresIterator() {
		t = t.Materialize().(*graph.Tensor)
	}
	if t.Dims() == 0 || t.DataOrder().IsColMajor() {
		return numbers{}, fmt.Errorf("got a tensor of shape %v, want a row-major one of at least one dimension", t.Shape())
	}
	switch d := t.Data().(type) {
	case []float32:
		return numbers{single: d}, nil
	case []float64:
		return numbers{double: d}, nil
	case []int:
		return integers(d), nil
	case []int64:
		return integers(d), nil
	case []int32:
		return integers(d), nil
	case []uint8:
		return integers(d), nil
	}
	return numbers{}, fmt.Errorf("got elements of %v, want float32, float64, int, int64, int32 or uint8", t.Dtype())
}

// integers converts integers to numbers.
func integers[T int | int64 | int32 | uint8](d []T) numbers {
	n := numbers{double: make([]float64, len(d))}
	for i, v := range d {
		n.double[i] = float64(v)
	}
	return n
}

// pair returns the elements of predictions and targets.
func pair(pred, target *graph.Tensor) (p, t numbers, err error) {
	if p, err = numbersOf(pred); err != nil {
		return p, t, fmt.Errorf("predictions: %w", err)
	}
	if t, err = numbersOf(target); err != nil {
		return p, t, fmt.Errorf("targets: %w", err)
	}
	return p, t, nil
}
