package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/experiments/internal/command"
)

// parse parses the flags, and returns the rows to run.
func (r *report) parse(args []string) ([]row, error) {
	f := flag.NewFlagSet("report", flag.ContinueOnError)
	f.Uint64Var(&r.seed, "seed", 1, "seed of the first run of each row; the next one has this plus 1")
	f.IntVar(&r.seeds, "seeds", 1, "number of seeds; the figures are means over them")
	f.BoolVar(&r.quick, "quick", false, "run some rows with little training; the figures mean nothing")
	f.StringVar(&r.out, "out", "report-out", "`folder` to write results to, and to resume from")
	f.BoolVar(&r.json, "json", false, "print the results as one JSON object, the last line of the output")
	for _, name := range []string{"train", "valid", "epochs", "batch", "lr", "data"} {
		f.String(name, "", "`value` of this flag for every experiment, replacing the row's")
	}
	err := command.Parse(f, "runs all rows of experiments, or the named ones, and writes a page and a table.", args, r.stdout)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(r.stdout, "\nRows: %s\n", strings.Join(names(rows), ", "))
	}
	if err != nil {
		return nil, err
	}
	if err := command.Check(command.Least{Flag: "seeds", Got: r.seeds, Want: 1}); err != nil {
		return nil, err
	}
	if r.out == "" {
		return nil, errors.New("-out: got an empty name, want a folder")
	}
	f.Visit(func(g *flag.Flag) {
		if slices.Contains([]string{"train", "valid", "epochs", "batch", "lr", "data"}, g.Name) {
			r.passed = append(r.passed, "-"+g.Name+"="+g.Value.String())
		}
	})
	list, err := r.choose(f.Args())
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(r.out, 0o777); err != nil {
		return nil, fmt.Errorf("-out: %w", err)
	}
	return list, nil
}

// choose returns the rows with the given names; without names, it returns all rows, or with -quick those of the quick version.
func (r *report) choose(wanted []string) ([]row, error) {
	var list []row
	for _, w := range wanted {
		if !slices.Contains(names(rows), w) {
			return nil, fmt.Errorf("got row %q, want any of %s", w, strings.Join(names(rows), ", "))
		}
	}
	for _, w := range rows {
		if slices.Contains(wanted, w.name) || len(wanted) == 0 && (w.quick || !r.quick) {
			if r.quick {
				w = w.small()
			}
			list = append(list, w)
		}
	}
	return list, nil
}
