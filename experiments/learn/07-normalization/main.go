// Command 07-normalization: normalization lets a deep network learn, and dropout lowers the loss on new digits.
//
//	go run ./experiments/learn/07-normalization
//	go test -v -run Exercise/answer ./experiments/learn/07-normalization
package main

import (
	"context"
	"fmt"
	"io"
	"log"
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

// deep returns a network of twelve layers of 32 neurons, each followed by the given layer.
func deep(init graph.Initializer, behind graph.Layer) graph.Layer {
	net := layers.Sequential{}
	for i := range 12 {
		net = append(net, layers.Dense{Units: 32, KernelInit: init}, behind, layers.ReLU{}, spread(i+1))
	}
	return append(net, layers.Dense{Units: 10}, layers.Softmax{})
}

// A spread is a layer that changes nothing, and logs the standard deviation of what passes through it.
type spread int

func (d spread) Emit(s *graph.Scope, x graph.Node) graph.Node {
	s.Log(fmt.Sprintf("spread %d", d), x.Std())
	return x
}

// wide returns a network of 128 neurons that drops a fraction of them in each step of training.
func wide(rate float64) graph.Layer {
	return layers.Sequential{layers.Dense{Units: 128}, layers.ReLU{}, layers.Dropout{Rate: rate}, layers.Dense{Units: 10}, layers.Softmax{}}
}

// train returns the logs of each epoch.
func train(net graph.Layer, optimizer graph.Optimizer, epochs int, data, valid graph.Arrays) ([]graph.Logs, error) {
	model, err := graph.Compile(net, graph.Config{
		Input:     []int{784},
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: optimizer,
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      1,
	})
	if err != nil {
		return nil, err
	}
	history, err := model.Fit(context.Background(), data, graph.FitConfig{Epochs: epochs, BatchSize: 20, Valid: valid})
	return history.Logs, err
}

func run(w io.Writer) error {
	all, test, err := datasets.MNIST()
	if err != nil {
		return err
	}
	some, _, err := all.Split(500, 1)
	if err != nil {
		return err
	}
	test.Pixels, test.Labels = test.Pixels[:500*784], test.Labels[:500]
	data, valid := some.Arrays(), test.Arrays()
	fmt.Fprintln(w, "              spread behind layer 1, 4, 8 and 12   accuracy after epoch 1, 3 and 6")
	for _, row := range []struct {
		name   string
		init   graph.Initializer
		behind graph.Layer
	}{
		{"plain ~", graph.GlorotUniform, layers.Identity{}},
		{"He's start ~", graph.HeUniform, layers.Identity{}},
		{"BatchNorm ~", graph.GlorotUniform, layers.BatchNorm{}},
		{"LayerNorm ~", graph.GlorotUniform, layers.LayerNorm{}},
	} {
		logs, err := train(deep(row.init, row.behind), optimizers.SGD{LearningRate: 0.1}, 6, data, valid)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-14s", row.name)
		for _, layer := range []int{1, 4, 8, 12} {
			fmt.Fprintf(w, "  %6.4f", logs[0][fmt.Sprintf("train_spread %d", layer)])
		}
		fmt.Fprintf(w, "   %5.1f%%  %5.1f%%  %5.1f%%\n", 100*logs[0]["valid_accuracy"], 100*logs[2]["valid_accuracy"], 100*logs[5]["valid_accuracy"])
	}
	fmt.Fprintln(w, "\ndropped   loss in training   on new digits   accuracy on new digits")
	for _, rate := range []float64{0, 0.25, 0.5} {
		logs, err := train(wide(rate), optimizers.Adam{LearningRate: 2e-3}, 20, data, valid)
		if err != nil {
			return err
		}
		last := logs[19]
		fmt.Fprintf(w, "%6.0f%%   %16.4f   %13.3f   %21.1f%%\n", 100*rate, last["train_loss"], last["valid_loss"], 100*last["valid_accuracy"])
	}
	return nil
}

// Exercise 1. Write LayerNorm without its weight and bias: subtract from each row of x, (batch, features), its mean, and divide by
// the square root of its variance plus 1e-5.
var exercise1 graph.LayerFunc

// Exercise 2. Write Dropout: in training, each element is 0 with probability rate, and the others are divided by 1 - rate, so that
// the mean is kept; in inference nothing happens. Scope.Noise draws uniform numbers from 0 to 1, Scope.Training reports the mode.
var exercise2 func(rate float64) graph.LayerFunc
