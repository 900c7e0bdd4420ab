package main

import (
	"context"
	"fmt"
	"math"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// classifyCodes trains a classifier on the codes of r.Codes training images, and measures it on the codes of the validation and
// test images.
func (r *result) classifyCodes(l *lab.Lab, encoder *graph.Model) error {
	part := l.Images.Train
	if r.Codes < part.Len() {
		var err error
		if part, _, err = part.Split(r.Codes, l.Seed); err != nil {
			return err
		}
	}
	r.Codes = part.Len()
	data, err := codes(encoder, part.Arrays(), l.Images.Valid.Arrays(), l.Images.Test.Arrays())
	if err != nil {
		return err
	}
	// The noise reduces overfitting when there are few codes.
	net := layers.Sequential{
		layers.GaussianNoise{Deviation: 0.3},
		layers.Dense{Units: 32}, layers.Tanh{},
		layers.Dense{Units: 16}, layers.Tanh{},
		layers.Dense{Units: l.Images.Classes()}, layers.Softmax{},
	}
	model, err := graph.Compile(net, graph.Config{
		Input:     []int{r.Bottleneck},
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: optimizers.Adam{LearningRate: 3e-3, WeightDecay: 1e-4},
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      l.Seed,
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(l.Stdout, "\ntraining a classifier on %d codes:\n", r.Codes)
	course := lab.Course{Epochs: 200, Batch: 32, Patience: 200, Highest: "valid_accuracy"}
	_, training, err := course.Fit(l, model, data[0], data[1])
	if err != nil {
		return err
	}
	r.LatentSeconds, r.Interrupted = training.Seconds, r.Interrupted || training.Interrupted
	for i, accuracy := range []*float64{&r.LatentAccuracy, &r.LatentTest} {
		logs, err := model.Evaluate(context.Background(), data[i+1])
		if err != nil {
			return err
		}
		*accuracy = logs["accuracy"]
	}
	fmt.Fprintf(l.Stdout, "\naccuracy of the classifier on codes: %.2f%% of %d validation images, %.2f%% of %d test images\n",
		100*r.LatentAccuracy, data[1].Len(), 100*r.LatentTest, data[2].Len())
	return nil
}

// codes replaces the images of each set by their codes. The codes are scaled by the statistics of the first set: each number to
// mean 0, and all of them so that the mean squared norm of a code is the same for every code length.
func codes(encoder *graph.Model, images ...graph.Arrays) ([]graph.Arrays, error) {
	const norm = 8 // mean squared norm of a code
	var scaler *datasets.Scaler
	for i, p := range images {
		x, err := encoder.Predict(context.Background(), p.X)
		if err != nil {
			return nil, err
		}
		if scaler == nil {
			if scaler, err = datasets.MeanVariance(x); err != nil {
				return nil, err
			}
			for j := range scaler.Scale {
				scaler.Scale[j] *= math.Sqrt(float64(len(scaler.Scale)) / norm)
			}
		}
		if images[i].X, err = scaler.Apply(x); err != nil {
			return nil, err
		}
	}
	return images, nil
}
