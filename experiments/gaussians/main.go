// Command gaussians trains a small network to classify points in a plane, and draws the region of each class: toy problems to
// start with.
//
//	go run ./experiments/gaussians                     # four clouds of points
//	go run ./experiments/gaussians -problem stripes -loss cce
//	go run ./experiments/gaussians -help
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/metrics"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	s := settings{Problem: problems(), Loss: lossFlag(), Activation: choose.Activations("tanh"), Optimizer: choose.Optimizers("sgd")}
	return lab.Experiment{
		Name:  "gaussians",
		About: "trains a small network to classify points in a plane, and draws the region of each class.",
		Options: lab.Options{
			Train: 1000, Valid: 1000, Epochs: 40, Batch: 20, Patience: 40, Seed: 1, Out: "gaussians-out",
		},
		Files: []string{plane, loss, accuracy, lab.LogFile, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			f.Var(s.Problem, "problem", s.Problem.Names()+": four clouds of points, two clouds, or four vertical stripes; not with -data")
			f.Var(s.Loss, "loss", s.Loss.Names()+": categorical (cce) or binary (bce) cross-entropy, with class numbers (sparse) or one-hot targets")
			f.Var(s.Activation, "activation", s.Activation.Names())
			f.Var(s.Optimizer, "optimizer", s.Optimizer.Names()+"; sgd with -batch 1 is stochastic gradient descent, with -batch equal to -train it is batch gradient descent")
		},
		Run:       func(l *lab.Lab) (any, error) { return gaussians(l, s) },
		MakesData: true,
		Apart:     [][]string{{"data", "problem"}},
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Problem    *choose.Flag[problem]           `json:"problem"`
	Loss       *choose.Flag[criterion]         `json:"loss"`
	Activation *choose.Flag[choose.Activation] `json:"activation"`
	Optimizer  *choose.Flag[choose.Optimizer]  `json:"optimizer"`
}

// A result is what -json prints.
type result struct {
	settings
	lab.Training
	ValidLoss     float64 `json:"valid_loss"`
	ValidAccuracy float64 `json:"valid_accuracy"`
	TestAccuracy  float64 `json:"test_accuracy"`
}

// gaussians is the recipe.
func gaussians(l *lab.Lab, s settings) (*result, error) {
	// Data.
	data, classes, err := s.data(l)
	if err != nil {
		return nil, err
	}

	// Network.
	activation, criterion := s.Activation.Value(), s.Loss.Value()
	net := layers.Sequential{
		activation.Dense(16), activation.Layer,
		activation.Dense(16), activation.Layer,
		layers.Dense{Units: classes}, criterion.end,
	}

	// Compile.
	model, err := graph.Compile(net, graph.Config{
		Input:     []int{2},
		Loss:      criterion.loss,
		Optimizer: s.Optimizer.Value()(l.LR),
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      l.Seed,
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%d training, %d validation and %d test points\n\n%v\n", data.train.Len(), data.valid.Len(), data.test.Len(), model)

	// Fit. The weights of the best epoch are kept.
	history, training, err := l.Fit(model, data.train, data.valid, "")
	if err != nil {
		return nil, err
	}

	// Show.
	r := &result{settings: s, Training: training}
	return r, r.show(l, model, data, history)
}
