// Command table learns to predict a column of a table from the others, whatever the table: it prints a summary, chooses
// classification or regression, trains a residual network with early stopping, compares it with a linear model and a constant, and
// writes one model file that answers raw rows.
//
//	go run ./experiments/table                                  # the irises, which come with the program
//	go run ./experiments/table -data wine -folds 5              # or cancer, digits, diabetes; also the mean of 5 folds
//	go run ./experiments/table -csv cars.csv -target price
//	go run ./experiments/serve -model table-out/model.safetensors
//	curl -d '{"rows": [{"petal length": 1.4, "petal width": 0.2}]}' localhost:8080/predict
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"github.com/nndiy/nndiy/experiments/internal/lab"
)

// settings are the flags.
type settings struct {
	Data, CSV, Target, Task, Comma, Decimal, Out string
	Units, Epochs, Batch, Patience, Folds        int
	Dropout, LR, Decay                           float64
	Seed                                         uint64
}

// defaults are the settings without flags.
var defaults = settings{Data: "iris", Task: "auto", Comma: ",", Decimal: ".", Out: "table-out", Units: 64, Epochs: 200, Batch: 32, Patience: 30,
	Dropout: 0.4, Seed: 1}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program; it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "table: %v; -help lists the flags\n", err)
		return 2
	}
	if err := s.experiment(ctx, stdout); err != nil {
		fmt.Fprintln(stderr, "table:", err)
		return 1
	}
	return 0
}

// parse reads the flags.
func parse(args []string, stdout io.Writer) (settings, error) {
	s := defaults
	f := flag.NewFlagSet("table", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&s.Data, "data", s.Data, "table that comes with the program: iris, wine, cancer, digits or diabetes")
	f.StringVar(&s.CSV, "csv", "", "CSV `file` instead, also .gz or .zst")
	f.StringVar(&s.Target, "target", "", "column of the file to predict")
	f.StringVar(&s.Task, "task", s.Task, "classes or number; auto means classes for words and for up to 20 different integers")
	f.StringVar(&s.Comma, "comma", s.Comma, "separator of the file")
	f.StringVar(&s.Decimal, "decimal", s.Decimal, "decimal point of the file: . or ,")
	f.StringVar(&s.Out, "out", s.Out, "`folder` to write results to")
	f.IntVar(&s.Units, "units", s.Units, "width of the network")
	f.IntVar(&s.Epochs, "epochs", s.Epochs, "maximum number of epochs")
	f.IntVar(&s.Batch, "batch", s.Batch, "rows per step")
	f.IntVar(&s.Patience, "patience", s.Patience, "epochs without improvement after which training ends")
	f.IntVar(&s.Folds, "folds", 0, "also train on this many folds, and print the mean score; 0 means not")
	f.Float64Var(&s.Dropout, "dropout", s.Dropout, "fraction of dropped units")
	f.Float64Var(&s.LR, "lr", s.LR, "learning rate; 0 means 0.003 for less than 1,000 rows, else 0.002")
	f.Float64Var(&s.Decay, "decay", s.Decay, "weight decay; 0 means 1 for less than 1,000 rows, else 0.3")
	f.Uint64Var(&s.Seed, "seed", s.Seed, "seed of all randomness; the same seed gives the same results")
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, "table learns to predict a column of a table from the others.\n\nFlags:\n")
		f.SetOutput(stdout)
		f.PrintDefaults()
	case err != nil:
	case f.NArg() > 0:
		err = fmt.Errorf("got argument %q, want flags only", f.Arg(0))
	case (s.CSV == "") != (s.Target == ""):
		err = fmt.Errorf("-csv and -target: got %q and %q, want both or none", s.CSV, s.Target)
	case utf8.RuneCountInString(s.Comma) != 1 || utf8.RuneCountInString(s.Decimal) != 1:
		err = fmt.Errorf("-comma and -decimal: got %q and %q, want one character each", s.Comma, s.Decimal)
	case !slices.Contains([]string{"auto", "classes", "number"}, s.Task):
		err = fmt.Errorf("-task: got %q, want auto, classes or number", s.Task)
	case min(s.Units, s.Epochs, s.Batch, s.Patience) < 1:
		err = fmt.Errorf("-units, -epochs, -batch and -patience: got %d, %d, %d and %d, want 1 or more", s.Units, s.Epochs, s.Batch, s.Patience)
	case !(s.Dropout >= 0 && s.Dropout < 1 && s.LR >= 0 && s.LR <= 1 && s.Decay >= 0 && s.Decay <= 100):
		err = fmt.Errorf("-dropout, -lr and -decay: got %v, %v and %v, want 0 to below 1, 0 to 1 and 0 to 100", s.Dropout, s.LR, s.Decay)
	case s.Folds < 0 || s.Folds == 1:
		err = fmt.Errorf("-folds: got %d, want 2 or more, or 0", s.Folds)
	}
	return s, err
}

// experiment is the recipe.
func (s settings) experiment(ctx context.Context, stdout io.Writer) error {
	// Data. A fifth of the rows are for the test.
	table, target, err := s.load()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%v\n\n", table)
	rest, test, err := split(table, 0.2, s.Seed)
	if err != nil {
		return err
	}

	// Fit: the network, and a linear model for comparison.
	deep, err := s.fit(ctx, rest, s.Seed, false)
	if err != nil {
		return err
	}
	linear, err := s.fit(ctx, rest, s.Seed, true)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%v\n\n", deep.model)

	// Save: the file answers raw rows.
	if err := os.MkdirAll(s.Out, 0o755); err != nil {
		return err
	}
	path := filepath.Join(s.Out, lab.Weights)
	if err := deep.model.SaveFile(path); err != nil {
		return err
	}

	// Show.
	return s.show(ctx, stdout, shown{target: target, table: table, rest: rest, test: test, deep: deep, linear: linear, path: path})
}
