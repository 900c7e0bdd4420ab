package onnx_test

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// shape returns a shape of the given rank.
func (s *sketch) shape(rank int) []int {
	shape := make([]int, rank)
	for i := range shape {
		if shape[i] = s.between(1, 5); s.once(60) && s.batch == 0 {
			shape[i] = 0
		}
	}
	if rank > 0 && s.batch > 0 {
		shape[0] = s.batch
	}
	return shape
}

func count(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

func isFloat(k proto.ElementType) bool {
	return k == proto.Float32 || k == proto.Float64 || k == proto.Float16 || k == proto.BFloat16
}

// elements returns n elements of a type.
func (s *sketch) elements(kind proto.ElementType, n int) any {
	real := func() float64 {
		switch {
		case s.special && s.once(60):
			return pick(s, math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0, 100, -100)
		case s.once(4):
			return float64(s.between(-6, 6)) / 2
		}
		return 1.5 * s.NormFloat64()
	}
	switch kind {
	case proto.Float32:
		return filled(n, func() float32 { return float32(real()) })
	case proto.Float64:
		return filled(n, real)
	case proto.Float16:
		return filled(n, func() onnx.Float16 { return onnx.NewFloat16(float32(real())) })
	case proto.BFloat16:
		return filled(n, func() onnx.BFloat16 { return onnx.NewBFloat16(float32(real())) })
	case proto.Bool:
		return filled(n, func() bool { return s.once(2) })
	case proto.Int8:
		return filled(n, func() int8 { return int8(s.whole(math.MinInt8, math.MaxInt8)) })
	case proto.Int16:
		return filled(n, func() int16 { return int16(s.whole(math.MinInt16, math.MaxInt16)) })
	case proto.Int32:
		return filled(n, func() int32 { return int32(s.whole(math.MinInt32, math.MaxInt32)) })
	case proto.Int64:
		return filled(n, func() int64 { return s.whole(math.MinInt64, math.MaxInt64) })
	case proto.Uint8:
		return filled(n, func() uint8 { return uint8(s.whole(0, math.MaxUint8)) })
	case proto.Uint16:
		return filled(n, func() uint16 { return uint16(s.whole(0, math.MaxUint16)) })
	case proto.Uint32:
		return filled(n, func() uint32 { return uint32(s.whole(0, math.MaxUint32)) })
	}
	return filled(n, func() uint64 { return uint64(s.whole(0, math.MaxInt64)) })
}

func filled[T any](n int, f func() T) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = f()
	}
	return list
}

// whole returns an integer that is not 0, mostly a small one.
func (s *sketch) whole(least, most int64) int64 {
	switch {
	case s.special && s.once(25):
		return pick(s, most, most-1, least+1, most/2+1)
	case least < 0 && s.once(2):
		return -int64(s.between(1, 9))
	}
	return int64(s.between(1, 9))
}

// isWild reports whether a value has elements that are not finite, or large ones.
func isWild(v made) bool {
	for _, x := range doublesOf(v) {
		if math.IsNaN(x) || math.Abs(x) > 1e4 {
			return true
		}
	}
	return false
}

// kind picks an element type, for a Network mostly float32.
func (s *sketch) kind(kinds ...proto.ElementType) proto.ElementType {
	if s.batch > 0 && slices.Contains(kinds, proto.Float32) && !s.once(12) {
		return proto.Float32
	}
	return pick(s, kinds...)
}

// target returns an element type that x can be cast to without a value out of range, which ONNX leaves open.
func (s *sketch) target(x made) proto.ElementType {
	if isFloat(x.kind) && s.once(2) {
		if v := doublesOf(x); !slices.ContainsFunc(v, func(v float64) bool { return !(v > -1 && v < 127) }) {
			return s.kind(allKinds...)
		} else if !slices.ContainsFunc(v, func(v float64) bool { return !(v > -127 && v < 127) }) {
			return pick(s, proto.Int8, proto.Int16, proto.Int32, proto.Int64, proto.Bool)
		}
	}
	if isFloat(x.kind) {
		return pick(s, proto.Float32, proto.Float64, proto.Float16, proto.BFloat16, proto.Bool)
	}
	return s.kind(allKinds...)
}

// integer returns one integer of a type.
func integer(kind proto.ElementType, v int) any {
	switch kind {
	case proto.Int8:
		return []int8{int8(v)}
	case proto.Int16:
		return []int16{int16(v)}
	case proto.Int32:
		return []int32{int32(v)}
	case proto.Uint8:
		return []uint8{uint8(v)}
	case proto.Uint16:
		return []uint16{uint16(v)}
	case proto.Uint32:
		return []uint32{uint32(v)}
	case proto.Uint64:
		return []uint64{uint64(v)}
	}
	return []int64{int64(v)}
}

func doublesOf(v made) []float64 { return onnx.Doubles(onnx.Tensor{Shape: v.shape, Data: v.data}) }
