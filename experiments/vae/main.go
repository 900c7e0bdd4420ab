// Command vae trains a variational auto-encoder (Kingma & Welling 2014), which draws new pictures: the codes of pictures are
// spread as a normal distribution, so that any number drawn from it is a code of some picture.
//
//	go run ./experiments/vae              # draws digits like those of MNIST
//	go run ./experiments/vae -latent 2    # and its sheet of samples shows the plane of codes
//	go run ./experiments/vae -help
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	var s settings
	return lab.Experiment{
		Name:  "vae",
		About: "trains a variational auto-encoder, and lets it draw new pictures.",
		Options: lab.Options{
			Train: 48000, Valid: 12000, Epochs: 15, Batch: 128, Patience: 15, LR: 2e-3, Seed: 1, Out: "vae-out",
		},
		Files: []string{samples, walk, pictures, curves, lab.LogFile, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			f.IntVar(&s.Latent, "latent", 16, "numbers in a code")
		},
		Check: func() error {
			if s.Latent < 1 || s.Latent > 1<<12 {
				return fmt.Errorf("-latent: got %d, want 1 to %d", s.Latent, 1<<12)
			}
			return nil
		},
		Run: func(l *lab.Lab) (any, error) { return vae(l, s) },
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment alone.
type settings struct {
	Latent int `json:"latent"`
}

// A result is what -json prints.
type result struct {
	settings
	lab.Training
	ValidLoss float64 `json:"valid_loss"` // nats a picture, the upper bound of what a perfect code needs
	TestLoss  float64 `json:"test_loss"`
	PSNR      float64 `json:"psnr"`    // of test pictures drawn again from the means of their codes
	Legible   float64 `json:"legible"` // share of new pictures that a classifier gives 90% or more to one class
	Classes   int     `json:"classes"` // that it finds among them
}

// vae is the recipe.
func vae(l *lab.Lab, s settings) (*result, error) {
	// Data: each picture is its own target.
	x, v, t := l.Images.Train.X(), l.Images.Valid.X(), l.Images.Test.X()
	train, valid, test := graph.Arrays{X: x, Y: x}, graph.Arrays{X: v, Y: v}, graph.Arrays{X: t, Y: t}

	// Network and loss: see network.go.
	net := network{pixels: x.Shape()[1], latent: s.Latent}

	// Compile.
	model, err := graph.Compile(net, graph.Config{
		Input:     []int{net.pixels},
		Loss:      net,
		Optimizer: optimizers.Adam{LearningRate: l.LR},
		Seed:      l.Seed,
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%v\n", model)

	// Fit, and keep the weights of the best epoch.
	history, training, err := l.Fit(model, train, valid, "")
	if err != nil {
		return nil, err
	}

	// Show.
	r := &result{settings: s, Training: training}
	for _, part := range []struct {
		data graph.Arrays
		loss *float64
	}{{valid, &r.ValidLoss}, {test, &r.TestLoss}} {
		logs, err := model.Evaluate(context.Background(), part.data)
		if err != nil {
			return nil, err
		}
		*part.loss = logs["loss"]
	}
	fmt.Fprintf(l.Stdout, "\nbest epoch %d: %.2f nats for a validation picture, %.2f for a test picture\n", r.BestEpoch, r.ValidLoss, r.TestLoss)
	curve := chart.Loss(fmt.Sprintf("Variational auto-encoder, codes of %d numbers", s.Latent), "nats a picture", history, r.BestEpoch)
	if err := curve.Save(l.Path(curves)); err != nil {
		return nil, err
	}
	return r, r.show(l, model, t)
}
