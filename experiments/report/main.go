// Command report runs the experiments and writes their results to an HTML page and a Markdown table, beside the figures of the
// older library that nndiy succeeds and of PyTorch. Each row is an experiment with its flags, which the page shows.
//
//	go run ./experiments/report                # every row: 16 minutes on two cores
//	go run ./experiments/report -quick         # some rows with little training, to check that everything works
//	go run ./experiments/report denoise-80 vae # these rows only
//	go run ./experiments/report -help
//
// The results of each row are kept in the folder of results, so the same command resumes after an interruption. It needs the go
// command, and must be run within the module.
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
	passed []string // flags to pass to every experiment
	stdout io.Writer
}

// main returns the exit status: 0 if every row was measured, 1 if not, 2 if a flag is invalid.
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

// all runs the rows, seed by seed, and writes the page and the table after each one.
func (r *report) all(ctx context.Context, list []row) error {
	begin, results := time.Now(), make([]outcome, len(list))
	for i, w := range list {
		results[i].row = w
	}
	for s := range r.seeds {
		for i, w := range list {
			fmt.Fprintf(r.stdout, "%s, seed %d: ", w.name, r.seed+uint64(s))
			m, kept, err := r.measure(ctx, w, r.seed+uint64(s))
			if err != nil {
				fmt.Fprintln(r.stdout, "not measured")
				if ctx.Err() != nil {
					return fmt.Errorf("interrupted: %s and %s hold the results so far, and the same command resumes from them", tableFile, pageFile)
				}
				return fmt.Errorf("%s: %w", w.name, err)
			}
			results[i].runs = append(results[i].runs, m)
			fmt.Fprintf(r.stdout, "%s%s\n", strings.Join(outcome{row: w, runs: []measured{m}}.figures(nil), ", "), map[bool]string{true: " (kept)"}[kept])
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
