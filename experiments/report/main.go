// Command report runs the experiments and puts what they measure into one page and one table, beside the figures of the library
// that this one carries on. Each row is an experiment with flags of its own, which the page shows.
//
//	go run ./experiments/report                # every row: 20 minutes on two cores
//	go run ./experiments/report -quick         # a small version, to see that everything works
//	go run ./experiments/report denoise-80 vae # these rows alone
//	go run ./experiments/report -help
//
// What a row has measured is kept in the folder of results, so that the same command goes on where it was interrupted. It needs
// the go command, and has to be run within the module.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	b := &builder{}
	status := report{run: b.run}.main(os.Args[1:], os.Stdout, os.Stderr)
	b.clean()
	os.Exit(status)
}

// A report is a run of the program.
type report struct {
	run    runner
	seed   uint64
	seeds  int
	quick  bool
	out    string
	json   bool
	passed []string // flags for every experiment
	stdout io.Writer
}

// main returns the exit status: 0 if every row is there, 1 if not, 2 if a flag is wrong.
func (r report) main(args []string, stdout, stderr io.Writer) int {
	r.stdout = stdout
	list, err := r.parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	status := 2
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		context.AfterFunc(ctx, stop)
		status, err = 1, r.all(ctx, list)
	}
	if err != nil {
		fmt.Fprintf(stderr, "report: %s\n", strings.Join(strings.Fields(err.Error()), " "))
		return status
	}
	return 0
}

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
			list = append(list, w)
		}
	}
	return list, nil
}

// all runs the rows, seed by seed, and writes the page and the table after each one.
func (r *report) all(ctx context.Context, list []row) error {
	begin, results := time.Now(), make([]outcome, len(list))
	for i, w := range list {
		results[i].row = w
	}
	for s := range r.seeds {
		for i, w := range list {
			fmt.Fprintf(r.stdout, "%s, seed %d: ", w.name, r.seed+uint64(s))
			m, again, err := r.measure(ctx, w, r.seed+uint64(s))
			if err != nil {
				fmt.Fprintln(r.stdout, "not measured")
				if ctx.Err() != nil {
					return fmt.Errorf("interrupted: %s and %s have what was measured, and the same command goes on from there", tableFile, pageFile)
				}
				return fmt.Errorf("%s: %w", w.name, err)
			}
			results[i].runs = append(results[i].runs, m)
			fmt.Fprintf(r.stdout, "%s%s\n", strings.Join(outcome{row: w, runs: []measured{m}}.figures(nil), ", "), map[bool]string{true: " (kept)"}[again])
			if err := r.write(results); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(r.stdout, "\n%s\nwritten to %s: %s, %s\n", table(results), r.out, pageFile, tableFile)
	if r.json {
		return json.NewEncoder(r.stdout).Encode(summary(results, time.Since(begin)))
	}
	return nil
}

// folder returns the folder of a row's results.
func (r *report) folder(w row, seed uint64) string {
	return filepath.Join(r.out, fmt.Sprintf("%s-seed%d", w.name, seed))
}
