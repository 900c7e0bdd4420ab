package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// parse reads the flags, and returns the rows to be run.
func (r *report) parse(args []string) ([]row, error) {
	f := flag.NewFlagSet("report", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Uint64Var(&r.seed, "seed", 1, "first seed")
	f.IntVar(&r.seeds, "seeds", 1, "number of seeds; with more than one, figures are means")
	f.BoolVar(&r.quick, "quick", false, "a small version of some rows, whose figures tell nothing")
	f.StringVar(&r.out, "out", "report-out", "`folder` to write results to, and to go on from")
	f.BoolVar(&r.json, "json", false, "print the results as one JSON object, the last line of the output")
	for _, name := range []string{"train", "valid", "epochs", "batch", "lr", "data"} {
		f.String(name, "", "`value` of this flag for every experiment, in place of the row's own")
	}
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(r.stdout, "report runs the experiments, or those of the named rows, and writes a page and a table.\n\nFlags:\n")
		f.SetOutput(r.stdout)
		f.PrintDefaults()
		fmt.Fprintf(r.stdout, "\nRows: %s\n", strings.Join(names(rows), ", "))
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w; -help lists the flags", err)
	case r.seeds < 1:
		return nil, fmt.Errorf("-seeds: got %d, want 1 or more", r.seeds)
	case r.out == "":
		return nil, errors.New("-out: got no name, want a folder")
	}
	f.Visit(func(g *flag.Flag) {
		if slices.Contains([]string{"train", "valid", "epochs", "batch", "lr", "data"}, g.Name) {
			r.passed = append(r.passed, "-"+g.Name+"="+g.Value.String())
		}
	})
	if err := os.MkdirAll(r.out, 0o777); err != nil {
		return nil, fmt.Errorf("-out: %w", err)
	}
	return r.choose(f.Args())
}

// choose returns the rows of the given names, or all, or all that are quick.
func (r *report) choose(wanted []string) ([]row, error) {
	var list []row
	for _, w := range wanted {
		if !slices.Contains(names(rows), w) {
			return nil, fmt.Errorf("got the row %q, want some of %s", w, strings.Join(names(rows), ", "))
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
