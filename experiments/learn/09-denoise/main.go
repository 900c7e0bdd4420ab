// Command 09-denoise: an auto-encoder removes noise from digits. One that has seen one amount of noise knows no other.
//
//	go run ./experiments/learn/09-denoise
//	go test -v -run Exercise/answer ./experiments/learn/09-denoise
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/learn/internal/draw"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// network squeezes 784 pixels through 64 numbers: too few for noise, enough for a digit.
var network = layers.Sequential{
	layers.Dense{Units: 128}, layers.ReLU{},
	layers.Named("code", layers.Dense{Units: 64}), layers.ReLU{},
	layers.Dense{Units: 128}, layers.ReLU{},
	layers.Dense{Units: 784}, layers.Sigmoid{},
}

func compile(net graph.Layer, loss graph.Loss) (*graph.Model, error) {
	return graph.Compile(net, graph.Config{
		Input:     []int{784},
		Loss:      loss,
		Optimizer: optimizers.Adam{LearningRate: 3e-3},
		Metrics:   []graph.Metric{metrics.PSNR{}},
		Seed:      1,
	})
}

func run(w io.Writer) error {
	ctx := context.Background()
	all, test, err := datasets.MNIST()
	if err != nil {
		return err
	}
	some, _, err := all.Split(2000, 1)
	if err != nil {
		return err
	}
	test.Pixels, test.Labels = test.Pixels[:300*784], test.Labels[:300]
	clean, valid := some.Arrays(), test.Arrays()

	var model *graph.Model
	amounts := []float64{0.1, 0.2, 0.4, 0.6, 0.8}
	fmt.Fprint(w, "PSNR in dB of new digits; fraction of noise  10%   20%   40%   60%   80%\n")
	for _, row := range []struct {
		name  string
		net   graph.Layer
		loss  graph.Loss
		noisy graph.Dataset // X is noisy and Y is clean; the noise is new in each epoch
	}{
		{"the noisy digits", layers.Identity{}, losses.MeanSquaredError{}, nil},
		{"a network that has seen 60%", network, losses.BinaryCrossEntropy{}, datasets.PixelNoise{Clean: clean, Amount: 0.6}},
		{"a network that has seen 0 to 80%", network, losses.BinaryCrossEntropy{}, datasets.PixelNoise{Clean: clean, UpTo: 0.8}},
	} {
		if model, err = compile(row.net, row.loss); err != nil {
			return err
		}
		if row.noisy != nil {
			if _, err := model.Fit(ctx, row.noisy, graph.FitConfig{Epochs: 8, BatchSize: 50}); err != nil {
				return err
			}
		}
		fmt.Fprintf(w, "%-42s", row.name)
		for _, amount := range amounts {
			logs, err := model.Evaluate(ctx, datasets.PixelNoise{Clean: valid, Amount: amount})
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "  %4.1f", logs["psnr"])
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "\n60% noise, what the last network makes of it, and the digit")
	for batch, err := range (datasets.PixelNoise{Clean: valid, Amount: 0.6}).Batches(1, nil) {
		if err != nil {
			return err
		}
		out, err := model.Predict(ctx, batch.X)
		if err != nil {
			return err
		}
		draw.Images(w, 28, 28, batch.X.Data().([]float32), out.Data().([]float32), batch.Y.Data().([]float32))
		break
	}
	return nil
}

// Exercise 1. Return the peak signal-to-noise ratio in decibels, 10·log10(1/MSE), of an image with pixels from 0 to 1.
var exercise1 func(image, original []float64) float64

// Exercise 2. Bring pixels of any unit to the range from 0 to 1, by the smallest and the largest pixel of the training set. The
// test set must get the same map, so that equal pixels stay equal. Do not change the arguments.
var exercise2 func(train, test []float64) (scaledTrain, scaledTest []float64)
