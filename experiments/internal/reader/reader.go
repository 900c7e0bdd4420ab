// Package reader trains an image classifier, with which experiments judge how legible the images are that they make.
package reader

import (
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// Train returns a classifier with the weights of the epoch of the highest validation accuracy. It predicts the probabilities of
// the classes. Ctrl-C ends the training, but not the lab.
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

// Read returns the most probable class of each row of probabilities, of shape (rows, classes).
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
