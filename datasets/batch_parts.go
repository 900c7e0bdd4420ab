package datasets

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/tensors"
)

// eachTensor calls f for each tensor of a batch, always in the same order, and returns a batch of the results.
func eachTensor(b graph.Batch, f func(name string, t *graph.Tensor) (*graph.Tensor, error)) (out graph.Batch, err error) {
	apply := func(name string, t *graph.Tensor) *graph.Tensor {
		if t == nil || err != nil {
			return nil
		}
		r, e := f(name, t)
		if e != nil {
			err = fmt.Errorf("%s: %w", name, e)
		}
		return r
	}
	named := func(what string, from map[string]*graph.Tensor) map[string]*graph.Tensor {
		if len(from) == 0 {
			return nil
		}
		to := make(map[string]*graph.Tensor, len(from))
		for _, name := range slices.Sorted(maps.Keys(from)) {
			to[name] = apply(what+" "+name, from[name])
		}
		return to
	}
	out.X, out.Y, out.Weight = apply("X", b.X), apply("Y", b.Y), apply("Weight", b.Weight)
	out.Inputs, out.Targets = named("input", b.Inputs), named("target", b.Targets)
	return out, err
}

// sampleCount returns the number of samples of a batch, or an error if its tensors disagree about it.
func sampleCount(b graph.Batch) (int, error) {
	if b.X == nil {
		return 0, errors.New("X: got no tensor, want one")
	}
	n := -1
	_, err := eachTensor(b, func(_ string, t *graph.Tensor) (*graph.Tensor, error) {
		if t.Dims() == 0 {
			return nil, errors.New("got a scalar, want rows")
		}
		if n < 0 {
			n = t.Shape()[0]
		}
		if t.Shape()[0] != n {
			return nil, fmt.Errorf("got shape %v, want %d rows as in X", []int(t.Shape()), n)
		}
		return t, nil
	})
	return n, err
}

// copyBatch returns a batch with memory of its own, so that it outlives the next one.
func copyBatch(b graph.Batch) (graph.Batch, error) {
	return eachTensor(b, func(_ string, t *graph.Tensor) (*graph.Tensor, error) {
		v, err := memoryOf(t)
		if err != nil {
			return nil, err
		}
		return tensorOver(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v), t.Shape()), nil
	})
}

// cutBatch returns the first n samples of a batch. They share its memory.
func cutBatch(b graph.Batch, n int) (graph.Batch, error) {
	return eachTensor(b, func(_ string, t *graph.Tensor) (*graph.Tensor, error) {
		t, err := tensors.RowMajor(t)
		if err != nil {
			return nil, err
		}
		return tensors.Rows(t, 0, n), nil
	})
}

// memoryOf returns the elements of a tensor in row-major order as a slice; it may be the memory of the tensor.
func memoryOf(t *graph.Tensor) (reflect.Value, error) {
	t, err := tensors.RowMajor(t)
	if err != nil {
		return reflect.Value{}, err
	}
	v := reflect.ValueOf(t.Data())
	if v.Kind() != reflect.Slice {
		one := reflect.MakeSlice(reflect.SliceOf(v.Type()), 1, 1)
		one.Index(0).Set(v)
		return one, nil
	}
	return v.Slice(0, tensors.Size(t.Shape())), nil
}

// tensorOver returns a tensor over a slice of its elements.
func tensorOver(v reflect.Value, shape []int) *graph.Tensor {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v.Interface()))
}

// put sets the tensor of a batch with the name that eachTensor gives it.
func put(b *graph.Batch, name string, t *graph.Tensor) {
	switch name {
	case "X":
		b.X = t
		return
	case "Y":
		b.Y = t
		return
	case "Weight":
		b.Weight = t
		return
	}
	if input, ok := strings.CutPrefix(name, "input "); ok {
		if b.Inputs == nil {
			b.Inputs = map[string]*graph.Tensor{}
		}
		b.Inputs[input] = t
	} else if target, ok := strings.CutPrefix(name, "target "); ok {
		if b.Targets == nil {
			b.Targets = map[string]*graph.Tensor{}
		}
		b.Targets[target] = t
	}
}
