// Command autoencoder trains an auto-encoder: it compresses each image to a code of a few numbers and reconstructs the image
// from the code. It reports how close the reconstructions come, and trains a small classifier on the codes to see how much
// of the image's class they keep.
//
//	go run ./experiments/autoencoder                # codes of 64 numbers, on MNIST
//	go run ./experiments/autoencoder -bottleneck 2  # also draws a map of the codes
//	go run ./experiments/autoencoder -help
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	var s settings
	return lab.Experiment{
		Name:  "autoencoder",
		About: "trains an auto-encoder, and a classifier on its codes.",
		Options: lab.Options{
			Train: 30000, Valid: 12000, Epochs: 15, Batch: 32, Patience: 15, LR: 3e-3, Warmup: 1, Seed: 1, Out: "autoencoder-out",
		},
		Files: []string{pictures, curves, codeMap, lab.LogFile, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			f.IntVar(&s.Bottleneck, "bottleneck", 64, "length of the code of an image")
			f.Float64Var(&s.Dropout, "dropout", 0, "`fraction` of the input pixels set to 0 in training")
			f.IntVar(&s.Codes, "codes", 6400, "number of training images whose codes the classifier is trained on; all of them if -train is less")
		},
		Check: s.check,
		Run:   func(l *lab.Lab) (any, error) { return autoencoder(l, s) },
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Bottleneck int     `json:"bottleneck"`
	Dropout    float64 `json:"dropout"`
	Codes      int     `json:"codes"`
}

func (s *settings) check() error {
	switch {
	case s.Bottleneck < 1 || s.Bottleneck > 1<<16:
		return fmt.Errorf("-bottleneck: got %d, want 1 to %d", s.Bottleneck, 1<<16)
	case !(s.Dropout >= 0 && s.Dropout < 1):
		return fmt.Errorf("-dropout: got %v, want at least 0 and below 1", s.Dropout)
	case s.Codes < 1:
		return fmt.Errorf("-codes: got %d, want 1 or more", s.Codes)
	}
	return nil
}

// A result is what -json prints.
type result struct {
	settings
	lab.Training
	ValidBCE       float64 `json:"valid_bce"`            // binary cross-entropy of the validation images
	PSNR           float64 `json:"psnr"`                 // of the reconstructed test images, in dB
	LatentAccuracy float64 `json:"latent_accuracy"`      // of the classifier on the codes of the validation images, 0 to 1
	LatentTest     float64 `json:"latent_test_accuracy"` // the same on the test images
	LatentSeconds  float64 `json:"latent_seconds"`       // to train the classifier
}

// autoencoder is the recipe.
func autoencoder(l *lab.Lab, s settings) (*result, error) {
	// Data: each image is its own target.
	x, v := l.Images.Train.X(), l.Images.Valid.X()
	train, valid := graph.Arrays{X: x, Y: x}, graph.Arrays{X: v, Y: v}

	// Network. The last bias starts at the mean image, and the learning rate starts low: otherwise the encoder's last tanh
	// saturates while the decoder learns the mean image, and a saturated unit stops learning. Dropout of input pixels makes
	// a denoising auto-encoder: it overfits less in many epochs, and its codes keep more of the class (Vincent et al. 2008).
	pixels := x.Shape()[1]
	last := dense(pixels)
	last.BiasInit = meanImage(x)
	net := layers.Sequential{
		layers.Dropout{Rate: s.Dropout},
		layers.Named("encoder", layers.Sequential{
			dense(256), layers.Tanh{},
			dense(s.Bottleneck), layers.Tanh{},
		}),
		layers.Named("decoder", layers.Sequential{
			dense(256), layers.Tanh{},
			last, layers.Sigmoid{},
		}),
	}

	// Compile.
	model, err := graph.Compile(net, graph.Config{
		Input:     []int{pixels},
		Loss:      losses.BinaryCrossEntropy{},
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
	encoder, err := model.Sub("encoder")
	if err != nil {
		return nil, err
	}
	r := &result{settings: s, Training: training}
	if err := r.show(l, model, encoder, valid, history); err != nil {
		return nil, err
	}
	return r, r.classifyCodes(l, encoder)
}
