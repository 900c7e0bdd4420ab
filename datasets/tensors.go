package datasets

import (
	"errors"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/tensors"
)

// dense returns a row-major tensor over data.
func dense[T graph.Float](data []T, shape ...int) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// elements returns the elements of x, of any numeric type and layout, in row-major order, as []float32 or []float64: the
// memory of x if it has them so, else a copy.
func elements(x *tensor.Dense) (any, error) {
	x, err := tensors.Floats(x)
	switch {
	case err != nil:
		return nil, err
	case x.Dims() == 0:
		return nil, errors.New("got a scalar, want rows")
	case x.Dtype() == tensor.Float32:
		return tensors.Data[float32](x), nil
	}
	return tensors.Data[float64](x), nil
}

// notEmpty returns an error for a tensor without elements.
func notEmpty(x *tensor.Dense) error {
	if tensors.Size(x.Shape()) == 0 {
		return fmt.Errorf("got shape %v, want dimensions of 1 or more", x.Shape())
	}
	return nil
}

// rowWidth returns the number of elements in a row of x: the product of all dimensions except the first.
func rowWidth(x *tensor.Dense) int { return tensors.Size(x.Shape()[1:]) }
