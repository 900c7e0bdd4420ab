// Command similar trains a network that maps images to vectors, near to one another for images of one class and far apart for
// others, by the triplet loss. A test image then has the class of the nearest training image, and a map shows the vectors.
//
//	go run ./experiments/similar
//	go run ./experiments/similar -size 8   # vectors of 8 numbers
//	go run ./experiments/similar -help
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	var s settings
	return lab.Experiment{
		Name:  "similar",
		About: "trains a network that maps similar images to near vectors, and classifies images by the nearest one.",
		Options: lab.Options{
			Train: 48000, Valid: 12000, Epochs: 4, Batch: 64, Patience: 10, LR: 2e-3, Seed: 1, Out: "similar-out",
		},
		Files: []string{plane, pictures, curves, lab.LogFile, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			f.IntVar(&s.Size, "size", 32, "length of an image's vector (embedding)")
		},
		Check: func() error {
			if s.Size < 1 || s.Size > 1<<10 {
				return fmt.Errorf("-size: got %d, want 1 to %d", s.Size, 1<<10)
			}
			return nil
		},
		Run: func(l *lab.Lab) (any, error) { return similar(l, s) },
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Size int `json:"size"`
}

// A result is what -json prints.
type result struct {
	settings
	lab.Training
	ValidAccuracy float64 `json:"valid_accuracy"` // of validation images that get the class of the nearest training image
	TestAccuracy  float64 `json:"test_accuracy"`  // the same of test images
	PixelAccuracy float64 `json:"pixel_accuracy"` // of test images that get the class of the training image with the nearest pixels
	PlaneAccuracy float64 `json:"plane_accuracy"` // of test images, by the nearest training image in the map
}

// similar is the recipe.
func similar(l *lab.Lab, s settings) (*result, error) {
	// Data: the targets of both outputs are the classes.
	arrays := func(m *datasets.Images) graph.Arrays {
		y := m.Y()
		return graph.Arrays{X: m.Planes(), Y: y, Targets: map[string]*graph.Tensor{flat: y}}
	}
	train, valid, test := arrays(l.Images.Train), arrays(l.Images.Valid), arrays(l.Images.Test)

	// Network: see network.go. Compile.
	model, err := graph.Compile(usual(s.Size), graph.Config{
		Input:     train.X.Shape()[1:],
		Loss:      losses.Triplet{All: true},
		Outputs:   map[string]graph.Output{flat: {Loss: losses.Triplet{All: true}}},
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
	return r, r.show(l, model, train, valid, test, history)
}
