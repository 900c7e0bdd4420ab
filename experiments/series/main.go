// Command series trains a network to forecast the demand of the next 24 hours from the last week, and compares it with the day before.
//
//	go run ./experiments/series
//	go run ./experiments/series -help
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	return lab.Experiment{
		Name:    "series",
		About:   "trains a network to forecast the demand of the next 24 hours, of several places.",
		Options: lab.Options{Train: 4000, Valid: 800, Epochs: 10, Batch: 64, Patience: 4, LR: 1e-3, Warmup: 1, Seed: 1, Out: "series-out"},
		Files:   files,
		Run:     func(l *lab.Lab) (any, error) { return series(l) },
		Samples: "hours",
	}.Main(args, stdout, stderr)
}

const (
	past   = 48 // hours that the network sees
	future = 24 // hours that it forecasts
)

// A result is what -json prints. Errors are in the unit of the demand.
type result struct {
	lab.Training
	Error   float64 `json:"test_error"` // mean absolute error
	Naive   float64 `json:"naive_error"`
	Skill   float64 `json:"skill"` // 1 - Error/Naive
	Pearson float64 `json:"pearson"`
}

// series is the recipe.
func series(l *lab.Lab) (*result, error) {
	// Data: the demand of three places, and the calendar, which is known for the future too. No row is in two parts.
	hours := l.Train + 2*l.Valid
	s, err := demand(hours, l.Seed)
	if err != nil {
		return nil, err
	}
	windows, err := datasets.Windows{Length: past, Horizon: future, Targets: []int{0}, Known: []int{1, 2, 3, 4}}.Of(s)
	if err != nil {
		return nil, err
	}
	parts, err := windows.Split(float64(l.Train)/float64(hours), float64(l.Valid)/float64(hours))
	if err != nil {
		return nil, fmt.Errorf("-train and -valid: %w", err)
	}
	train, valid, test := parts[0], parts[1], parts[2]
	fmt.Fprintf(l.Stdout, "%d windows for training, %d for validation, %d for testing\n", train.Len(), valid.Len(), test.Len())

	// Network: what was, and the calendar of what comes.
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		flat := func(x graph.Node) graph.Node { return s.Apply(layers.Flatten{}, x) }
		h := graph.Concat(1, flat(x), flat(s.Input("known")))
		for range 2 {
			h = s.Apply(layers.ReLU{}, s.Apply(layers.Dense{Units: 96}, h))
		}
		return s.Apply(layers.Reshape{Shape: []int{future, 1}}, s.Apply(layers.Dense{Units: future}, h))
	})

	// Compile.
	model, err := graph.Compile(net, graph.Config{
		Input: []int{past, 5}, Inputs: map[string][]int{"known": {future, 4}},
		Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: l.LR}, Metrics: []graph.Metric{metrics.MeanAbsoluteError{}}, Seed: l.Seed,
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%v\n", model)

	// Fit. The weights of the best epoch are kept.
	history, training, err := l.Fit(model, datasets.Prefetch{From: train}, valid, "")
	if err != nil {
		return nil, err
	}

	// Show.
	r := &result{Training: training}
	return r, r.show(l, model, test, history)
}
