// Package reader trains a network that tells what a picture shows, for experiments to find out how legible theirs are.
package reader

import (
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// Train returns a classifier of pictures, with the weights of the epoch that read the valid ones best. It gives probabilities
// of the classes. Ctrl-C ends the training, but not the lab.
func Train(l *lab.Lab, train, valid graph.Arrays, epochs int) (*graph.Model, lab.Training, error) {
	net := layers.Sequential{
		layers.Dense{Units: 512}, layers.ReLU{}, layers.Dropout{Rate: 0.2},
		layers.Dense{Units: l.Images.Classes()}, layers.Softmax{},
	}
	model, err := graph.Compile(net, graph.Config{
		Input:     train.X.Shape()[1:],
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: optimizers.Adam{LearningRate: 2e-3},
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      l.Seed,
	})
	if err != nil {
		return nil, lab.Training{}, err
	}
	course := lab.Course{Epochs: epochs, Batch: 128, Patience: epochs, Highest: "valid_accuracy"}
	_, training, err := course.Fit(l, model, train, valid)
	return model, training, err
}

// Read returns the class that each row of probabilities gives the most to.
func Read(probabilities *graph.Tensor) []int {
	p, k := probabilities.Data().([]float32), probabilities.Shape()[1]
	classes := make([]int, probabilities.Shape()[0])
	for i := range classes {
		row := p[i*k:][:k]
		for c, v := range row {
			if v > row[classes[i]] {
				classes[i] = c
			}
		}
	}
	return classes
}
