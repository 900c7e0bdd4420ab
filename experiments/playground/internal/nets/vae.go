package nets

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// VAE is a variational auto-encoder of images of 28×28 pixels, with codes of two numbers, and its own loss. Its output has one
// row per image: the logits of the pixels, the mean of the code and the logarithm of its variance, (batch, 784+2+2).
type VAE struct{}

// Emit implements graph.Layer. The code is drawn from its distribution: mean + exp(logVariance/2)·noise.
func (VAE) Emit(s *graph.Scope, x graph.Node) graph.Node {
	filters := func(n int) layers.Conv2D {
		return layers.Conv2D{Filters: n, Kernel: []int{4}, Stride: []int{2}, Padding: layers.Same, KernelInit: graph.HeUniform}
	}
	code := s.ApplyAs("encoder", layers.Sequential{
		layers.Reshape{Shape: []int{1, 28, 28}},
		filters(8), layers.ReLU{}, filters(16), layers.ReLU{}, layers.Flatten{},
		layers.Dense{Units: 32, KernelInit: graph.HeUniform}, layers.ReLU{}, layers.Dense{Units: 4},
	}, x)
	mean, logVariance := code.Slice(1, 0, 2), code.Slice(1, 2, 4)
	noise := s.Noise(graph.Noise{Normal: true}, x.Dim(0), 2)
	image := s.ApplyAs("decoder", layers.Sequential{
		layers.Dense{Units: 32, KernelInit: graph.HeUniform}, layers.ReLU{},
		layers.Dense{Units: 64, KernelInit: graph.HeUniform}, layers.ReLU{},
		layers.Dense{Units: 784},
	}, mean.Add(logVariance.Scale(0.5).Exp().Mul(noise)))
	return graph.Concat(1, image, mean, logVariance)
}

// Loss implements graph.Loss: the cross-entropy of an image's pixels, plus the Kullback-Leibler divergence of the code's
// distribution from the standard normal distribution (Kingma & Welling 2014, appendix B).
func (VAE) Loss(pred, target graph.Node) graph.Node {
	image, mean, logVariance := pred.Slice(1, 0, 784), pred.Slice(1, 784, 786), pred.Slice(1, 786, 788)
	cost := losses.BinaryCrossEntropy{FromLogits: true}.Loss(image, target).Scale(784)
	divergence := mean.Square().Add(logVariance.Exp()).Sub(logVariance).Shift(-1).Mean() // a mean over 2 numbers is half their sum
	return cost.Add(divergence)
}

// TargetShape implements graph.TargetShaper.
func (VAE) TargetShape(pred []int) []int { return []int{pred[0], 784} }
