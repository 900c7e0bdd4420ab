package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nndiy/nndiy/experiments/internal/command"
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
	f.StringVar(&s.Data, "data", s.Data, "`name` of a table that comes with the program: "+strings.Join(sourceNames(), ", "))
	f.StringVar(&s.CSV, "csv", "", "CSV `file` to read in place of -data, also .csv.gz or .csv.zst; needs -target")
	f.StringVar(&s.Target, "target", "", "`name` of the column of -csv to predict")
	f.StringVar(&s.Task, "task", s.Task, "`kind` of the target of -csv, classes or number; auto means classes for words and for up to 20 different integers")
	f.StringVar(&s.Comma, "comma", s.Comma, "`character` that separates the fields of -csv")
	f.StringVar(&s.Decimal, "decimal", s.Decimal, "decimal `character` of -csv, . or ,")
	f.StringVar(&s.Out, "out", s.Out, "`folder` to write results to")
	f.IntVar(&s.Units, "units", s.Units, "units of each hidden layer")
	f.IntVar(&s.Epochs, "epochs", s.Epochs, "maximum number of epochs")
	f.IntVar(&s.Batch, "batch", s.Batch, "rows per step")
	f.IntVar(&s.Patience, "patience", s.Patience, "epochs without improvement after which training ends")
	f.IntVar(&s.Folds, "folds", 0, "also train on this many folds, and print the mean score; 0 means none")
	f.IntVar(&s.Repeats, "repeats", s.Repeats, "how often to divide the rows into folds, each time with another seed")
	f.IntVar(&s.Search, "search", 0, "number of trials that search for -lr, -decay, -dropout and -units; 0 means none")
	f.Float64Var(&s.Dropout, "dropout", s.Dropout, "fraction of the units to drop in training")
	f.Float64Var(&s.LR, "lr", s.LR, "learning rate; 0 means 0.003 for fewer than 1,000 rows, else 0.002")
	f.Float64Var(&s.Decay, "decay", s.Decay, "weight decay; 0 means 1 for fewer than 1,000 rows, else 0.3")
	f.Float64Var(&s.Smoothing, "smoothing", s.Smoothing, "label smoothing: fraction of the target's probability that all classes share")
	f.BoolVar(&s.JSON, "json", false, "print the results as one JSON object, the last line of the output")
	f.Uint64Var(&s.Seed, "seed", s.Seed, "seed of all randomness; the same seed gives the same results")
	if err := command.ParseFlags(f, "learns to predict a column of a table from the others.", args, stdout); err != nil {
		return s, err
	}
	return s, cmp.Or(s.check(), command.Apart(f, "csv", "data"), command.Together(f, "csv", "task", "comma", "decimal"),
		command.Together(f, "folds", "repeats"), command.Apart(f, "search", "lr", "decay", "dropout", "units"))
}

// check returns an error that names the first flag that is not valid.
func (s settings) check() error {
	if _, err := sourceNamed(s.Data); err != nil {
		return err
	}
	switch {
	case (s.CSV == "") != (s.Target == ""):
		return fmt.Errorf("-csv and -target: got %q and %q, want both or none", s.CSV, s.Target)
	case utf8.RuneCountInString(s.Comma) != 1:
		return fmt.Errorf("-comma: got %q, want one character", s.Comma)
	case s.Decimal != "." && s.Decimal != ",":
		return fmt.Errorf("-decimal: got %q, want . or ,", s.Decimal)
	case s.Decimal == s.Comma:
		return fmt.Errorf("-decimal: got %q, want another character than -comma", s.Decimal)
	case !slices.Contains([]string{"auto", "classes", "number"}, s.Task):
		return fmt.Errorf("-task: got %q, want auto, classes or number", s.Task)
	case s.Folds == 1:
		return fmt.Errorf("-folds: got %d, want 0, or 2 or more", s.Folds)
	case s.Out == "":
		return errors.New("-out: got an empty name, want a folder")
	}
	for _, c := range []struct {
		flag       string
		got, limit float64
		below      bool // whether the limit is out of the range
	}{{"dropout", s.Dropout, 1, true}, {"lr", s.LR, 1, false}, {"decay", s.Decay, 100, false}, {"smoothing", s.Smoothing, 1, true}} {
		switch {
		case c.below && !(c.got >= 0 && c.got < c.limit):
			return fmt.Errorf("-%s: got %v, want 0 or more and below %v", c.flag, c.got, c.limit)
		case !(c.got >= 0 && c.got <= c.limit):
			return fmt.Errorf("-%s: got %v, want 0 to %v", c.flag, c.got, c.limit)
		}
	}
	return command.Check(command.Least{Flag: "units", Got: s.Units, Want: 1}, command.Least{Flag: "epochs", Got: s.Epochs, Want: 1},
		command.Least{Flag: "batch", Got: s.Batch, Want: 1}, command.Least{Flag: "patience", Got: s.Patience, Want: 1},
		command.Least{Flag: "search", Got: s.Search}, command.Least{Flag: "folds", Got: s.Folds}, command.Least{Flag: "repeats", Got: s.Repeats, Want: 1})
}
