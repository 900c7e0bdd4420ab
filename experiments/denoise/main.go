// Command denoise trains a network to remove noise from images: a fraction of each image's pixels is replaced by random values,
// and the network restores the original. It reports how close the restored test images come to the originals.
//
//	go run ./experiments/denoise              # 80% of the pixels replaced, on MNIST
//	go run ./experiments/denoise -noise mixed # one model for any amount of noise
//	go run ./experiments/denoise -network conv
//	go run ./experiments/denoise -live localhost:8080 # and look at it in a browser
//	go run ./experiments/denoise -help
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	s := settings{Noise: noise{amount: 0.8}, Network: networks()}
	return lab.Experiment{
		Name:  "denoise",
		About: "trains a network to remove noise from images, and shows test images before and after.",
		Options: lab.Options{
			Train: 48000, Valid: 12000, Batch: 128, Patience: 10, LR: 2e-3, Seed: 1, Out: "denoise-out",
		},
		Files: []string{pictures, curves, lab.LogFile, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			f.Var(&s.Noise, "noise", "`fraction` of the pixels to replace, from 0 to 1; or mixed: a random fraction for each image")
			f.Var(s.Network, "network", s.Network.Names()+": dense layers for much noise, dense layers for little noise, or convolutions, slower and better")
			s.Live.Declare(f)
		},
		Run: func(l *lab.Lab) (any, error) { return denoise(l, s) },
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Noise   noise                 `json:"noise"`
	Network *choose.Flag[network] `json:"network"`
	Live    lab.LiveFlag          `json:"-"`
}

// A result is what -json prints.
type result struct {
	settings
	lab.Training
	ValidBCE float64   `json:"valid_bce"`     // binary cross-entropy of the validation images
	PSNR     float64   `json:"psnr"`          // of the denoised test images, in dB; the mean over Test
	Accuracy float64   `json:"test_accuracy"` // of a classifier on the denoised test images, 0 to 1; the mean over Test
	Test     []figures `json:"test"`
}

// denoise is the recipe.
func denoise(l *lab.Lab, s settings) (*result, error) {
	n := s.Noise
	if l.Epochs == 0 {
		l.Epochs = s.Network.Value().epochs
	}

	// Data: training draws new noise in each epoch; the noise of a validation image stays the same.
	train, valid := n.addTo(l.Images.Train.Arrays(), l.Seed), n.addTo(l.Images.Valid.Arrays(), l.Seed)

	// Network: see network.go.
	rows, columns := l.Images.Train.Rows, l.Images.Train.Cols
	net := s.Network.Value().layers(rows, columns)

	// Compile.
	model, err := graph.Compile(net, graph.Config{
		Input:     []int{rows * columns},
		Loss:      losses.BinaryCrossEntropy{},
		Optimizer: optimizers.Adam{LearningRate: l.LR},
		Seed:      l.Seed,
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%v\ntraining against %s noise:\n", model, n.name())

	// Fit. The weights of the best epoch are kept.
	history, training, err := l.Fit(model, train, valid, "", s.Live.Callbacks(l, s.Network.String(), watch(valid, rows, columns))...)
	if err != nil {
		return nil, err
	}

	// Show.
	r := &result{settings: s, Training: training}
	return r, r.show(l, model, valid, history)
}
