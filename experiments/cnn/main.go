// Command cnn trains a convolutional network to classify images, and reports its accuracy on test images.
//
//	go run ./experiments/cnn                                      # two 2-D convolutions: 99% on MNIST
//	go run ./experiments/cnn -network 1d784 -activation tanh -optimizer sgd -train 10000
//	go run ./experiments/cnn -help
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/classify"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	s := settings{Network: networks(), Activation: choose.Activations("relu"), Optimizer: choose.Optimizers("adam")}
	return lab.Experiment{
		Name:  "cnn",
		About: "trains a convolutional network to classify images, and shows its predictions for test images.",
		Options: lab.Options{
			Train: 48000, Valid: 12000, Epochs: 5, Batch: 64, Patience: 10, Seed: 1, Out: "cnn-out",
		},
		Files: classify.Files,
		Flags: func(f *flag.FlagSet) {
			f.Var(s.Network, "network", s.Network.Names()+": 2-D convolutions, or 1-D ones on the pixels in a row, 784 for MNIST, or 256 after shrinking to 16×16")
			f.Var(s.Activation, "activation", s.Activation.Names())
			f.Var(s.Optimizer, "optimizer", s.Optimizer.Names())
		},
		Run: func(l *lab.Lab) (any, error) { return cnn(l, s) },
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Network    *choose.Flag[network]           `json:"network"`
	Activation *choose.Flag[choose.Activation] `json:"activation"`
	Optimizer  *choose.Flag[choose.Optimizer]  `json:"optimizer"`
}

// A result is what -json prints.
type result struct {
	settings
	classify.Result
}

// cnn is the recipe.
func cnn(l *lab.Lab, s settings) (*result, error) {
	// Data.
	n := s.Network.Value()
	train, valid, test := n.data(l.Images.Train), n.data(l.Images.Valid), n.data(l.Images.Test)

	// Network: see network.go.
	net := n.layers(s.Activation.Value(), l.Images.Classes())

	// Compile.
	model, err := graph.Compile(net, graph.Config{
		Input:     train.X.Shape()[1:],
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: s.Optimizer.Value()(l.LR),
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      l.Seed,
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%v\ntraining with %v:\n", model, s.Optimizer)

	// Fit. The weights of the best epoch are kept.
	history, training, err := l.Fit(model, train, valid, "valid_accuracy")
	if err != nil {
		return nil, err
	}

	// Show.
	figures, err := classify.Show(l, classify.Report{
		Title: fmt.Sprintf("Convolutions %v, %v, %v", s.Network, s.Activation, s.Optimizer),
		Model: model, Train: train, Valid: valid, Test: test, History: history, Training: training,
	})
	return &result{s, figures}, err
}
