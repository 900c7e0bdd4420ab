package main

import (
	"context"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// A game is a generator and a discriminator that train against each other.
type game struct {
	judge     *graph.Model // trains the discriminator
	deceiver  *graph.Model // the generator followed by the discriminator; trains the generator
	generator *graph.Model // the generator of deceiver

	latent int
	rng    *rand.Rand // of the noise
	logs   graph.Logs
}

// compile compiles the two models over one set of parameters.
func compile(rows, cols int, s settings, rate float64, seed uint64) (*game, error) {
	leaky := layers.LeakyReLU{Slope: 0.2}
	generator := layers.Named("generator", layers.Sequential{
		layers.Dense{Units: 256}, leaky, layers.Dense{Units: 512}, leaky,
		layers.Dense{Units: rows * cols}, layers.Sigmoid{}, layers.Reshape{Shape: []int{1, rows, cols}},
	})
	discriminator := layers.Named("discriminator", layers.Sequential{
		layers.Flatten{}, layers.Rescale{Offset: []float64{0.5}, Scale: []float64{0.5}},
		layers.Dense{Units: 512}, leaky, layers.Dense{Units: 256}, leaky, layers.Dense{Units: 1},
	})
	adam := optimizers.Adam{LearningRate: rate, Beta1: 0.5} // Radford et al. 2016
	params := graph.NewParams(seed)

	g := &game{latent: s.Latent, rng: rand.New(rand.NewPCG(seed, 1)), logs: graph.Logs{}}
	var err error
	if g.judge, err = graph.Compile(contest{generator, discriminator, s}, graph.Config{
		Input: []int{1, rows, cols}, Params: params, Train: []string{"discriminator"}, Optimizer: adam, Seed: seed,
	}); err != nil {
		return nil, err
	}
	if g.deceiver, err = graph.Compile(layers.Sequential{generator, discriminator}, graph.Config{
		Input: []int{s.Latent}, Params: params, Train: []string{"generator"}, Optimizer: adam, Seed: seed,
		Loss: losses.BinaryCrossEntropy{FromLogits: true},
	}); err != nil {
		return nil, err
	}
	g.generator, err = g.deceiver.Sub("generator")
	return g, err
}

// A contest is the network that trains the discriminator. Its input are images of the data; it generates as many.
type contest struct {
	generator, discriminator graph.Layer
	settings
}

// crossEntropy is the name in the logs of the discriminator's mean cross-entropy of an image.
const crossEntropy = "cross-entropy"

// Emit implements graph.Layer. The loss is the cross-entropy, and Penalty/2 times the squared length of the gradient of the
// discriminator's output with respect to an image of the data (Mescheder et al. 2018, R1). The penalty keeps the discriminator
// smooth, so that it always shows the generator a way; training differentiates this gradient once more.
func (c contest) Emit(s *graph.Scope, x graph.Node) graph.Node {
	noise := s.Noise(graph.Noise{Normal: true}, x.Dim(0), c.Latent)
	generated := s.Apply(c.discriminator, s.Apply(c.generator, noise).StopGradient())
	real := s.Apply(c.discriminator, x)

	loss := real.Neg().Softplus().Mean().Add(generated.Softplus().Mean())
	s.Log(crossEntropy, loss.Scale(0.5))
	if c.Penalty > 0 {
		slope := graph.Grad(real.Sum(), x)[0].Square().Sum(1, 2, 3).Mean()
		loss = loss.Add(slope.Scale(c.Penalty / 2))
	}
	s.Penalty(loss)
	return real
}

// round trains both models by one step, and returns their cross-entropies. The generator wants the discriminator to take its
// images for data.
func (g *game) round(ctx context.Context, real *graph.Tensor) (discriminator, generator float64, err error) {
	if err := g.judge.StepInto(ctx, g.logs, graph.Batch{X: real}); err != nil {
		return 0, 0, err
	}
	discriminator = g.logs[crossEntropy]
	n := real.Shape()[0]
	err = g.deceiver.StepInto(ctx, g.logs, graph.Batch{X: g.noise(n), Y: ones(n)})
	return discriminator, g.logs["loss"], err
}

// noise returns n rows of standard normal numbers, from which the generator makes images.
func (g *game) noise(n int) *graph.Tensor {
	x := tensor.New(tensor.WithShape(n, g.latent), tensor.Of(tensor.Float32))
	for i := range x.Float32s() {
		x.Float32s()[i] = float32(g.rng.NormFloat64())
	}
	return x
}

// ones returns the target "of the data" for n images.
func ones(n int) *graph.Tensor {
	y := tensor.New(tensor.WithShape(n, 1), tensor.Of(tensor.Float32))
	for i := range y.Float32s() {
		y.Float32s()[i] = 1
	}
	return y
}
