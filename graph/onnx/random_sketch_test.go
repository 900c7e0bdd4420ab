package onnx_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A sketch is a random file under construction, with inputs for it.
type sketch struct {
	*rand.Rand
	model   proto.Model
	opset   int64
	batch   int // rows that all inputs have, so that a Network may read the file; 0 if inputs have any shape
	values  []made
	feeds   map[string]onnx.Tensor
	taken   int
	special bool  // elements may be infinite, NaN, or large
	err     error // of the Runner that has computed the nodes so far
	layers  any   // of TestRandomLayers
}

// A made is a value of a sketch.
type made struct {
	name  string
	shape []int
	kind  proto.ElementType
	exact bool // every reader has the same bits, so that functions with jumps may follow
	data  any
	wild  bool // it has elements that are not finite, or large integers
}

func newSketch(seed uint64, forNetwork bool) *sketch {
	s := &sketch{Rand: rand.New(rand.NewPCG(seed, 1)), feeds: map[string]onnx.Tensor{}}
	s.opset = []int64{7, 8, 9, 10, 11, 12, 13, 13, 14, 15, 16, 17, 17, 18, 18, 19, 20, 21, 22}[s.IntN(19)]
	if forNetwork {
		s.batch = 2 + s.IntN(2)
	}
	s.model = proto.Model{IR: 8, Opsets: []proto.Opset{{Version: s.opset}}}
	return s
}

func (s *sketch) name(prefix string) string {
	s.taken++
	return fmt.Sprint(prefix, s.taken)
}

// one returns true once in n times.
func (s *sketch) once(n int) bool { return s.IntN(n) == 0 }

func pick[T any](s *sketch, list ...T) T { return list[s.IntN(len(list))] }

// between returns an integer from a to b.
func (s *sketch) between(a, b int) int { return a + s.IntN(b-a+1) }

// fresh adds a value that no node computes: an input or an initializer.
func (s *sketch) fresh(kind proto.ElementType, shape ...int) made {
	return s.given(kind, s.elements(kind, count(shape)), s.once(3), shape...)
}

// given adds a value with elements, constant if a Network is to know it.
func (s *sketch) given(kind proto.ElementType, data any, constant bool, shape ...int) made {
	v := made{name: s.name("in"), shape: slices.Clone(shape), kind: kind, exact: true, data: data}
	v.wild = isWild(v)
	rowed := len(shape) > 1 && shape[0] == s.batch && (isFloat(kind) || kind == proto.Int64)
	if s.batch > 0 && kind == proto.Int64 { // mostly settings
		constant = true
	}
	if s.batch > 0 && !rowed || kind == proto.BFloat16 {
		constant = true
	}
	if len(s.model.Graph.Inputs) == 0 && (s.batch == 0 || rowed) && kind != proto.BFloat16 {
		constant = false
	}
	if constant {
		s.model.Graph.Initializers = append(s.model.Graph.Initializers, initializer(v.name, kind, shape, data))
	} else {
		in := proto.Value{Name: v.name, Type: kind, Dims: []proto.Dim{}}
		for i, d := range shape {
			dim := proto.Dim{Size: int64(d), Zero: d == 0}
			if s.batch > 0 && i == 0 && s.once(2) {
				dim = proto.Dim{Name: "batch"}
			}
			in.Dims = append(in.Dims, dim)
		}
		s.model.Graph.Inputs = append(s.model.Graph.Inputs, in)
		s.feeds[v.name] = onnx.Tensor{Shape: slices.Clone(shape), Data: data}
	}
	s.values = append(s.values, v)
	return v
}

// ints adds a list of integers as a setting of a node.
func (s *sketch) ints(list ...int) string {
	return s.given(proto.Int64, int64s(list), s.batch > 0 || !s.once(4), len(list)).name
}

// int adds a scalar or a list of one integer.
func (s *sketch) int(v int) string {
	shape := [][]int{{}, {1}}[s.IntN(2)]
	return s.given(proto.Int64, []int64{int64(v)}, s.batch > 0 || !s.once(4), shape...).name
}

func int64s(list []int) []int64 {
	out := make([]int64, len(list))
	for i, v := range list {
		out[i] = int64(v)
	}
	return out
}

// any returns a value that fits, an earlier one or a fresh one.
func (s *sketch) any(fits func(v made) bool, fresh func() made) made {
	var list []made
	for _, v := range s.values {
		if fits(v) && (s.special || !v.wild) {
			list = append(list, v)
		}
	}
	if len(list) > 0 && !s.once(4) {
		return list[len(list)-1-s.IntN(min(len(list), 3))]
	}
	return fresh()
}

// of returns a value of one of the types, with a rank in the range.
func (s *sketch) of(least, most int, kinds ...proto.ElementType) made {
	return s.any(func(v made) bool {
		return len(v.shape) >= least && len(v.shape) <= most && slices.Contains(kinds, v.kind) && count(v.shape) < 3000
	}, func() made { return s.fresh(s.kind(kinds...), s.shape(s.between(least, most))...) })
}

// exactly is of for functions with jumps.
func (s *sketch) exactly(least, most int, kinds ...proto.ElementType) made {
	if v := s.of(least, most, kinds...); v.exact {
		return v
	}
	return s.fresh(s.kind(kinds...), s.shape(s.between(least, most))...)
}

func floatAttr(name string, v float64) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Float, Float: float32(v)}
}

func listAttr(name string, v []int) proto.Attribute { return intsAttr(name, int64s(v)...) }
