// Command 06-convolution: the same few weights at every place of an image, so a pattern learned at one place is known at all.
//
//	go run ./experiments/learn/06-convolution
//	go test -v -run Exercise/answer ./experiments/learn/06-convolution
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"gorgonia.org/tensor"

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

// convolve moves a 3×3 kernel over an image with a border of zeros: each result is a weighted sum of a pixel's neighbourhood.
func convolve(image []float32, kernel [3][3]float32) []float32 {
	y := make([]float32, 28*28)
	for at := range y {
		for i := range 3 {
			for k := range 3 {
				if r, c := at/28+i-1, at%28+k-1; r >= 0 && r < 28 && c >= 0 && c < 28 {
					y[at] += kernel[i][k] * image[28*r+c]
				}
			}
		}
	}
	return y
}

// shifted returns the images moved to the right by a number of pixels.
func shifted(images graph.Arrays, by int) graph.Arrays {
	from := images.X.Data().([]float32)
	to := make([]float32, len(from))
	for i := range to {
		if i%28 >= by {
			to[i] = from[i-by]
		}
	}
	return graph.Arrays{X: tensor.New(tensor.WithShape(images.X.Shape()...), tensor.WithBacking(to)), Y: images.Y}
}

var dense = layers.Sequential{layers.Flatten{}, layers.Dense{Units: 64}, layers.ReLU{}, layers.Dense{Units: 10}, layers.Softmax{}}

// convolutional looks for small patterns, then for patterns of patterns, and keeps the strongest match of each, wherever it is.
var convolutional = layers.Sequential{
	layers.Conv2D{Filters: 8, Kernel: []int{5}, Stride: []int{2}, Padding: layers.Same}, layers.ReLU{},
	layers.Conv2D{Filters: 32, Kernel: []int{5}, Stride: []int{2}, Padding: layers.Same}, layers.ReLU{},
	layers.GlobalMaxPool{}, layers.Dense{Units: 10}, layers.Softmax{},
}

func run(w io.Writer) error {
	all, test, err := datasets.MNIST()
	if err != nil {
		return err
	}
	some, _, err := all.Split(1000, 1)
	if err != nil {
		return err
	}
	test, _, err = test.Split(500, 1)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "a digit, its upper edges and its left edges")
	digit := some.X().Data().([]float32)[:784]
	upper, left := [3][3]float32{{-1, -1, -1}, {}, {1, 1, 1}}, [3][3]float32{{-1, 0, 1}, {-1, 0, 1}, {-1, 0, 1}}
	draw.Images(w, 28, 28, digit, convolve(digit, upper), convolve(digit, left))

	fmt.Fprintln(w, "\n               parameters  accuracy on new digits, moved by 0, 2, 4 and 6 pixels")
	train, valid := graph.Arrays{X: some.Planes(), Y: some.Y()}, graph.Arrays{X: test.Planes(), Y: test.Y()}
	for i, net := range []graph.Layer{dense, convolutional} {
		model, err := graph.Compile(net, graph.Config{
			Input: []int{1, 28, 28}, Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: 5e-3},
			Metrics: []graph.Metric{metrics.Accuracy{}}, Seed: 1,
		})
		if err != nil {
			return err
		}
		if _, err = model.Fit(context.Background(), train, graph.FitConfig{Epochs: 6, BatchSize: 25}); err != nil {
			return err
		}
		parameters := 0
		for _, weight := range model.Weights() {
			parameters += weight.Shape().TotalSize()
		}
		fmt.Fprintf(w, "%-13s  %10d", [...]string{"dense", "convolutional"}[i], parameters)
		for _, by := range []int{0, 2, 4, 6} {
			logs, err := model.Evaluate(context.Background(), shifted(valid, by))
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "  %4.1f%%", 100*logs["accuracy"])
		}
		fmt.Fprintln(w)
	}
	return nil
}

// Exercise 1. Convolve a row x with a kernel w, without padding: result i is the weighted sum of the len(w) elements from i·stride.
var exercise1 func(x, w []float64, stride int) []float64

// Exercise 2. y is the largest element of each window of size elements of x, which begin at 0, stride, 2·stride and so on. Given
// the loss's derivative by y, return the one by x. Windows may overlap; of equal elements the first counts.
var exercise2 func(x []float64, size, stride int, dy []float64) []float64
