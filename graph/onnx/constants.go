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
