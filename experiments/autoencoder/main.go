// Command autoencoder trains a network to squeeze pictures through a few numbers, their codes, and to draw them again. It
// shows how close the drawings come, and how much of what the pictures show is left in the codes: a small classifier reads
// them.
//
//	go run ./experiments/autoencoder                # 64 numbers for a picture of MNIST
//	go run ./experiments/autoencoder -bottleneck 2  # and a map of the codes
//	go run ./experiments/autoencoder -help
package main

import (
	"context"
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
		About: "trains a network to squeeze pictures through a few numbers and draw them again, and reads the numbers.",
		Options: lab.Options{
			Train: 30000, Valid: 12000, Epochs: 15, Batch: 32, Patience: 15, LR: 3e-3, Warmup: 1, Seed: 1, Out: "autoencoder-out",
		},
		Files: []string{pictures, curves, codeMap, lab.LogFile, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			f.IntVar(&s.Bottleneck, "bottleneck", 64, "numbers that a picture has to pass through")
			f.Float64Var(&s.Dropout, "dropout", 0, "`share` of the pixels that are left out in training")
			f.IntVar(&s.Codes, "codes", 6400, "pictures whose codes the classifier is trained on, at most as many as -train")
		},
		Check: s.check,
		Run:   func(l *lab.Lab) (any, error) { return autoencoder(l, s) },
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment alone.
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
	ValidBCE       float64 `json:"valid_bce"`
	PSNR           float64 `json:"psnr"`            // of the drawings of the test pictures
	LatentAccuracy float64 `json:"latent_accuracy"` // share of the validation pictures whose codes are read right
	LatentTest     float64 `json:"latent_test_accuracy"`
	LatentSeconds  float64 `json:"latent_seconds"` // of the classifier's training
}

// autoencoder is the recipe.
func autoencoder(l *lab.Lab, s settings) (*result, error) {
	// Data: each picture is its own target.
	x, v := l.Images.Train.X(), l.Images.Valid.X()
	train, valid := graph.Arrays{X: x, Y: x}, graph.Arrays{X: v, Y: v}

	// Network. It begins at the mean picture, and with a small rate: else the encoder's last tanh saturates, one number or
	// all, while the decoder looks for the mean picture, and what is saturated is never learned. Where pixels are left out, it
	// can't learn pictures by heart in many epochs, and codes tell more of what is to be seen (Vincent et al. 2008).
	pixels := x.Shape()[1]
	last := dense(pixels)
	last.BiasInit = meanPicture(x)
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

	// Fit, and keep the weights of the best epoch.
	history, training, err := l.Fit(model, train, valid, "")
	if err != nil {
		return nil, err
	}
	logs, err := model.Evaluate(context.Background(), valid)
	if err != nil {
		return nil, err
	}
	r := &result{settings: s, Training: training, ValidBCE: logs["loss"]}

	// Show.
	encoder, err := model.Sub("encoder")
	if err != nil {
		return nil, err
	}
	if r.PSNR, err = show(l, model, encoder, history, r); err != nil {
		return nil, err
	}
	return r, r.read(l, encoder)
}
