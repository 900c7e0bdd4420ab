// Command text trains a network to predict the next character of a text, by default this repository's documentation, and then writes
// text of its own.
//
//	go run ./experiments/text                        # an LSTM
//	go run ./experiments/text -network transformer   # four blocks
//	go run ./experiments/text -model text-out/model.safetensors -prompt "A Layer is" -temperature 0.5
//	go run ./experiments/text -help
package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/letters"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	s := settings{Network: networks()}
	return lab.Experiment{
		Name:  "text",
		About: "trains a network to predict the next character of a text, and writes text.",
		Options: lab.Options{
			Train: 4000, Valid: 200, Batch: 32, Patience: 12, LR: 3e-3, Warmup: 1, Seed: 1, Out: "text-out",
		},
		Files:   files,
		Flags:   s.declare,
		Check:   s.check,
		Run:     func(l *lab.Lab) (any, error) { return text(l, s) },
		Samples: "pieces of 128 characters",
		Apart:   [][]string{{"model", "text", "network", "train", "valid", "epochs", "batch", "patience", "lr"}},
	}.Main(args, stdout, stderr)
}

// A result is what -json prints.
type result struct {
	settings
	lab.Training
	ValidBits float64 `json:"valid_bits"` // per character, of the validation text; 0 with -model
	Written   string  `json:"written"`    // the text behind the prompt
}

// text is the recipe.
func text(l *lab.Lab, s settings) (*result, error) {
	r := &result{settings: s}
	model, err := r.model(l)
	if err != nil {
		return nil, err
	}
	w, err := newWriter(model, s.style, l.Seed)
	if err != nil {
		return nil, err
	}
	r.Written, err = w.write(l.Context, l.Stdout, s.Prompt, s.Length)
	return r, err
}

// model returns the model of the flag -model, or a new one.
func (r *result) model(l *lab.Lab) (*graph.Model, error) {
	if r.Model != "" {
		return graph.Open(r.Model)
	}

	// Data.
	text, err := read(r.Text)
	if err != nil {
		return nil, err
	}
	a := letters.In(text)
	train, valid, err := divide(text, a)
	if err != nil {
		return nil, err
	}
	if _, err := a.Numbers(r.Prompt); err != nil {
		return nil, fmt.Errorf("-prompt: %w", err)
	}
	fmt.Fprintf(l.Stdout, "%d characters for training, %d for validation, %d different ones; their frequencies alone: %.2f bits per character\n\n",
		len(train), len(valid), a.Len(), surprise(train, valid, a.Len()))

	// Network: see network.go. Losses are in bits per character.
	net := r.Network.Value()
	l.Epochs = cmp.Or(l.Epochs, net.epochs)
	model, err := graph.Compile(net.layers(a.Len()), graph.Config{
		Input:     []int{graph.Any},
		Loss:      Bits{},
		Optimizer: optimizers.Adam{LearningRate: l.LR},
		Seed:      l.Seed,
	})
	if err != nil {
		return nil, err
	}
	if err := model.SetMetadata(map[string]string{alphabetKey: a.String(), memoryKey: strconv.Itoa(net.memory)}); err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%v\ntraining; losses are in bits per character:\n", model)

	// Fit. The weights of the best epoch are kept.
	history, training, err := l.Fit(model, windows{train, piece, l.Train}, windows{valid, piece, l.Valid}, "")
	if err != nil {
		return nil, err
	}

	// Show.
	r.Training = training
	if training.BestEpoch > 0 {
		r.ValidBits = history.Series("valid_loss")[training.BestEpoch-1]
	}
	fmt.Fprintf(l.Stdout, "\nbest epoch %d: %.3f bits per character of the validation text; written to %s: %s\n\n",
		training.BestEpoch, r.ValidBits, l.Out, strings.Join(files, ", "))
	return model, chart.Loss("Prediction of characters, "+r.Network.String(), "bits per character", history, training.BestEpoch).Save(l.Path(loss))
}
