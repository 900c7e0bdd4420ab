package main

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/shrink"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// A workload is a network, its loss and the shape of its data.
type workload struct {
	net   graph.Layer
	loss  graph.Loss
	input []int
	noise float64 // fraction of the input's pixels to replace by random values
	copy  bool    // the target is the image, not its class
	side  int     // shrink the images to side×side pixels; 0 means no shrinking

	random func() graph.Arrays // makes the data, in place of MNIST
}

// stack returns dense layers of the given sizes with an activation between them, and end after them unless it is nil.
func stack(activation, end graph.Layer, sizes ...int) layers.Sequential {
	var net layers.Sequential
	for i, n := range sizes {
		if i > 0 {
			net = append(net, activation)
		}
		net = append(net, layers.Dense{Units: n})
	}
	if end != nil {
		net = append(net, end)
	}
	return net
}

// cnn1d is a 1-D convolution of an image's pixels in a row, and two dense layers.
var cnn1d = layers.Sequential{
	layers.Conv1D{Filters: 32, Kernel: 3}, layers.MaxPool1D{}, layers.Flatten{},
	layers.Dense{Units: 100}, layers.ReLU{}, layers.Dense{Units: 10},
}

// cnn2d is two 2-D convolutions and two dense layers.
var cnn2d = layers.Sequential{
	layers.Conv2D{Filters: 32, Kernel: []int{3}, Padding: layers.Pad(1)}, layers.ReLU{}, layers.MaxPool2D{},
	layers.Conv2D{Filters: 64, Kernel: []int{3}, Padding: layers.Pad(1)}, layers.ReLU{}, layers.MaxPool2D{},
	layers.Flatten{}, layers.Dense{Units: 128}, layers.ReLU{}, layers.Dense{Units: 10},
}

var workloads = map[string]workload{
	"mlp": {net: stack(layers.Tanh{}, nil, 256, 128, 10), input: []int{784},
		loss: losses.SparseCategoricalCrossEntropy{FromLogits: true}},
	"autoencoder": {net: stack(layers.Tanh{}, layers.Sigmoid{}, 256, 64, 256, 784), input: []int{784},
		loss: losses.BinaryCrossEntropy{}, copy: true},
	"denoise80": {net: stack(layers.ReLU{}, layers.Sigmoid{}, 256, 180, 128, 180, 256, 784), input: []int{784},
		loss: losses.BinaryCrossEntropy{}, copy: true, noise: 0.8},
	"cnn1d256": {net: cnn1d, input: []int{1, 256}, loss: losses.SparseCategoricalCrossEntropy{FromLogits: true}, side: 16},
	"cnn1d784": {net: cnn1d, input: []int{1, 784}, loss: losses.SparseCategoricalCrossEntropy{FromLogits: true}},
	"cnn2d":    {net: cnn2d, input: []int{1, 28, 28}, loss: losses.SparseCategoricalCrossEntropy{FromLogits: true}},
}

var rules = map[string]graph.Optimizer{
	"sgd":      optimizers.SGD{LearningRate: 0.01}, // small enough for batches of 1
	"momentum": optimizers.SGD{LearningRate: 0.01, Momentum: 0.9},
	"adam":     optimizers.Adam{LearningRate: 1e-3},
}

func workloadNames() []string {
	list := append(names(workloads), names(networks)...)
	slices.Sort(list)
	return list
}

// workloadOf returns the workload of a setting.
func workloadOf(s setting) workload {
	if w, ok := workloads[s.Workload]; ok {
		return w
	}
	return network(s.Workload, 4*s.Batch, s.Time)
}

func optimizerNames() []string { return names(rules) }

func names[V any](m map[string]V) []string {
	var list []string
	for name := range m {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// model compiles the workload with the setting's optimizer.
func (w workload) model(s setting) (*graph.Model, error) {
	return graph.Compile(w.net, graph.Config{
		Input: w.input, Loss: w.loss, Optimizer: rules[s.Optimizer], Seed: 42, Workers: s.Threads,
	})
}

// data returns MNIST's training or test set in the shape of the workload, or random data.
func (w workload) data(test bool) (graph.Arrays, error) {
	if w.random != nil {
		return w.random(), nil
	}
	train, held, err := datasets.MNIST()
	if err != nil {
		return graph.Arrays{}, err
	}
	if test {
		train = held
	}
	a := train.Arrays()
	if w.side > 0 {
		small := shrink.Pictures(a.X.Float32s(), train.Rows, train.Cols, w.side)
		a.X = tensor.New(tensor.WithShape(train.Len(), w.side*w.side), tensor.WithBacking(small))
	}
	if w.copy {
		a.Y = a.X
	}
	if w.noise > 0 {
		noisy := datasets.PixelNoise{Clean: a, Amount: w.noise, Seed: 7}
		for b, err := range noisy.Batches(0, nil) {
			if err != nil {
				return a, err
			}
			a.X = b.X.Clone().(*tensor.Dense)
		}
	}
	if err := a.X.Reshape(append([]int{a.Len()}, w.input...)...); err != nil {
		return a, fmt.Errorf("workload: input of shape %v: %w", w.input, err)
	}
	return a, nil
}
