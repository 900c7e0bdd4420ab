package onnx

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// constant returns the value of a constant tensor. Equal tensors share a node.
func (w *writer) constant(t proto.Tensor) string {
	key := fmt.Sprint(t.Type, t.Dims, string(t.Raw))
	if v, ok := w.consts[key]; ok {
		return v
	}
	v := w.node("Constant", nil, proto.Attribute{Name: "value", Kind: proto.Dense, Tensor: &t})
	w.consts[key] = v
	return v
}

// number returns the value of a number of the network's element type.
func (w *writer) number(v float64) string { return w.constant(w.floats(nil, v)) }

// floats returns a tensor of the network's element type.
func (w *writer) floats(dims []int64, values ...float64) proto.Tensor {
	t := proto.Tensor{Type: w.element, Dims: dims}
	for _, v := range values {
		if w.element == proto.Float32 {
			t.Raw = binary.LittleEndian.AppendUint32(t.Raw, math.Float32bits(float32(v)))
		} else {
			t.Raw = binary.LittleEndian.AppendUint64(t.Raw, math.Float64bits(v))
		}
	}
	return t
}

// integers returns the value of a list of integers.
func (w *writer) integers(values ...int) string {
	t := proto.Tensor{Type: proto.Int64, Dims: []int64{int64(len(values))}}
	for _, v := range values {
		t.Raw = binary.LittleEndian.AppendUint64(t.Raw, uint64(v))
	}
	return w.constant(t)
}

// reshapeTo returns the value of a shape for Reshape, with -1 in place of a single dimension that depends on the batch.
func (w *writer) reshapeTo(s shape) string {
	list := make([]int, len(s))
	open := 0
	for i, d := range s {
		if list[i] = d.size; d.batch {
			list[i] = -1
			open++
		}
	}
	if open < 2 {
		return w.integers(list...)
	}
	return w.dims(s)
}

// dims returns the value of a list of dimensions: a constant, or a Concat of constants and multiples of the batch size.
func (w *writer) dims(s shape) string {
	list := make([]int, len(s))
	parts := make([]string, len(s))
	depends := false
	for i, d := range s {
		list[i] = d.size
		depends = depends || d.batch
	}
	if !depends {
		return w.integers(list...)
	}
	for i, d := range s {
		switch parts[i] = w.integers(d.size); {
		case d.batch && d.size == 1:
			parts[i] = w.batch()
		case d.batch:
			parts[i] = w.node("Mul", []string{w.batch(), parts[i]})
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return w.node("Concat", parts, intAttribute("axis", 0))
}

// batch returns the value of the batch size, as a list of one integer: the first dimension of the input.
func (w *writer) batch() string {
	if v, ok := w.consts["batch"]; ok {
		return v
	}
	shape := w.node("Shape", []string{w.graph.Inputs[0].Name})
	v := w.node("Slice", []string{shape, w.integers(0), w.integers(1), w.integers(0)})
	w.consts["batch"] = v
	return v
}

// intAttribute, intsAttribute, floatAttribute and stringAttribute return attributes.
func intAttribute(name string, v int) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Int, Int: int64(v)}
}

func intsAttribute(name string, v ...int) proto.Attribute {
	a := proto.Attribute{Name: name, Kind: proto.Ints}
	for _, n := range v {
		a.Ints = append(a.Ints, int64(n))
	}
	return a
}

func floatAttribute(name string, v float64) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Float, Float: float32(v)}
}

func stringAttribute(name, v string) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.String, String: v}
}
