package main

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// A network is a variational auto-encoder and its loss. Its output has one row per image: the logits of the generated image's
// pixels, the mean of the code, and the logarithm of the code's variance, of shape (batch, pixels + 2·latent).
type network struct {
	pixels, latent int
	hidden         int // units of the layer on each side of the code
}

// Emit implements graph.Layer. The code is sampled from its distribution: mean + exp(logVariance/2)·noise.
func (n network) Emit(s *graph.Scope, x graph.Node) graph.Node {
	code := s.ApplyAs("encoder", layers.Sequential{
		layers.Dense{Units: n.hidden, KernelInit: graph.HeUniform}, layers.ReLU{},
		layers.Dense{Units: 2 * n.latent},
	}, x)
	mean, logVariance := code.Slice(1, 0, n.latent), code.Slice(1, n.latent, 2*n.latent)
	noise := s.Noise(graph.Noise{Normal: true}, x.Dim(0), n.latent)
	drawn := s.ApplyAs("decoder", layers.Sequential{
		layers.Dense{Units: n.hidden, KernelInit: graph.HeUniform}, layers.ReLU{},
		layers.Dense{Units: n.pixels},
	}, mean.Add(logVariance.Scale(0.5).Exp().Mul(noise)))
	return graph.Concat(1, drawn, mean, logVariance)
}

// Loss implements graph.Loss: the negative evidence lower bound in nats per image. It is the cross-entropy of the pixels given
// the code, plus the Kullback-Leibler divergence of the code's distribution from the standard normal distribution (Kingma &
// Welling 2014, appendix B).
func (n network) Loss(pred, target graph.Node) graph.Node {
	drawn, mean := pred.Slice(1, 0, n.pixels), pred.Slice(1, n.pixels, n.pixels+n.latent)
	logVariance := pred.Slice(1, n.pixels+n.latent, n.pixels+2*n.latent)
	cost := losses.BinaryCrossEntropy{FromLogits: true}.Loss(drawn, target).Scale(float64(n.pixels))
	divergence := mean.Square().Add(logVariance.Exp()).Sub(logVariance).Shift(-1).Mean().Scale(0.5 * float64(n.latent))
	return cost.Add(divergence)
}

// TargetShape implements graph.TargetShaper.
func (n network) TargetShape(pred []int) []int { return []int{pred[0], n.pixels} }
