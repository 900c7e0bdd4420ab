package graph

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/safetensors"
)

// A source is the file that a model is made of: it has the parameters' values, and the network in it is not trusted.
type source struct {
	tensors map[string]*safetensors.Tensor
	limits  *limits
}

func newSource(f *modelFile) *source {
	s := &source{tensors: map[string]*safetensors.Tensor{}}
	text, data := 0, 0
	for _, v := range f.Metadata {
		text += len(v)
	}
	for i := range f.Tensors {
		s.tensors[f.Tensors[i].Name] = &f.Tensors[i]
		data += len(f.Tensors[i].Data)
	}
	s.limits = newLimits(text, data, "if you trust it, use OpenTrusted")
	return s
}

// take returns the value of a parameter.
func (s *source) take(name string, shape []int, dt tensor.Dtype) (*Tensor, error) {
	t := s.tensors[name]
	if t == nil {
		return nil, fmt.Errorf("parameter %.64s: the file has none of that name", name)
	}
	return exactly(t, shape, dt)
}

// exactly returns a tensor of a file that has the given shape and element type.
func exactly(t *safetensors.Tensor, shape []int, dt tensor.Dtype) (*Tensor, error) {
	want := safetensors.F32
	if dt == tensor.Float64 {
		want = safetensors.F64
	}
	if !slices.Equal(t.Shape, shape) || t.DType != want {
		return nil, fmt.Errorf("tensor %.64s: got %v of shape %v, want %v of shape %v", t.Name, t.DType, t.Shape, want, shape)
	}
	return fromFile(*t)
}
