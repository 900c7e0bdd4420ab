package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// BatchNorm normalizes each channel over the batch and the spatial dimensions, then scales and shifts it:
// y = (x - mean) / √(variance + Epsilon) · weight + bias (Ioffe & Szegedy 2015). The input, (batch, channels) or (batch,
// channels, space...), keeps its shape.
//
// A sequence with a mask, (batch, time, features), has its features as channels, and padding is left out of all statistics.
//
// Training uses the mean and the variance of the batch, and updates running statistics with them:
// new = (1 - Momentum)·old + Momentum·batch, with the unbiased variance. Inference uses the running statistics. A batch with
// only one number in each channel does not update them.
//
// Its parameters are weight and bias, its states running_mean and running_var, all of shape (channels). The range of numbers
// is that of LayerNorm.
type BatchNorm struct {
	Momentum float64 // weight of the batch in the running statistics, as in PyTorch; at most 1; 0 means 0.1
	Epsilon  float64 // added to the variance; 0 means 1e-5
	NoAffine bool    // leave out weight and bias
}

// Emit implements graph.Layer.
func (b BatchNorm) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return channelled(x, func(x graph.Node) graph.Node { return b.emit(s, x) })
}

func (b BatchNorm) emit(s *graph.Scope, x graph.Node) graph.Node {
	if x.Rank() < 2 {
		return x.Errorf("got shape %v, want (batch, channels) or (batch, channels, space...)", x.Shape())
	}
	momentum := settings.Positive("Momentum", b.Momentum, 1).OrZero(0.1)
	epsilon := settings.Above("Epsilon", b.Epsilon, 0).OrZero(1e-5)
	if x = checked(x, momentum, epsilon); x.Err() != nil {
		return x
	}
	c := x.Dim(1)
	mean, variance := s.State("running_mean", graph.Zeros, c), s.State("running_var", graph.Ones, c)
	planes := x.Reshape(append([]int{x.Dim(0), c}, rest(x)...)...)
	dims := planes.Rank() - 2
	if s.Training() {
		axes := []int{0}
		for a := 2; a < planes.Rank(); a++ {
			axes = append(axes, a)
		}
		batchMean, batchVariance, count := moments(planes, axes...)
		batchMean, batchVariance = batchMean.Reshape(c), batchVariance.Reshape(c)
		keep := 1 - momentum.Value
		if _, _, masked := planes.Valid(); masked {
			count = count.Reshape(-1) // one number, or one for each channel
			some := count.Shift(-1).Clip(0, 1).Scale(momentum.Value)
			unbiased := batchVariance.Mul(count).Div(count.Shift(-1).Clip(1, math.Inf(1)))
			s.Update(mean, mean.Add(batchMean.Sub(mean).Mul(some)))
			s.Update(variance, variance.Add(unbiased.Sub(variance).Mul(some)))
		} else if n := float64(x.Dim(0) * planes.Dim(2)); n > 1 {
			s.Update(mean, mean.Scale(keep).Add(batchMean.Scale(momentum.Value)))
			s.Update(variance, variance.Scale(keep).Add(batchVariance.Scale(momentum.Value*n/(n-1))))
		}
		mean, variance = batchMean, batchVariance
	}
	var weight, bias graph.Node
	if !b.NoAffine {
		weight, bias = perChannel(s.Param("weight", graph.Ones, c), dims), perChannel(s.Param("bias", graph.Zeros, c), dims)
	}
	return planes.Normalize(perChannel(mean, dims), perChannel(variance, dims), epsilon.Value, weight, bias).Reshape(x.Shape()...)
}
