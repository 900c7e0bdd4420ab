// Command pictures trains a convolutional network on pictures in files, a folder for each class, and shows which pixels decide.
//
//	go run ./experiments/pictures                    # on shapes that it draws
//	go run ./experiments/pictures -folder flowers    # on your own pictures
//	go run ./experiments/pictures -help
//	go run ./experiments/serve -model pictures-out/model.safetensors
//	curl --data-binary @flower.png -H 'Content-Type: image/png' localhost:8080/predict
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/callbacks"
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
	var s settings
	return lab.Experiment{
		Name:    "pictures",
		About:   "trains a convolutional network on pictures in files, and shows which pixels decide.",
		Options: lab.Options{Train: 900, Valid: 300, Epochs: 12, Batch: 32, Patience: 6, LR: 2e-3, Seed: 1, Out: "pictures-out"},
		Files:   files,
		Flags: func(f *flag.FlagSet) {
			f.StringVar(&s.Folder, "folder", "", "`folder` of pictures, with a folder for each class (default pictures of four shapes, which the program draws)")
			f.IntVar(&s.Side, "side", 48, "width and height to which pictures are resized, 16 or more")
		},
		Check: func() error {
			if s.Side < 16 || s.Side > 1024 {
				return fmt.Errorf("-side: got %d, want 16 to 1024", s.Side)
			}
			return nil
		},
		Run:     func(l *lab.Lab) (any, error) { return pictures(l, s) },
		Samples: "pictures",
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Folder string `json:"folder"`
	Side   int    `json:"side"`
}

// A result is what -json prints.
type result struct {
	settings
	lab.Training
	Accuracy    float64 `json:"test_accuracy"`
	Calibration float64 `json:"calibration_error"`
	Temperature float64 `json:"temperature"` // by which the logits are divided for a better calibration, from the validation pictures
	Scaled      float64 `json:"scaled_error"`
	Waiting     float64 `json:"waiting"` // fraction of the time of the steps in which training waited for its data
}

// pictures is the recipe.
func pictures(l *lab.Lab, s settings) (*result, error) {
	// Data: decoded by all cores, ahead of training.
	train, valid, test, done, err := data(l, s)
	if err != nil {
		return nil, err
	}
	defer done()
	fmt.Fprintf(l.Stdout, "%d pictures for training, %d for validation, %d for testing, of %q\n", train.Len(), valid.Len(), test.Len(), train.Classes.Labels())

	// Network.
	block := func(filters int) layers.Sequential {
		return layers.Sequential{
			layers.Conv2D{Filters: filters, Kernel: []int{3}, Padding: layers.Same, NoBias: true}, layers.BatchNorm{}, layers.ReLU{}, layers.MaxPool2D{},
		}
	}
	net := layers.Sequential{
		layers.RandomFlip{}, layers.RandomZoom{Factor: 1.15}, layers.RandomColor{Brightness: 0.2, Contrast: 0.2, Saturation: 0.2, Hue: 0.05},
		block(16), block(32), block(64), block(64),
		layers.Flatten{}, layers.Dropout{Rate: 0.2},
		layers.Dense{Units: train.Classes.Len()}, layers.Softmax{},
	}

	// Compile. The model's file has the names of the classes and the preparation.
	model, err := graph.Compile(net, graph.Config{
		Input: train.Input(), Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: l.LR},
		Metrics: []graph.Metric{metrics.Accuracy{}}, Seed: l.Seed,
	})
	if err == nil {
		err = train.Classes.StoreIn(model)
	}
	if err == nil {
		err = train.StoreIn(model)
	}
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%v\n", model)

	// Fit. The weights of the best epoch are kept.
	wait := &callbacks.Waiting{}
	history, training, err := l.Fit(model, datasets.Prefetch{From: train}, datasets.Prefetch{From: valid}, "valid_accuracy", wait)
	if err != nil {
		return nil, err
	}

	// Show.
	r := &result{settings: s, Training: training, Waiting: wait.Fraction()}
	return r, r.show(l, model, valid, test, history)
}
