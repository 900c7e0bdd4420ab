package main

import (
	"context"
	"math"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/nets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// data is all of MNIST.
type data struct{ train, test *datasets.Images }

func load() (*data, error) {
	train, test, err := datasets.MNIST()
	return &data{train, test}, err
}

// A task is a network to train, and how.
type task struct {
	name   string
	net    graph.Layer
	config graph.Config
	data   func(*data) graph.Dataset
	batch  int
	steps  int
	extend func(*data, *graph.Model, graph.Weights) error // adds tensors to the file
}

// rate returns the learning rate of a step: half a cosine from 3e-3 down to 1e-5.
func (t task) rate(step int) float64 {
	return 1e-5 + 3e-3*(1+math.Cos(math.Pi*float64(step)/float64(t.steps)))/2
}

var tasks = []task{
	{
		name: "classifier", batch: 64, steps: 3000,
		// What people draw is less upright and regular than MNIST, so training turns, moves and scales its images.
		net: append(layers.Sequential{
			layers.Reshape{Shape: []int{1, digits.Side, digits.Side}},
			layers.RandomRotate{Degrees: 20}, layers.RandomZoom{Factor: 1.2}, layers.RandomShift{Pixels: []int{2}},
			layers.Flatten{},
		}, nets.Conv()...),
		config: graph.Config{
			Input: []int{digits.Pixels}, Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{}, Seed: 1,
		},
		data: func(d *data) graph.Dataset { return d.train.Arrays() },
	},
	{
		name: "denoiser", batch: 64, steps: 3000,
		net: nets.UNet(),
		config: graph.Config{
			Input: []int{digits.Pixels}, Loss: losses.BinaryCrossEntropy{}, Optimizer: optimizers.Adam{}, Seed: 1,
		},
		data: func(d *data) graph.Dataset {
			return datasets.PixelNoise{Clean: graph.Arrays{X: d.train.X()}, UpTo: 0.95, Seed: 1}
		},
	},
	{
		name: "vae", batch: 128, steps: 2500,
		net: nets.VAE{},
		config: graph.Config{
			Input: []int{digits.Pixels}, Loss: nets.VAE{}, Optimizer: optimizers.Adam{}, Seed: 1,
		},
		data: func(d *data) graph.Dataset {
			x := d.train.X()
			return graph.Arrays{X: x, Y: x}
		},
		extend: addCodes,
	},
}

// addCodes adds the codes of the subset's test images, (images, 2), as "codes", and their digits, (images), as "classes".
func addCodes(d *data, m *graph.Model, w graph.Weights) error {
	encoder, err := m.Sub("encoder")
	if err != nil {
		return err
	}
	x, err := d.test.X().Slice(tensor.S(0, digits.Test))
	if err != nil {
		return err
	}
	code, err := encoder.Predict(context.Background(), x.Materialize().(*tensor.Dense))
	if err != nil {
		return err
	}
	means := make([]float32, 0, 2*digits.Test)
	for i := range digits.Test {
		means = append(means, code.Float32s()[4*i:][:2]...)
	}
	classes := make([]float32, digits.Test)
	for i := range classes {
		classes[i] = float32(d.test.Labels[i])
	}
	w["classes"] = tensor.New(tensor.WithShape(digits.Test), tensor.WithBacking(classes))
	w["codes"] = tensor.New(tensor.WithShape(digits.Test, 2), tensor.WithBacking(means))
	return nil
}
