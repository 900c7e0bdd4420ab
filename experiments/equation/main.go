// Command equation solves a differential equation with a network: the loss is how far the network is from satisfying the equation
// at random points, so there are no targets (physics-informed networks, Raissi, Perdikaris & Karniadakis 2019).
//
//	go run ./experiments/equation                       # u'' + u = 0 on [0, 2π]
//	go run ./experiments/equation -problem burgers
//	go run ./experiments/equation -help
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	s := settings{Problem: choose.Of(
		choose.Option[problem]{Name: "oscillator", Value: oscillator},
		choose.Option[problem]{Name: "burgers", Value: burgers},
	)}
	return lab.Experiment{
		Name:  "equation",
		About: "solves a differential equation with a network.",
		Options: lab.Options{
			Train: 4000, Valid: 1000, Epochs: 1000, Batch: 4000, Seed: 1, Out: "equation-out", LR: 2e-3,
		},
		Files: []string{solution, curves, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			f.Var(s.Problem, "problem", s.Problem.Names()+": u'' + u = 0, or Burgers' equation with viscosity 0.01/π")
			f.IntVar(&s.Iterations, "iterations", 1500, "maximum number of iterations of L-BFGS, after the epochs of Adam")
		},
		Check: func() error {
			if s.Iterations < 1 {
				return fmt.Errorf("-iterations: got %d, want 1 or more", s.Iterations)
			}
			return nil
		},
		Run:     func(l *lab.Lab) (any, error) { return equation(l, s) },
		Samples: "points",
		Without: []string{"patience"}, // the last epoch counts
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Problem    *choose.Flag[problem] `json:"problem"`
	Iterations int                   `json:"iterations"`
}

// A result is what -json prints. Errors are those of the network against the known solution.
type result struct {
	settings
	Residual float64 `json:"residual"`  // mean of the squared residual, after training
	MaxError float64 `json:"max_error"` // largest absolute error
	L2       float64 `json:"l2"`        // relative error in the Euclidean norm
	Seconds  float64 `json:"seconds"`

	Interrupted bool `json:"interrupted,omitempty"` // Ctrl-C ended the training
}

// equation is the recipe.
func equation(l *lab.Lab, s settings) (*result, error) {
	begin, p := time.Now(), s.Problem.Value()

	// Data: points at which the equation has to hold. There are no targets.
	points := graph.Arrays{X: p.points(l.Train, l.Seed)}

	// Compile. The network's Penalty is the whole loss. The derivatives of derivatives need the digits of float64.
	model, err := graph.Compile(p.net, graph.Config{
		Input:     []int{len(p.low)},
		Optimizer: optimizers.Adam{LearningRate: l.LR},
		DType:     tensor.Float64,
		Seed:      l.Seed,
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%d points\n\n%v\n", points.Len(), model)

	// Fit: Adam comes near to the solution, L-BFGS makes it exact. Ctrl-C ends both.
	watch := &lab.Stopwatch{}
	history, err := model.Fit(l.Context, points, graph.FitConfig{Epochs: l.Epochs, BatchSize: l.Batch, Callbacks: []graph.Callback{watch}})
	epochs := len(history.Logs)
	training, err := l.Finish(watch, epochs, err)
	if err != nil {
		return nil, err
	}
	if epochs == 0 { // the loss at the start
		logs, err := model.Evaluate(l.Context, points)
		if err != nil {
			return nil, err
		}
		history.Logs = []graph.Logs{{"train_loss": logs["loss"]}}
	}
	fmt.Fprintf(l.Stdout, "Adam: mean squared residual %.3g after %d epochs\n", last(history), epochs)
	iterations := 0
	if !training.Interrupted {
		exact, err := optimizers.LBFGS{Iterations: s.Iterations, Memory: 50}.Fit(l.Context, model, points)
		if training, err = l.Finish(watch, epochs, err); err != nil {
			return nil, err
		}
		history.Logs, iterations = append(history.Logs, exact.Logs...), len(exact.Logs)
	}

	// Show.
	r := &result{settings: s, Residual: last(history), Seconds: time.Since(begin).Seconds(), Interrupted: training.Interrupted}
	return r, r.show(l, model, p, history, iterations)
}

// last returns the loss of the last epoch.
func last(h graph.History) float64 { return h.Logs[len(h.Logs)-1]["train_loss"] }
