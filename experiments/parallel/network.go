package main

import (
	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// A network is a choice of -network.
type network struct {
	net  layers.Sequential
	loss graph.Loss
	data func(*datasets.Images) graph.Dataset
}

func networks() *choose.Flag[network] {
	rows := func(m *datasets.Images) graph.Dataset { return m.Arrays() }
	planes := func(m *datasets.Images) graph.Dataset { return graph.Arrays{X: m.Planes(), Y: m.Y()} }
	noisy := func(m *datasets.Images) graph.Dataset { return datasets.PixelNoise{Clean: m.Arrays(), Amount: 0.8} }
	conv := func(filters int) graph.Layer {
		return layers.Conv2D{Filters: filters, Kernel: []int{3}, Padding: layers.Same}
	}
	dense := func(units int) graph.Layer { return layers.Dense{Units: units, KernelInit: graph.HeNormal} }
	return choose.Of(
		choose.Option[network]{Name: "mlp", Value: network{layers.Sequential{
			dense(256), layers.ReLU{}, layers.Dropout{Rate: 0.1}, dense(128), layers.ReLU{}, layers.Dense{Units: 10}, layers.Softmax{},
		}, losses.SparseCategoricalCrossEntropy{}, rows}},
		choose.Option[network]{Name: "cnn2d", Value: network{layers.Sequential{
			conv(32), layers.BatchNorm{}, layers.ReLU{}, layers.MaxPool2D{}, conv(64), layers.BatchNorm{}, layers.ReLU{}, layers.MaxPool2D{},
			layers.Flatten{}, dense(128), layers.ReLU{}, layers.Dense{Units: 10}, layers.Softmax{},
		}, losses.SparseCategoricalCrossEntropy{}, planes}},
		choose.Option[network]{Name: "denoise", Value: network{layers.Sequential{
			dense(256), layers.ReLU{}, dense(180), layers.ReLU{}, dense(128), layers.ReLU{}, dense(180), layers.ReLU{}, dense(256), layers.ReLU{},
			layers.Dense{Units: 784}, layers.Sigmoid{},
		}, losses.BinaryCrossEntropy{}, noisy}},
	)
}

// data returns the training data, the same on all processes.
func (s settings) data() (graph.Dataset, error) {
	images, _, err := datasets.MNIST()
	if err == nil && s.train < images.Len() {
		images, _, err = images.Split(s.train, s.seed)
	}
	if err != nil {
		return nil, err
	}
	return s.network.Value().data(images), nil
}

// compile returns the model, the same on all processes.
func (s settings) compile(data graph.Dataset) (*graph.Model, error) {
	input := []int{784}
	if a, ok := data.(graph.Arrays); ok {
		input = a.X.Shape()[1:]
	}
	return graph.Compile(s.network.Value().net, graph.Config{
		Input: input, Loss: s.network.Value().loss, Optimizer: optimizers.Adam{}, Seed: s.seed,
	})
}
