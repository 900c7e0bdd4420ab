package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

// BatchNorm gives each channel the mean 0 and the variance 1 over the batch and space, then a scale and an offset of its own
// (Ioffe & Szegedy 2015): (batch, channels) or (batch, channels, space...). In inference it takes the running mean and the
// running variance instead of the batch's; each step of training brings these nearer to the batch's:
// new = (1 - Momentum)·old + Momentum·batch, where the variance is the unbiased one. A batch with but one number for each
// channel has no variance and leaves them.
//
// Its parameters are weight and bias, its states running_mean and running_var, all (channels).
type BatchNorm struct {
	Momentum float64 // of the batch in the running statistics; 0 is 0.1
	Epsilon  float64 // added to the variance; 0 is 1e-5
	NoAffine bool    // no scale and offset
}

// Emit implements graph.Layer.
func (b BatchNorm) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if b.Momentum == 0 {
		b.Momentum = 0.1
	}
	switch {
	case x.Rank() < 2:
		return x.Errorf("got shape %v, want (batch, channels) or (batch, channels, space...)", x.Shape())
	case !(b.Momentum > 0 && b.Momentum <= 1):
		return x.Errorf("Momentum: got %v, want more than 0 and at most 1", b.Momentum)
	}
	epsilon, x := positive(x, "Epsilon", b.Epsilon, 1e-5)
	c := x.Dim(1)
	mean, variance := s.State("running_mean", graph.Zeros, c), s.State("running_var", graph.Ones, c)
	planes := x.Reshape(x.Dim(0), c, -1)
	if s.Training() {
		batchMean, batchVariance := planes.Moments(0, 2)
		batchMean, batchVariance = batchMean.Reshape(c), batchVariance.Reshape(c)
		if n := float64(x.Dim(0) * planes.Dim(2)); n > 1 {
			keep := 1 - b.Momentum
			s.Update(mean, mean.Scale(keep).Add(batchMean.Scale(b.Momentum)))
			s.Update(variance, variance.Scale(keep).Add(batchVariance.Scale(b.Momentum*n/(n-1))))
		}
		mean, variance = batchMean, batchVariance
	}
	var weight, bias graph.Node
	if !b.NoAffine {
		weight, bias = perChannel(s.Param("weight", graph.Ones, c), 1), perChannel(s.Param("bias", graph.Zeros, c), 1)
	}
	return planes.Normalize(perChannel(mean, 1), perChannel(variance, 1), epsilon, weight, bias).Reshape(x.Shape()...)
}

// positive returns a setting of which 0 means the usual value.
func positive(x graph.Node, name string, v, usual float64) (float64, graph.Node) {
	switch {
	case v == 0:
		return usual, x
	case v > 0 && !math.IsInf(v, 1):
		return v, x
	}
	return v, x.Errorf("%s: got %v, want a finite number above 0", name, v)
}
