package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

// writeResults measures tables and writes each of them into RESULTS.md when it is complete.
func writeResults(ctx context.Context, s setting, chosen []table, files []string) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	e, err := findEngines(ctx)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(e.source, "RESULTS.md")
	l := lab{engines: e, setting: s, files: files, folder: folder}
	for _, t := range chosen {
		if _, err := read(path, t.name, ""); err != nil {
			return err // now, not after the measurement
		}
	}
	for _, t := range chosen {
		r := report{table: t, day: time.Now(), machine: machine(s.Threads), seconds: s.seconds, referee: referee{trip: roundTrip},
			version: map[string]string{"PyTorch": e.pytorch, "onnxruntime": e.onnxruntime}[t.other]}
		if t.unit == megabytes {
			r.referee.trip = func() float64 { return 0 } // memory does not depend on it
		}
		jobs, err := t.jobs(l, ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		for _, j := range jobs {
			rows, err := compare(ctx, j, s.pairs, &r.referee)
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			r.rows = append(r.rows, rows...)
		}
		if t.after != nil {
			if r.below, err = t.after(l, ctx, &r.referee); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
		if err := rewrite(path, t.name, r.text()); err != nil {
			return err
		}
	}
	return nil
}
