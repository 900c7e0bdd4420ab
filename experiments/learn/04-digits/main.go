// Command 04-digits: ten neurons read handwritten digits, and a layer before them reads them better.
//
//	go run ./experiments/learn/04-digits
//	go test -v -run Exercise/answer ./experiments/learn/04-digits
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"slices"

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

// perceptron has a neuron for each class, each with a weight for every pixel. Softmax makes probabilities of the ten sums.
var perceptron = layers.Sequential{layers.Dense{Units: 10, KernelInit: graph.Zeros}, layers.Softmax{}}

// multilayer has 64 neurons between the pixels and the classes.
var multilayer = layers.Sequential{layers.Dense{Units: 64}, layers.ReLU{}, layers.Dense{Units: 10}, layers.Softmax{}}

// train trains a network and prints its accuracy after each epoch.
func train(w io.Writer, name string, net graph.Layer, train, valid graph.Arrays) (*graph.Model, error) {
	model, err := graph.Compile(net, graph.Config{
		Input:     []int{784},
		Loss:      losses.SparseCategoricalCrossEntropy{}, // the mean of -log(probability of the right class)
		Optimizer: optimizers.Adam{LearningRate: 3e-3},
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      1,
	})
	if err != nil {
		return nil, err
	}
	history, err := model.Fit(context.Background(), train, graph.FitConfig{Epochs: 6, BatchSize: 50, Valid: valid})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(w, "%-16s", name)
	for _, accuracy := range history.Series("valid_accuracy") {
		fmt.Fprintf(w, "  %4.1f%%", 100*accuracy)
	}
	last := history.Logs[len(history.Logs)-1]
	fmt.Fprintf(w, "   loss in training %.3f, on new digits %.3f\n", last["train_loss"], last["valid_loss"])
	return model, nil
}

// seen returns the weights of the neuron of a class as an image: 0.5 is a weight of 0.
func seen(model *graph.Model, class int) []float32 {
	weights := model.Weights()["dense1/weight"].Data().([]float32) // (784, 10)
	image := make([]float32, 784)
	for i := range image {
		image[i] = 0.5 + 2*weights[10*i+class]
	}
	return image
}

func run(w io.Writer) error {
	all, test, err := datasets.MNIST()
	if err != nil {
		return err
	}
	some, _, err := all.Split(3000, 1)
	if err != nil {
		return err
	}
	test, _, err = test.Split(1000, 1)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "accuracy on %d new digits after each epoch, having seen %d\n", test.Len(), some.Len())
	one, err := train(w, "ten neurons", perceptron, some.Arrays(), test.Arrays())
	if err != nil {
		return err
	}
	two, err := train(w, "64 + ten neurons", multilayer, some.Arrays(), test.Arrays())
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nthe weights of the neurons of 0 and 3: @ speaks for the digit, blank against it")
	draw.Images(w, 28, 28, seen(one, 0), seen(one, 3))

	x, labels := test.X().Data().([]float32), test.Labels
	y, err := two.Predict(context.Background(), test.X())
	if err != nil {
		return err
	}
	p := y.Data().([]float32)
	fmt.Fprintln(w, "\nthree digits that the 64 + ten neurons read wrong")
	var images [][]float32
	for i := 0; i < len(labels) && len(images) < 3; i++ {
		row, right := p[10*i:10*i+10], int(labels[i])
		if best := slices.Index(row, slices.Max(row)); best != right {
			fmt.Fprintf(w, "a %d, read as %d with probability %.2f; that of %d is %.2f\n", right, best, row[best], right, row[right])
			images = append(images, x[784*i:][:784])
		}
	}
	draw.Images(w, 28, 28, images...)
	return nil
}

// Exercise 1. Return the fraction of rows whose largest probability is at the row's class. p has a row for each class number.
var exercise1 func(p [][]float64, class []int) float64

// Exercise 2. Write the loss with nodes: the mean of log(Σ exp(z)) - z[class] over the batch. z is (batch, classes), oneHot has a
// 1 at the class of each row and zeros elsewhere. It must be finite for sums z of 1000 too, as Node.LogSumExp is.
var exercise2 func(z, oneHot graph.Node) graph.Node
