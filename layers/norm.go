package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// LayerNorm normalizes over the last dimensions, then scales and shifts each element:
// y = (x - mean) / √(variance + Epsilon) · weight + bias (Ba et al. 2016). The input, (batch, ..., features), keeps its
// shape. Its parameters are weight and bias, both with the shape of the normalized dimensions.
//
// The variance must be a number of the element type: in float32, n elements that are normalized together must be less than
// 1.8e19/√n from their mean. Beyond that, their variance is infinite and y is bias.
type LayerNorm struct {
	Dims     int     // number of last dimensions that are normalized together, without the batch; 0 means 1
	Epsilon  float64 // added to the variance; 0 means 1e-5
	NoAffine bool    // leave out weight and bias
}

// Emit implements graph.Layer.
func (l LayerNorm) Emit(s *graph.Scope, x graph.Node) graph.Node {
	l.Dims = settings.Or(l.Dims, 1)
	if l.Dims < 1 || l.Dims >= x.Rank() {
		return x.Errorf("Dims: got %d for shape %v, want at least 1 and at most %d", l.Dims, x.Shape(), x.Rank()-1)
	}
	epsilon := settings.Above("Epsilon", l.Epsilon, 0).OrZero(1e-5)
	if x = checked(x, epsilon); x.Err() != nil {
		return x
	}
	last := x.Shape()[x.Rank()-l.Dims:]
	axes := make([]int, l.Dims)
	for i := range axes {
		axes[i] = x.Rank() - 1 - i
	}
	var weight, bias graph.Node
	if !l.NoAffine {
		weight, bias = s.Param("weight", graph.Ones, last...), s.Param("bias", graph.Zeros, last...)
	}
	mean, variance, _ := moments(x, axes...)
	return x.Normalize(mean, variance, epsilon.Value, weight, bias)
}

// GroupNorm divides the channels of each sample into groups and normalizes each group, then scales and shifts each channel:
// y = (x - mean) / √(variance + Epsilon) · weight + bias (Wu & He 2018). The input, (batch, channels, space...), keeps its
// shape. Its parameters are weight and bias, both of shape (channels). The range of numbers is that of LayerNorm. A sequence with a
// mask, (batch, time, features), has its features as channels, and is normalized over its valid steps.
type GroupNorm struct {
	Groups   int     // number of groups, a divisor of the number of channels; 0 means 1
	Epsilon  float64 // added to the variance; 0 means 1e-5
	NoAffine bool    // leave out weight and bias
}

// Emit implements graph.Layer.
func (g GroupNorm) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return channelled(x, func(x graph.Node) graph.Node { return g.emit(s, x) })
}

// rest returns the shape of x after the channels: as one dimension, unless that would merge the time of a sequence with a mask.
func rest(x graph.Node) []int {
	if _, _, ok := x.Valid(); ok && x.Rank() > 2 {
		return x.Shape()[2:]
	}
	n := 1
	for _, d := range x.Shape()[2:] {
		n *= d
	}
	return []int{n}
}

func (g GroupNorm) emit(s *graph.Scope, x graph.Node) graph.Node {
	g.Groups = settings.Or(g.Groups, 1)
	switch {
	case x.Rank() < 2:
		return x.Errorf("got shape %v, want (batch, channels, space...)", x.Shape())
	case g.Groups < 1 || x.Dim(1)%g.Groups != 0:
		return x.Errorf("Groups: got %d, want a divisor of the %d channels", g.Groups, x.Dim(1))
	}
	epsilon := settings.Above("Epsilon", g.Epsilon, 0).OrZero(1e-5)
	if x = checked(x, epsilon); x.Err() != nil {
		return x
	}
	parts := x.Dim(1) / g.Groups
	y := x.Reshape(append([]int{x.Dim(0), g.Groups, parts}, rest(x)...)...)
	var weight, bias graph.Node
	if !g.NoAffine {
		perPart := func(name string, init graph.Initializer) graph.Node {
			return perChannel(s.Param(name, init, x.Dim(1)).Reshape(g.Groups, parts), y.Rank()-3)
		}
		weight, bias = perPart("weight", graph.Ones), perPart("bias", graph.Zeros)
	}
	axes := []int{2}
	for a := 3; a < y.Rank(); a++ {
		axes = append(axes, a)
	}
	mean, variance, _ := moments(y, axes...)
	return y.Normalize(mean, variance, epsilon.Value, weight, bias).Reshape(x.Shape()...)
}

// RMSNorm divides by the root mean square over the last dimension, then scales each element:
// y = x / √(mean(x²) + Epsilon) · weight (Zhang & Sennrich 2019). The input, (batch, ..., features), keeps its shape. Its
// parameter is weight, (features). In float32, n features must be less than 1.8e19/√n: beyond that, their mean square is
// infinite and y is 0.
type RMSNorm struct {
	Epsilon  float64 // added to the mean square; 0 means 1e-6
	NoAffine bool    // leave out weight
}

// Emit implements graph.Layer.
func (r RMSNorm) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if x.Rank() < 2 {
		return x.Errorf("got shape %v, want (batch, ..., features)", x.Shape())
	}
	epsilon := settings.Above("Epsilon", r.Epsilon, 0).OrZero(1e-6)
	if x = checked(x, epsilon); x.Err() != nil {
		return x
	}
	square, _, _ := moments(x.Square(), x.Rank()-1)
	zero := s.Scalar(0).BroadcastTo(square.Shape()...)
	var weight graph.Node
	if !r.NoAffine {
		weight = s.Param("weight", graph.Ones, x.Dim(-1))
	}
	return x.Normalize(zero, square, epsilon.Value, weight, graph.Node{})
}
