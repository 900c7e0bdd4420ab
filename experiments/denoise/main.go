// Command denoise trains a network to take noise out of pictures: of each one, most pixels are replaced by random values, and
// the network is to give back the picture as it was. It shows how close it comes on pictures that it has never seen.
//
//	go run ./experiments/denoise              # 80% noise, on MNIST
//	go run ./experiments/denoise -noise mixed # any amount
//	go run ./experiments/denoise -network conv
//	go run ./experiments/denoise -help
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/reader"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// The files that are written.
const (
	pictures = "pictures.png"
	curves   = "loss.png"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	s := settings{Noise: noise{amount: 0.8}, Network: networks()}
	return lab.Experiment{
		Name:  "denoise",
		About: "trains a network to take noise out of pictures, and shows what it makes of test pictures.",
		Options: lab.Options{
			Train: 48000, Valid: 12000, Batch: 128, Patience: 10, LR: 2e-3, Seed: 1, Out: "denoise-out",
		},
		Files: []string{pictures, curves, lab.LogFile, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			f.Var(&s.Noise, "noise", "`share` of the pixels to replace, from 0 to 1; or mixed: each picture has a share of its own")
			f.Var(s.Network, "network", s.Network.Names()+": dense layers for much noise, for little, or convolutions, which take longer and see more")
		},
		Run: func(l *lab.Lab) (any, error) { return denoise(l, s) },
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment alone.
type settings struct {
	Noise   noise                 `json:"noise"`
	Network *choose.Flag[network] `json:"network"`
}

// A result is what -json prints.
type result struct {
	settings
	lab.Training
	ValidBCE float64   `json:"valid_bce"`
	PSNR     float64   `json:"psnr"`          // of the denoised test pictures, the mean over the amounts in Test
	Accuracy float64   `json:"test_accuracy"` // share of them that the classifier reads right, likewise
	Test     []figures `json:"test"`
}

// denoise is the recipe.
func denoise(l *lab.Lab, s settings) (*result, error) {
	n := s.Noise
	if l.Epochs == 0 {
		l.Epochs = s.Network.Value().epochs
	}
	// Data: training draws the noise afresh in each epoch; a picture for validation always has the same.
	cleanTrain, cleanValid := l.Images.Train.Arrays(), l.Images.Valid.Arrays()
	train, valid := n.on(cleanTrain, l.Seed), n.on(cleanValid, l.Seed)

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

	// Fit, and keep the weights of the best epoch.
	history, training, err := l.Fit(model, train, valid, "")
	if err != nil {
		return nil, err
	}
	curve := chart.Loss("Denoising, "+n.name()+" noise", "binary cross-entropy", history, training.BestEpoch)
	if err := curve.Save(l.Path(curves)); err != nil {
		return nil, err
	}

	// Show: the losses, and how well a classifier of clean pictures reads the denoised ones.
	logs, err := model.Evaluate(context.Background(), valid)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "\nbest epoch %d, validation BCE %.4f\n\ntraining a classifier on clean pictures, to read the test pictures:\n",
		training.BestEpoch, logs["loss"])
	classifier, reading, err := reader.Train(l, cleanTrain, cleanValid, 6)
	if err != nil {
		return nil, err
	}
	training.Interrupted = training.Interrupted || reading.Interrupted
	r := &result{settings: s, Training: training, ValidBCE: logs["loss"]}
	r.Test, err = show(l, n, model, classifier)
	for _, f := range r.Test {
		r.PSNR += f.PSNR / float64(len(r.Test))
		r.Accuracy += f.Accuracy / float64(len(r.Test))
	}
	return r, err
}
