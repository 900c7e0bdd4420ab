// Command regression fits a line to noisy points and draws it: the smallest network, with one weight and one bias.
//
//	go run ./experiments/regression
//	go run ./experiments/regression -loss mae
//	go run ./experiments/regression -help
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
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	s := settings{Loss: lossFlag(), Optimizer: choose.Optimizers("sgd")}
	return lab.Experiment{
		Name:  "regression",
		About: "fits a line to noisy points and draws it.",
		Options: lab.Options{
			Train: 500, Valid: 200, Epochs: 30, Batch: 20, Patience: 30, Seed: 1, Out: "regression-out",
		},
		Files: []string{line, curves, lab.LogFile, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			f.Var(s.Loss, "loss", s.Loss.Names()+": mean squared, mean absolute or root mean squared error")
			f.Var(s.Optimizer, "optimizer", s.Optimizer.Names())
			f.Float64Var(&s.Noise, "noise", 0.1, "standard deviation of the noise; not with -data")
		},
		Check: func() error {
			if !(s.Noise >= 0 && s.Noise <= 1e6) {
				return fmt.Errorf("-noise: got %v, want 0 to 1e6", s.Noise)
			}
			return nil
		},
		Run:       func(l *lab.Lab) (any, error) { return regression(l, s) },
		MakesData: true,
		Apart:     [][]string{{"data", "noise"}},
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Loss      *choose.Flag[graph.Loss]       `json:"loss"`
	Optimizer *choose.Flag[choose.Optimizer] `json:"optimizer"`
	Noise     float64                        `json:"noise"`
}

func lossFlag() *choose.Flag[graph.Loss] {
	return choose.Of(
		choose.Option[graph.Loss]{Name: "mse", Value: losses.MeanSquaredError{}},
		choose.Option[graph.Loss]{Name: "mae", Value: losses.MeanAbsoluteError{}},
		choose.Option[graph.Loss]{Name: "rmse", Value: losses.RootMeanSquaredError{}},
	)
}

// A result is what -json prints: the line is y = Slope·x + Intercept.
type result struct {
	settings
	lab.Training
	Slope     float64 `json:"slope"`
	Intercept float64 `json:"intercept"`
	ValidLoss float64 `json:"valid_loss"`
	ValidMSE  float64 `json:"valid_mse"`
}

// regression is the recipe.
func regression(l *lab.Lab, s settings) (*result, error) {
	// Data.
	train, valid, err := s.data(l)
	if err != nil {
		return nil, err
	}

	// Network: one unit.
	net := layers.Named("line", layers.Dense{Units: 1})

	// Compile.
	model, err := graph.Compile(net, graph.Config{
		Input:     []int{1},
		Loss:      s.Loss.Value(),
		Optimizer: s.Optimizer.Value()(l.LR),
		Metrics:   []graph.Metric{metrics.MeanSquaredError{}},
		Seed:      l.Seed,
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%d training and %d validation points\n\n%v\n", train.Len(), valid.Len(), model)

	// Fit. The weights of the best epoch are kept.
	history, training, err := l.Fit(model, train, valid, "")
	if err != nil {
		return nil, err
	}

	// Show.
	r := &result{settings: s, Training: training}
	return r, r.show(l, model, valid, history)
}
