// Command mlp trains a network of dense layers, 784-256-128-10 for MNIST, to classify images, and reports its accuracy on test
// images.
//
//	go run ./experiments/mlp                                   # tanh and SGD, on MNIST
//	go run ./experiments/mlp -activation relu -optimizer adam
//	go run ./experiments/mlp -find-rate                        # a learning rate from a range test
//	go run ./experiments/mlp -live localhost:8080              # and look at it in a browser
//	go run ./experiments/mlp -help
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/classify"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	s := settings{Activation: choose.Activations("tanh"), Optimizer: choose.Optimizers("sgd")}
	return lab.Experiment{
		Name:  "mlp",
		About: "trains dense layers to classify images, and shows the predictions for test images.",
		Options: lab.Options{
			Train: 48000, Valid: 12000, Epochs: 15, Batch: 32, Patience: 10, Seed: 1, Out: "mlp-out",
		},
		Files: append(slices.Clone(classify.Files), lab.RatePicture, lab.RateFile),
		Flags: func(f *flag.FlagSet) {
			f.Var(s.Activation, "activation", s.Activation.Names())
			f.Var(s.Optimizer, "optimizer", s.Optimizer.Names())
			f.Float64Var(&s.Dropout, "dropout", 0, "`fraction` of the outputs of each hidden layer to drop in training")
			f.BoolVar(&s.FindRate, "find-rate", false, "try learning rates first, draw "+lab.RatePicture+", and train with the suggested one in place of -lr")
			s.Live.Declare(f)
		},
		Apart: [][]string{{"find-rate", "lr"}},
		Check: s.check,
		Run:   func(l *lab.Lab) (any, error) { return mlp(l, s) },
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Activation *choose.Flag[choose.Activation] `json:"activation"`
	Optimizer  *choose.Flag[choose.Optimizer]  `json:"optimizer"`
	Dropout    float64                         `json:"dropout"`
	FindRate   bool                            `json:"-"`
	Live       lab.LiveFlag                    `json:"-"`
}

func (s *settings) check() error {
	if !(s.Dropout >= 0 && s.Dropout < 1) {
		return fmt.Errorf("-dropout: got %v, want at least 0 and below 1", s.Dropout)
	}
	return nil
}

// A result is what -json prints.
type result struct {
	settings
	Rate float64 `json:"found_rate,omitempty"` // of -find-rate
	classify.Result
}

// mlp is the recipe.
func mlp(l *lab.Lab, s settings) (*result, error) {
	// Data.
	train, valid, test := l.Images.Train.Arrays(), l.Images.Valid.Arrays(), l.Images.Test.Arrays()

	// Network.
	activation := s.Activation.Value()
	net := layers.Sequential{
		activation.Dense(256), activation.Layer, layers.Dropout{Rate: s.Dropout},
		activation.Dense(128), activation.Layer, layers.Dropout{Rate: s.Dropout},
		layers.Dense{Units: l.Images.Classes()}, layers.Softmax{},
	}

	// Compile, with the learning rate that a range test finds if it is asked for.
	compile := func(rate float64) (*graph.Model, error) {
		return graph.Compile(net, graph.Config{
			Input:     train.X.Shape()[1:],
			Loss:      losses.SparseCategoricalCrossEntropy{},
			Optimizer: s.Optimizer.Value()(rate),
			Metrics:   []graph.Metric{metrics.Accuracy{}},
			Seed:      l.Seed,
		})
	}
	model, err := compile(l.LR)
	found := 0.0
	if err == nil && s.FindRate {
		if found, err = l.FindRate(model, train, fmt.Sprintf("Dense layers, %v, %v", s.Activation, s.Optimizer)); err == nil {
			model, err = compile(found)
		}
	}
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%v\ntraining with %v:\n", model, s.Optimizer)

	// Fit. The weights of the best epoch are kept.
	history, training, err := l.Fit(model, train, valid, "valid_accuracy", s.Live.Callbacks(l, fmt.Sprintf("%v, %v", s.Activation, s.Optimizer), nil)...)
	if err != nil {
		return nil, err
	}

	// Show.
	figures, err := classify.Show(l, classify.Report{
		Title: fmt.Sprintf("Dense layers, %v, %v", s.Activation, s.Optimizer),
		Model: model, Train: train, Valid: valid, Test: test, History: history, Training: training,
	})
	return &result{s, found, figures}, err
}
