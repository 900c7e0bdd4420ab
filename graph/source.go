package graph

import (
	"fmt"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/safetensors"
)

// A source is the file that a model is made of: it has the parameters' values, and the network in it is not trusted. What the
// graph takes is limited by the file's size, beyond what small files of large networks may need.
type source struct {
	tensors   map[string]*safetensors.Tensor
	nodes     int // that may still be added to graphs
	constants int // elements of constants
	text      int // bytes of the names of layers
}

func newSource(f *modelFile) *source {
	s := &source{tensors: map[string]*safetensors.Tensor{}}
	size := 0
	for i := range f.Tensors {
		s.tensors[f.Tensors[i].Name] = &f.Tensors[i]
		size += len(f.Tensors[i].Data)
	}
	s.nodes, s.constants, s.text = 1<<15+size/1024, 1<<22+size, 1<<20+size // small files need some
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

// spend counts a node of a graph.
func (s *source) spend(n *ops.Node) error {
	if s == nil {
		return nil
	}
	shape := ops.Shape(n)
	most := math.MaxInt >> 10
	for _, d := range shape {
		if d > 0 {
			most /= d
		}
	}
	switch s.nodes--; {
	case s.nodes < 0:
		return fmt.Errorf("the network has more operations than a file of this size may ask for; Compile it and use LoadFile")
	case len(shape) > 64 || most == 0:
		return fmt.Errorf("got shape %.100s, which is too large", fmt.Sprint(shape))
	}
	return nil
}

// spendConstant counts the elements of a constant.
func (s *source) spendConstant(shape []int) error {
	if s == nil {
		return nil
	}
	left := s.constants
	for _, d := range shape {
		left /= max(d, 1)
	}
	if left == 0 {
		return fmt.Errorf("got a constant of shape %.100s: with it the constants are larger than a file of this size may ask for", fmt.Sprint(shape))
	}
	s.constants -= ops.Size(shape)
	return nil
}

// spendName counts the name of a layer.
func (s *source) spendName(name string) error {
	if s == nil {
		return nil
	}
	if s.text -= len(name); s.text < 0 {
		return fmt.Errorf("the names of the layers are longer than a file of this size may ask for")
	}
	return nil
}
