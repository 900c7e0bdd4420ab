//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// An interrupter is a writer that sends Ctrl-C to this process when a string has been written.
type interrupter struct {
	bytes.Buffer
	at   string
	done bool
}

func (i *interrupter) Write(p []byte) (int, error) {
	if n, err := i.Buffer.Write(p); err != nil || i.done || !strings.Contains(i.String(), i.at) {
		return n, err
	}
	i.done = true
	arrived := make(chan os.Signal, 1)
	signal.Notify(arrived, os.Interrupt)
	defer signal.Stop(arrived)
	err := syscall.Kill(os.Getpid(), syscall.SIGINT)
	<-arrived
	return len(p), err
}

var _ io.Writer = (*interrupter)(nil)

// Ctrl-C ends training, and the results so far are shown and saved.
func TestInterrupt(t *testing.T) {
	data := labtest.IDX(t, 600, 20, 7, 5)
	for _, c := range []struct {
		at             string
		epochs         string
		atLeast, below int // epochs that end
	}{
		{"reading the images", "100000", 0, 1},
		{"valid_loss", "100000", 1, 100000},
		{"classifier", "2", 2, 3},
	} {
		at := c.at
		args, out := labtest.Small(t, "-data", data, "-epochs", c.epochs, "-patience", c.epochs)
		var stderr bytes.Buffer
		stdout := &interrupter{at: at}
		if status := run(args, stdout, &stderr); status != 0 || stderr.Len() > 0 {
			t.Errorf("at %q: got status %d, stderr %q, want 0 and none", at, status, &stderr)
			continue
		}
		lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
		var got result
		if err := json.Unmarshal([]byte(strings.Replace(lines[len(lines)-1], `"noise":0.8,"network":"deep",`, "", 1)), &got); err != nil {
			t.Fatal(err)
		}
		if !got.Interrupted || got.Epochs < c.atLeast || got.Epochs >= c.below || got.BestEpoch > got.Epochs || len(got.Test) != 1 {
			t.Errorf("at %q: got %+v, want an interrupted run of %d to %d epochs", at, got, c.atLeast, c.below-1)
		}
		for _, name := range []string{pictures, curves, lab.LogFile, lab.Weights} {
			if len(labtest.Read(t, out, name)) == 0 && !(name == lab.LogFile && got.Epochs == 0) {
				t.Errorf("at %q: got an empty %s", at, name)
			}
		}
	}
}
