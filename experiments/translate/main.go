// Command translate trains an encoder-decoder to translate dates, written out in many forms, to ISO dates, and draws where it looks for
// each character that it writes.
//
//	go run ./experiments/translate
//	go run ./experiments/translate -date "the third of May, nineteen eighty-four"
//	go run ./experiments/translate -help
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	var s settings
	return lab.Experiment{
		Name:  "translate",
		About: "trains an encoder-decoder to translate dates in many forms to ISO dates, and draws where it looks.",
		Options: lab.Options{
			Train: 20000, Valid: 1000, Epochs: 10, Batch: 64, Patience: 10, LR: 2e-3, Warmup: 1, Seed: 1, Out: "translate-out",
		},
		Files: files,
		Flags: func(f *flag.FlagSet) {
			f.StringVar(&s.Date, "date", "Saturday the 28th of November, 2026", "`date` to translate after training, and to draw")
		},
		Check:   s.check,
		Run:     func(l *lab.Lab) (any, error) { return translate(l, s) },
		Samples: "dates",
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Date string `json:"date"`
}

// check returns an error if the network cannot read the date.
func (s *settings) check() error {
	numbers, err := source.Numbers(s.Date)
	if err == nil && (len(numbers) == 0 || len(numbers) > 200) {
		err = fmt.Errorf("got %d characters, want 1 to 200", len(numbers))
	}
	if err != nil {
		return fmt.Errorf("-date: %w", err)
	}
	return nil
}

// A result is what -json prints.
type result struct {
	settings
	lab.Training
	Translation string  `json:"translation"`
	ValidExact  float64 `json:"valid_exact"`
	TestExact   float64 `json:"test_exact"` // fraction of the test dates whose translation is right
}

// translate is the recipe.
func translate(l *lab.Lab, s settings) (*result, error) {
	// Data.
	parts := data(l)
	train, err := dataset(parts.train)
	if err != nil {
		return nil, err
	}
	valid, err := dataset(parts.valid)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "%d dates for training, %d for validation, %d for testing; none is in two parts:\n", len(parts.train), len(parts.valid), len(parts.test))
	for _, p := range parts.train[:min(8, len(parts.train))] {
		fmt.Fprintf(l.Stdout, "  %s  %s\n", p.date, p.text)
	}

	// Compile: see network.go.
	model, err := graph.Compile(Translator{Units: 64, Heads: 4}, graph.Config{
		Input:     []int{graph.Any},
		Inputs:    map[string][]int{writtenInput: {len(iso)}},
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: optimizers.Adam{LearningRate: l.LR},
		Metrics:   []graph.Metric{metrics.Accuracy{}, Exact{}},
		Seed:      l.Seed,
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "\n%v\n", model)

	// Fit. The weights of the best epoch are kept.
	history, training, err := l.Fit(model, train, valid, "valid_exact")
	if err != nil {
		return nil, err
	}

	// Show.
	r := &result{settings: s, Training: training}
	return r, r.show(l, model, parts.test, history)
}
