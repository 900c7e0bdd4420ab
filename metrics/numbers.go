package metrics

import (
	"errors"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/tensors"
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

// numbersOf returns the elements of a tensor of any numeric type and layout.
func numbersOf(t *graph.Tensor) (numbers, error) {
	t, err := tensors.Floats(t)
	switch {
	case err != nil:
		return numbers{}, err
	case t.Dims() == 0:
		return numbers{}, errors.New("got a scalar, want rows")
	case t.Shape()[0] == 0:
		return numbers{}, errors.New("got no rows, want at least one")
	case t.Dtype() == tensor.Float32:
		return numbers{single: tensors.Data[float32](t)}, nil
	}
	return numbers{double: tensors.Data[float64](t)}, nil
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
