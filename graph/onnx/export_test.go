package onnx

import (
	"context"

	"github.com/nndiy/nndiy/graph/onnx/internal/eval"
	"maps"
	"slices"
)

// Operators returns the names of the supported operators.
func Operators() []string { return slices.Sorted(maps.Keys(operators)) }

// TensorOf and Doubles let tests compare values.
var TensorOf = tensorOf

// Doubles returns a tensor's elements as float64.
func Doubles(t Tensor) []float64 {
	v, err := t.value()
	if err != nil {
		panic(err)
	}
	return v.Doubles()
}

// LoadBytes is Load of a model in memory, whose other files are in a folder.
func LoadBytes(b []byte, dir string) (*Runner, error) { return load(b, nil, dir) }

// SetMapFrom sets the size from which on files are mapped, and returns a function that restores it. CanMap reports whether they can be.
func SetMapFrom(size int64) (restore func()) {
	before := mapFrom
	mapFrom = size
	return func() { mapFrom = before }
}

// WithLimit returns an exporter with another limit of a file's size.
func WithLimit(e Exporter, most int) Exporter {
	e.most = most
	return e
}

const CanMap = canMap

// RunLimited is Runner.Run with other limits.
func RunLimited(ctx context.Context, r *Runner, inputs map[string]Tensor, bytes, work int) (Tensor, error) {
	values := map[string]*eval.Tensor{}
	for name, x := range inputs {
		v, err := x.value()
		if err != nil {
			return Tensor{}, err
		}
		values[name] = v
	}
	out, err := r.program.Run(ctx, values, []string{r.Outputs()[0].Name}, eval.Limits{Bytes: bytes, Work: work}, 1)
	if err != nil {
		return Tensor{}, err
	}
	return tensorOf(out[0]), nil
}
