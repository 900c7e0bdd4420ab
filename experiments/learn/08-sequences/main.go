// Command 08-sequences: a recurrent layer carries what it has seen from step to step; attention looks it up where it stands.
//
//	go run ./experiments/learn/08-sequences
//	go test -v -run Exercise/answer ./experiments/learn/08-sequences
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"

	"gorgonia.org/tensor"

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

const symbols = 8

// marked returns n sequences of random symbols, each with a mark at one symbol, the target. A step of a sequence is the one-hot
// encoding of its symbol, and one more number: 1 at the mark.
func marked(n, time int, seed uint64) graph.Arrays {
	rng := rand.New(rand.NewPCG(seed, 1))
	x, y := make([]float32, n*time*(symbols+1)), make([]float32, n)
	for i := range n {
		mark := rng.IntN(time)
		for t := range time {
			symbol, step := rng.IntN(symbols), x[(i*time+t)*(symbols+1):]
			step[symbol] = 1
			if t == mark {
				step[symbols], y[i] = 1, float32(symbol)
			}
		}
	}
	return graph.Arrays{
		X: tensor.New(tensor.WithShape(n, time, symbols+1), tensor.WithBacking(x)),
		Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y)),
	}
}

// attention gives each step a weight by its key, and returns the weighted mean of the steps' values.
var attention = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
	key := s.Apply(layers.Dense{Units: 16}, x)                    // (batch, time, 16): the symbol, or the mark
	query := s.Param("query", graph.GlorotUniform, 16, 1)         // the same for all steps
	weight := key.MatMul(query).Softmax(1)                        // (batch, time, 1), which sum to 1 over the time
	s.Output("weight", weight)                                    // for the picture
	return s.Apply(layers.Dense{Units: 32}, x).Mul(weight).Sum(1) // (batch, 32)
})

func train(memory graph.Layer, time int) (*graph.Model, float64, error) {
	model, err := graph.Compile(layers.Sequential{memory, layers.Dense{Units: symbols}, layers.Softmax{}}, graph.Config{
		Input:     []int{time, symbols + 1},
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: optimizers.Adam{LearningRate: 0.01},
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      1,
	})
	if err != nil {
		return nil, 0, err
	}
	if _, err := model.Fit(context.Background(), marked(1000, time, 1), graph.FitConfig{Epochs: 6, BatchSize: 20}); err != nil {
		return nil, 0, err
	}
	logs, err := model.Evaluate(context.Background(), marked(500, time, 2))
	return model, logs["accuracy"], err
}

func run(w io.Writer) error {
	times := []int{5, 10, 20, 40}
	fmt.Fprintf(w, "accuracy on new sequences of %d steps; chance is %.1f%%\n", times, 100.0/symbols)
	var last *graph.Model
	for i, memory := range []graph.Layer{layers.SimpleRNN{Units: 32}, layers.GRU{Units: 32}, attention} {
		fmt.Fprintf(w, "%-12s", [...]string{"SimpleRNN ~", "GRU ~", "attention"}[i])
		for _, time := range times {
			model, accuracy, err := train(memory, time)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "  %5.1f%%", 100*accuracy)
			last = model
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "\neight sequences of 40 steps: their marks, and the weights of the attention")
	few := marked(8, 40, 3)
	out, err := last.PredictAll(context.Background(), map[string]*graph.Tensor{graph.MainInput: few.X})
	if err != nil {
		return err
	}
	marks, x := make([]float32, 8*40), few.X.Data().([]float32)
	for i := range marks {
		marks[i] = x[i*(symbols+1)+symbols]
	}
	draw.Plane(w, 40, marks, out["weight"].Data().([]float32))
	return nil
}

// Exercise 1. Write causal attention for one head: query, key and value are (batch, time, size); each query gets the mean of the
// values, weighted by softmax(query·key/√size) over the keys that are not later. A logit of -1e9 makes a weight of zero.
var exercise1 func(s *graph.Scope, query, key, value graph.Node) graph.Node

// Exercise 2. Write a recurrence with Scope.Scan: h = keep·h + (1-keep)·x, which starts at 0. x is (time, features), and so is the
// result, h after each step.
var exercise2 func(s *graph.Scope, x graph.Node, keep float64) graph.Node
