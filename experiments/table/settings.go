package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// settings are the flags.
type settings struct {
	Data, CSV, Target, Task, Comma, Decimal, Out           string
	Units, Epochs, Batch, Patience, Folds, Repeats, Search int
	Dropout, LR, Decay, Smoothing                          float64
	Seed                                                   uint64
	JSON                                                   bool
}

// defaults are the settings without flags.
var defaults = settings{Data: "iris", Task: "auto", Comma: ",", Decimal: ".", Out: "table-out", Units: 64, Epochs: 200, Batch: 32, Patience: 30, Repeats: 3,
	Dropout: 0.4, Smoothing: 0.1, Seed: 1}

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
	f.IntVar(&s.Repeats, "repeats", s.Repeats, "number of seeds of the folds")
	f.IntVar(&s.Search, "search", 0, "number of trials that find -lr, -decay, -dropout and -units; 0 means none")
	f.Float64Var(&s.Dropout, "dropout", s.Dropout, "fraction of dropped units")
	f.Float64Var(&s.LR, "lr", s.LR, "learning rate; 0 means 0.003 for less than 1,000 rows, else 0.002")
	f.Float64Var(&s.Decay, "decay", s.Decay, "weight decay; 0 means 1 for less than 1,000 rows, else 0.3")
	f.Float64Var(&s.Smoothing, "smoothing", s.Smoothing, "fraction of a class's probability that the loss gives to all classes")
	f.BoolVar(&s.JSON, "json", false, "print the results as one JSON object, the last line of the output")
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
	case !(s.Dropout >= 0 && s.Dropout < 1 && s.LR >= 0 && s.LR <= 1 && s.Decay >= 0 && s.Decay <= 100 && s.Smoothing >= 0 && s.Smoothing < 1):
		err = fmt.Errorf("-dropout, -lr, -decay and -smoothing: got %v, %v, %v and %v, want 0 to below 1, 0 to 1, 0 to 100 and 0 to below 1",
			s.Dropout, s.LR, s.Decay, s.Smoothing)
	case s.Search < 0:
		err = fmt.Errorf("-search: got %d, want 0 or more", s.Search)
	case s.Folds < 0 || s.Folds == 1 || s.Repeats < 1:
		err = fmt.Errorf("-folds and -repeats: got %d and %d, want 2 or more, or 0, and 1 or more", s.Folds, s.Repeats)
	}
	return s, err
}
