// Command gan trains a generative adversarial network (Goodfellow et al. 2014), which generates new images: a generator turns
// noise into images, a discriminator learns to tell them from those of the data, and the generator learns to deceive it. They
// are two models over one set of parameters. The discriminator pays for the steepness of its output, a gradient that training
// differentiates again.
//
// A classifier that has seen only images of the data, and whose test accuracy is stated, judges 1,000 new images: those that it
// gives one class with more than 90% are legible. For the scale, it judges the test images in the same way.
//
//	go run ./experiments/gan                        # generates digits like those of MNIST
//	go run ./experiments/gan -penalty 0 -lr 0.0004  # without the penalty, which needs a lower learning rate
//	go run ./experiments/gan -help
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	var s settings
	return lab.Experiment{
		Name:  "gan",
		About: "trains a generative adversarial network, and generates new images.",
		Options: lab.Options{
			Train: 48000, Valid: 12000, Epochs: 16, Batch: 64, LR: 2e-3, Seed: 1, Out: "gan-out",
		},
		Files: []string{samples, progress, curves, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			f.IntVar(&s.Latent, "latent", 64, "length of the random vector from which an image is generated")
			f.Float64Var(&s.Penalty, "penalty", 2, "factor of the gradient penalty of the discriminator; 0 means none")
		},
		Check: func() error {
			if s.Latent < 1 || s.Latent > 1<<12 {
				return fmt.Errorf("-latent: got %d, want 1 to %d", s.Latent, 1<<12)
			}
			if !(s.Penalty >= 0) || math.IsInf(s.Penalty, 0) {
				return fmt.Errorf("-penalty: got %v, want 0 or more", s.Penalty)
			}
			return nil
		},
		Run:     func(l *lab.Lab) (any, error) { return gan(l, s) },
		Without: []string{"patience"}, // the last epoch counts
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Latent  int     `json:"latent"`
	Penalty float64 `json:"penalty"`
}

// A result is what -json prints.
type result struct {
	settings
	lab.Training
	DiscriminatorLoss  float64 `json:"discriminator_loss"`  // cross-entropy, mean of the last epoch; log 2 = 0.693 if it cannot tell the images apart
	GeneratorLoss      float64 `json:"generator_loss"`      // cross-entropy, mean of the last epoch
	Legible            float64 `json:"legible"`             // fraction of the new images whose most probable class a classifier gives more than 90%
	Classes            int     `json:"classes"`             // number of different classes among the legible images
	Rarest             float64 `json:"rarest"`              // fraction of the legible images in the class that has the fewest
	LegibleTest        float64 `json:"legible_test"`        // the fraction Legible of the test images
	ClassifierAccuracy float64 `json:"classifier_accuracy"` // fraction of the test images that the classifier gives their class
}

// gan is the recipe.
func gan(l *lab.Lab, s settings) (*result, error) {
	// Data: only the images; the classes serve to train the classifier that judges the new images.
	train := graph.Arrays{X: l.Images.Train.Planes()}

	// Models: see models.go.
	g, err := compile(l.Images.Train.Rows, l.Images.Train.Cols, s, l.LR, l.Seed)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%v\nThis model trains the generator. A second one over the same parameters trains the discriminator.\n\n", g.deceiver)

	// Train: a step of the one, a step of the other.
	t, err := g.train(l, train)
	if err != nil {
		return nil, err
	}

	// Show.
	r := &result{settings: s, Training: t.Training}
	return r, r.show(l, g, t)
}
