package onnx

import (
	"encoding/binary"
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/graph/onnx/internal/eval"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A kind is the ONNX type that the elements of a node represent; in the graph all are floating-point numbers.
type kind uint8

const (
	floatKind   kind = iota
	integerKind      // integers
	castKind         // floating-point numbers cast to integers without rounding; Gather checks that they are integers
	boolKind         // 1 is true, 0 is false
)

// A value is what a name of the file refers to while the graph is built: a node, an initializer whose node is made on first
// use, or known numbers.
type value struct {
	node     graph.Node
	made     bool // node is set
	kind     kind
	tensor   *proto.Tensor
	integers *integers
	numbers  []float64 // with dims
	dims     []int
	double   bool         // numbers are float64 in the file
	waves    []graph.Wave // if not nil, numbers are their values at places 0, 1, 2, ...
	exact    *eval.Tensor // if not nil, the elements as the file computes them from sizes
}

func nodes(list ...graph.Node) []*value {
	out := make([]*value, len(list))
	for i, n := range list {
		out[i] = &value{node: n, made: true}
	}
	return out
}

// floatTypes are the floating-point element types.
var floatTypes = map[proto.ElementType]safetensors.DType{
	proto.Float32: safetensors.F32, proto.Float64: safetensors.F64, proto.Float16: safetensors.F16, proto.BFloat16: safetensors.BF16,
}

// constantOf returns the elements of a tensor as known numbers.
func constantOf(t *proto.Tensor) (*value, error) {
	dims := make([]int, len(t.Dims))
	for i, d := range t.Dims {
		dims[i] = int(d)
	}
	if kind, ok := floatTypes[t.Type]; ok {
		v := &value{numbers: make([]float64, t.Size()), dims: dims, double: t.Type == proto.Float64}
		return v, safetensors.Floats(v.numbers, safetensors.Tensor{DType: kind, Data: t.Raw})
	}
	list := make([]int64, t.Size())
	for i := range list {
		switch t.Type {
		case proto.Int64:
			list[i] = int64(binary.LittleEndian.Uint64(t.Raw[8*i:]))
		case proto.Int32:
			list[i] = int64(int32(binary.LittleEndian.Uint32(t.Raw[4*i:])))
		case proto.Int8:
			list[i] = int64(int8(t.Raw[i]))
		case proto.Uint8, proto.Bool:
			list[i] = int64(t.Raw[i])
		default:
			return nil, fmt.Errorf("got elements of %v, want a floating-point type, int64, int32, int8, uint8 or bool", t.Type)
		}
	}
	return &value{integers: &integers{dims, list}}, nil
}

// number returns a known floating-point number.
func number(v float64) *value { return &value{numbers: []float64{v}, dims: []int{}} }

// constant returns a node of known floating-point numbers.
func (e *emitter) constant(v *value) (graph.Node, error) {
	switch len(v.numbers) {
	case 0:
		return graph.Node{}, fmt.Errorf("got an empty tensor, want at least one element")
	case 1:
		return e.s.Scalar(v.numbers[0]).Reshape(v.dims...), nil
	}
	if v.waves != nil {
		return e.s.Waves(v.waves, v.dims[0], v.dims[1]), nil
	}
	return e.s.Constant(tensor.New(tensor.WithShape(v.dims...), tensor.WithBacking(slices.Clone(v.numbers)))), nil
}

// integers is a tensor of integers that are known while the graph is built, such as a shape.
type integers struct {
	shape []int
	data  []int64
}

// list returns a vector of integers.
func list(data ...int64) *integers { return &integers{[]int{len(data)}, data} }

// sizeOf returns the number of elements of a shape, and whether it is at most limit; if it is not, the number is
// meaningless.
func sizeOf(shape []int, limit int) (int, bool) {
	n := 1
	for _, d := range shape {
		if d < 0 || d > 0 && n > limit/d {
			return 0, false
		}
		n *= d
	}
	return n, n <= limit
}
