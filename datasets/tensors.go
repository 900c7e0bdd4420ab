package datasets

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"gorgonia.org/tensor"
)

// dense returns a row-major tensor over data.
func dense[T graph.Float](data []T, shape ...int) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// elements returns the elements of x in row-major order, as []float32 or []float64: the memory of x, or a copy if x is a view
// whose elements are not contiguous.
func elements(x *tensor.Dense) (any, error) {
	if x == nil {
		return nil, fmt.Errorf("got no tensor")
	}
	if x.Dims() == 0 {
		return nil, fmt.Errorf("got a tensor without dimensions, want rows")
	}
	if x.DataOrder().IsColMajor() {
		return nil, fmt.Errorf("got a column-major tensor, want a row-major one")
	}
	if x.RequiresIterator() {
		x = x.Materialize().(*tensor.Dense)
	}
	switch data := x.Data().(type) {
	case []float32, []float64:
		return data, nil
	}
	return nil, fmt.Errorf("got elements of %v, want float32 or float64", x.Dtype())
}

// rowWidth returns the number of elements in a row of x: the product of all dimensions except the first.
func rowWidth(x *tensor.Dense) int {
	width := 1
	for _, d := range x.Shape()[1:] {
		width *= d
	}
	return width
}
