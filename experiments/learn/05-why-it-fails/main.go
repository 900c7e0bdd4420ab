// Command 05-why-it-fails: one network on the same digits, spoilt in six ways: by its learning rate, its initial weights, its loss.
//
//	go run ./experiments/learn/05-why-it-fails
//	go test -v -run Exercise/answer ./experiments/learn/05-why-it-fails
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"math"
	"os"

	"github.com/nndiy/nndiy/datasets"
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

// network has 32 hidden neurons, whose weights begin as init says.
func network(init graph.Initializer, end ...graph.Layer) graph.Layer {
	return append(layers.Sequential{layers.Dense{Units: 32, KernelInit: init}, layers.Tanh{}, layers.Dense{Units: 10, KernelInit: init}}, end...)
}

// softmax is layers.Softmax in other words, in which Compile does not recognize it.
var softmax = layers.Lambda(func(x graph.Node) graph.Node {
	e := x.Exp()
	return e.Div(e.Sum(1).Expand(1))
})

// neurons returns how many of the 32 hidden neurons differ from each other, and the fraction of their outputs beyond ±0.99, where
// the slope of tanh is below 0.02, on the first 20 images.
func neurons(model *graph.Model, x *graph.Tensor) (different int, saturated float64) {
	weights, pixels, rows := model.Weights(), x.Data().([]float32), 20
	w, b := weights["dense1/weight"].Data().([]float32), weights["dense1/bias"].Data().([]float32)
	seen := map[float32]bool{}
	for k := range 32 {
		seen[w[32*400+k]] = true // the weight of a pixel left of the middle
		for row := range rows {
			sum := b[k]
			for i, p := range pixels[784*row:][:784] {
				sum += p * w[32*i+k]
			}
			if math.Abs(math.Tanh(float64(sum))) > 0.99 {
				saturated += 1 / float64(32*rows)
			}
		}
	}
	return len(seen), saturated
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
	train, valid := some.Arrays(), test.Arrays()
	fmt.Fprintln(w, "loss after epoch         1       2       5      10      20   accuracy  different  saturated")
	for _, row := range []struct {
		name string
		net  graph.Layer
		rate float64
	}{
		{"as it should be", network(graph.GlorotUniform, layers.Softmax{}), 0.2},
		{"rate too small", network(graph.GlorotUniform, layers.Softmax{}), 0.0005},
		{"rate too large ~", network(graph.GlorotUniform, layers.Softmax{}), 2},
		{"weights all 0", network(graph.Zeros, layers.Softmax{}), 0.2},
		{"weights all 0.1", network(graph.Constant(0.1), layers.Softmax{}), 0.2},
		{"weights too large", network(graph.Normal(0, 1), layers.Softmax{}), 0.2},
		{"softmax of softmax", network(graph.GlorotUniform, softmax, layers.Softmax{}), 0.2},
	} {
		model, err := graph.Compile(row.net, graph.Config{
			Input:     []int{784},
			Loss:      losses.SparseCategoricalCrossEntropy{},
			Optimizer: optimizers.SGD{LearningRate: row.rate},
			Metrics:   []graph.Metric{metrics.Accuracy{}},
			Seed:      1,
		})
		if err != nil {
			return err
		}
		history, err := model.Fit(context.Background(), train, graph.FitConfig{Epochs: 20, BatchSize: 20})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-19s", row.name)
		for _, epoch := range []int{1, 2, 5, 10, 20} {
			fmt.Fprintf(w, " %7.3f", history.Series("train_loss")[epoch-1])
		}
		logs, err := model.Evaluate(context.Background(), valid)
		if err != nil {
			return err
		}
		different, saturated := neurons(model, valid.X)
		fmt.Fprintf(w, "     %5.1f%%     %6d      %5.1f%%\n", 100*logs["accuracy"], different, 100*saturated)
	}
	_, err = graph.Compile(network(graph.GlorotUniform, layers.Softmax{}, layers.Softmax{}),
		graph.Config{Input: []int{784}, Loss: losses.SparseCategoricalCrossEntropy{}})
	fmt.Fprintf(w, "\nno softmax of a softmax of ten classes has a loss below log(e + 9) - 1 = %.3f, and Compile refuses it:\n%v\n", math.Log(math.E+9)-1, err)
	return nil
}

// Exercise 1. p is the softmax of z, and dp the derivative of a loss by p. Return the loss's derivative by z.
var exercise1 func(p, dp []float64) []float64

// Exercise 2. Train one weight by Adam (Kingma & Ba 2015) with beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8.
var exercise2 func(gradient func(w float64) float64, w, rate float64, steps int) float64
