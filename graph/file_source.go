package graph

import (
	"fmt"
	"slices"
	"strings"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A source is the file that a model is opened from. It provides the values of the parameters, and limits for its network.
type source struct {
	tensors map[string]*safetensors.Tensor
	limits  *limits
}

func newSource(f *modelFile) *source {
	s := &source{tensors: map[string]*safetensors.Tensor{}}
	text, data := 0, 0
	for key, v := range f.Metadata {
		if !strings.HasPrefix(key, userPrefix) { // a user's metadata does not describe the network
			text += len(v)
		}
	}
	for i := range f.Tensors {
		s.tensors[f.Tensors[i].Name] = &f.Tensors[i]
		data += len(f.Tensors[i].Data)
		if half(f.Tensors[i].DType) { // the network may be as large as that of a file of float32
			data += len(f.Tensors[i].Data)
		}
	}
	s.limits = newLimits(text, data, "if you trust it, use OpenTrusted")
	return s
}

// take returns the value of a parameter.
func (s *source) take(name string, shape []int, dt tensor.Dtype) (*Tensor, error) {
	t := s.tensors[name]
	if t == nil {
		return nil, fmt.Errorf("parameter %.64s: got no tensor of that name in the file", name)
	}
	return stored(t, shape, dt)
}

// stored is exact for a parameter, whose elements may have 16 bits in the file: see Half.
func stored(t *safetensors.Tensor, shape []int, dt tensor.Dtype) (*Tensor, error) {
	if !half(t.DType) || !slices.Equal(t.Shape, shape) {
		return exact(t, shape, dt)
	}
	v, err := fromFile(*t)
	if err != nil || dt == v.Dtype() {
		return v, err
	}
	wide := tensors.New(dt, shape)
	return wide, tensors.Copy(wide, v)
}

// half reports whether Half writes the type.
func half(d safetensors.DType) bool { return d == safetensors.F16 || d == safetensors.BF16 }

// exact returns the value of a file's tensor, or an error if it does not have the given shape and element type.
func exact(t *safetensors.Tensor, shape []int, dt tensor.Dtype) (*Tensor, error) {
	want := safetensors.F32
	if dt == tensor.Float64 {
		want = safetensors.F64
	}
	if !slices.Equal(t.Shape, shape) || t.DType != want {
		return nil, fmt.Errorf("tensor %.64s: got %v of shape %v, want %v of shape %v", t.Name, t.DType, t.Shape, want, shape)
	}
	return fromFile(*t)
}
