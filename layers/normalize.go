package layers

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Normalize is (x - Offset) / Scale, where Adapt has set Offset to the mean and Scale to the standard deviation of the training data,
// or with Range to the minimum and the maximum - minimum. An index of an axis has numbers of its own: the last axis by default,
// Axis: 1 for the channels of images. Constant data get a Scale of 1. See Rescale for constants that you know.
type Normalize struct {
	Axis  int  // the axis whose indices have their own numbers, where 1 is the first after the batch; 0 means -1, the last
	Whole bool // one mean and one deviation for all elements, whatever Axis is
	Range bool // the least number becomes 0 and the largest 1
	// Clip presses outliers together: a normalized number z becomes z/√(1 + (z/Clip)²), between -Clip and Clip (Holzmüller et al.
	// 2024, "Better by Default", use 3); 0 means none.
	Clip   float64
	Invert bool // x·Scale + Offset instead: from normalized numbers to those of the data; Adapt leaves it as it is

	Offset, Scale []float64 // what Adapt sets: one number for each index of the axis; Scale is not 0
}

var _ Adapter = Normalize{}

// Emit implements graph.Layer.
func (l Normalize) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if len(l.Offset) == 0 || len(l.Offset) != len(l.Scale) {
		return x.Errorf("Offset and Scale: got %d and %d numbers, want those that Adapt sets", len(l.Offset), len(l.Scale))
	}
	if i := slices.Index(l.Scale, 0); i >= 0 {
		return x.Errorf("Scale: got 0 at index %d, want a number other than 0", i)
	}
	for i := range l.Offset {
		x = checked(x, settings.Finite("Offset", l.Offset[i]), settings.Finite("Scale", l.Scale[i]))
	}
	if x = checked(x, settings.AtLeast("Clip", l.Clip, 0)); x.Err() != nil {
		return x
	}
	shape := []int{1}
	if !l.Whole {
		axis, err := axisOf(x.Shape(), l.Axis)
		if err != nil {
			return x.Errorf("Axis: %w", err)
		}
		shape = make([]int, x.Rank()-axis)
		for i := range shape {
			shape[i] = 1
		}
		shape[0] = x.Dim(axis)
	}
	if len(l.Offset) != shape[0] {
		return x.Errorf("Offset: got %d numbers for shape %v, want %d", len(l.Offset), x.Shape(), shape[0])
	}
	offset := s.Table(func(i int) float64 { return l.Offset[i] }, shape...)
	scale := s.Table(func(i int) float64 { return l.Scale[i] }, shape...)
	if l.Invert {
		return x.Mul(scale).Add(offset)
	}
	if x = x.Sub(offset).Div(notZero(s, scale, l.Scale)); l.Clip > 0 {
		x = squeezed(x, l.Clip)
	}
	return x
}

// squeezed returns x/√(1 + (x/c)²). Beyond ±c it computes ±c/√(1 + (c/x)²), for the square of x/c may overflow. At ±c the derivative is
// that from within: Clip has one there, and ReLU has none.
func squeezed(x graph.Node, c float64) graph.Node {
	size := x.Abs()
	ratio := size.Clip(0, c).Div(size.Shift(-c).ReLU().Shift(c)) // the smaller of |x| and c by the larger
	return x.Clip(-c, c).Div(ratio.Square().Shift(1).Sqrt())
}

// notZero returns the scales of a division. One that is 0 in float32 is 1 there: the numbers that it belongs to are 0 as well.
func notZero(s *graph.Scope, scale graph.Node, values []float64) graph.Node {
	if slices.ContainsFunc(values, func(v float64) bool { return float32(v) == 0 }) {
		if len(values) == 1 { // a Scalar is computed with in float64, and rounded afterwards
			scale = s.Table(func(int) float64 { return values[0] }, 1)
		}
		return scale.Where(scale.Abs(), s.Scalar(1))
	}
	return scale
}

// axisOf returns the axis of a shape that a setting means: 0 is the last.
func axisOf(shape []int, axis int) (int, error) {
	a := axis
	if a <= 0 {
		a = len(shape) + min(a, -1)
	}
	if a < 1 || a >= len(shape) {
		return 0, fmt.Errorf("got %d for shape %v, want one after the batch", axis, shape)
	}
	return a, nil
}

// Adapt implements Adapter.
func (l Normalize) Adapt(x *graph.Tensor) (graph.Layer, error) {
	if l.Invert {
		return l, nil
	}
	values, shape, err := numbersOf(x)
	if err != nil {
		return nil, err
	}
	size, inner := 1, len(values)
	if !l.Whole {
		axis, err := axisOf(shape, l.Axis)
		if err != nil {
			return nil, fmt.Errorf("Axis: %w", err)
		}
		size, inner = shape[axis], tensors.Size(shape[axis+1:])
	}
	at := func(i int) int { return i / inner % size }
	if l.Whole {
		at = func(int) int { return 0 }
	}
	l.Offset, l.Scale = make([]float64, size), make([]float64, size)
	count := float64(len(values) / size)
	low, high := make([]float64, size), make([]float64, size)
	for i, v := range values {
		k := at(i)
		if i < inner*size && i%inner == 0 {
			low[k], high[k] = v, v
		}
		low[k], high[k] = min(low[k], v), max(high[k], v)
		l.Offset[k] += v / count
	}
	for i, v := range values {
		d := v - l.Offset[at(i)]
		l.Scale[at(i)] += d * d / count
	}
	for k := range l.Scale {
		if tensors.Exact(l.Scale[k]) {
			l.Scale[k] = math.Sqrt(l.Scale[k])
		} else {
			l.Scale[k] = tensors.Deviation(len(values)/size, func(i int) float64 {
				return values[(i/inner*size+k)*inner+i%inner] - l.Offset[k]
			})
		}
		if l.Range || low[k] == high[k] {
			l.Offset[k], l.Scale[k] = low[k], high[k]-low[k]
		}
		if l.Scale[k] == 0 {
			l.Scale[k] = 1
		}
		if math.IsInf(l.Scale[k], 0) || l.Scale[k] != l.Scale[k] {
			return nil, fmt.Errorf("index %d of the axis: got numbers from %v to %v, want a finite range", k, low[k], high[k])
		}
	}
	return l, nil
}

// numbersOf returns the elements and the shape of data that a layer adapts to.
func numbersOf(x *graph.Tensor) ([]float64, []int, error) {
	if x == nil {
		return nil, nil, errors.New("got no tensor, want float64 of shape (rows, ...)")
	}
	if x.Dtype() != tensor.Float64 || x.Dims() < 2 || tensors.Size(x.Shape()) == 0 {
		return nil, nil, fmt.Errorf("got %s of shape %v, want float64 of shape (rows, ...)", tensors.ElementType(x), x.Shape())
	}
	values, err := tensors.Float64s(x) // in the order of the rows, also of a view
	if err != nil {
		return nil, nil, err
	}
	if i := slices.IndexFunc(values, func(v float64) bool { return v-v != 0 }); i >= 0 {
		return nil, nil, fmt.Errorf("got %v at element %d, want finite numbers", values[i], i)
	}
	return values, x.Shape(), nil
}
