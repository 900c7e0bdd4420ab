// Command vae trains a variational auto-encoder (Kingma & Welling 2014), which generates new images: training makes the codes
// of the images follow a normal distribution, so the decoder turns a random code into an image.
//
//	go run ./experiments/vae              # generates digits like those of MNIST
//	go run ./experiments/vae -latent 2    # samples.png then shows the plane of codes
//	go run ./experiments/vae -help
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

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
		About: "trains a variational auto-encoder, and generates new images.",
		Options: lab.Options{
			Train: 48000, Valid: 12000, Epochs: 15, Batch: 128, Patience: 15, LR: 2e-3, Seed: 1, Out: "vae-out",
		},
		Files: []string{samples, walk, pictures, curves, lab.LogFile, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			f.IntVar(&s.Latent, "latent", 16, "length of the code of an image")
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

// settings are the flags of this experiment only.
type settings struct {
	Latent int `json:"latent"`
}

// A result is what -json prints.
type result struct {
	settings
	lab.Training
	ValidLoss float64 `json:"valid_loss"` // negative evidence lower bound, in nats per image
	TestLoss  float64 `json:"test_loss"`  // the same on the test images
	PSNR      float64 `json:"psnr"`       // of test images reconstructed from the means of their codes, in dB
	Legible   float64 `json:"legible"`    // fraction of the new images whose most probable class a classifier gives 90% or more
	Classes   int     `json:"classes"`    // number of different classes among the legible images
}

// vae is the recipe.
func vae(l *lab.Lab, s settings) (*result, error) {
	// Data: each image is its own target.
	x, v, t := l.Images.Train.X(), l.Images.Valid.X(), l.Images.Test.X()
	train, valid, test := graph.Arrays{X: x, Y: x}, graph.Arrays{X: v, Y: v}, graph.Arrays{X: t, Y: t}

	// Network and loss: see network.go.
	net := network{pixels: x.Shape()[1], latent: s.Latent, hidden: 400}

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

	// Fit. The weights of the best epoch are kept.
	history, training, err := l.Fit(model, train, valid, "")
	if err != nil {
		return nil, err
	}

	// Show.
	r := &result{settings: s, Training: training}
	return r, r.show(l, model, valid, test, history)
}
