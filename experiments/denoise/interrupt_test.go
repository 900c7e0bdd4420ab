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

// An interrupter is a writer that does as if somebody pressed Ctrl-C when a text is written.
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

// Ctrl-C ends training, and what has been learned is shown and saved.
func TestInterrupt(t *testing.T) {
	data := labtest.IDX(t, 600, 20, 7, 5)
	for _, c := range []struct {
		at            string
		epochs        string
		fewest, fewer int // epochs that end: from fewest to less than fewer
	}{
		{"reading the pictures", "100000", 0, 1},
		{"valid_loss", "100000", 1, 100000},
		{"classifier", "2", 2, 3},
	} {
		at := c.at
		args, out := labtest.Small(t, "-data", data, "-epochs", c.epochs, "-patience", c.epochs)
		var stderr bytes.Buffer
		stdout := &interrupter{at: at}
		if status := run(args, stdout, &stderr); status != 0 || stderr.Len() > 0 {
			t.Errorf("at %q: status %d, stderr %q", at, status, &stderr)
			continue
		}
		lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
		var got result
		if err := json.Unmarshal([]byte(strings.Replace(lines[len(lines)-1], `"noise":0.8,"network":"deep",`, "", 1)), &got); err != nil {
			t.Fatal(err)
		}
		if !got.Interrupted || got.Epochs < c.fewest || got.Epochs >= c.fewer || got.BestEpoch > got.Epochs || len(got.Test) != 1 {
			t.Errorf("at %q: got %+v", at, got)
		}
		for _, name := range []string{pictures, curves, lab.LogFile, lab.Weights} {
			if len(labtest.Read(t, out, name)) == 0 && !(name == lab.LogFile && got.Epochs == 0) {
				t.Errorf("at %q: %s is empty", at, name)
			}
		}
	}
}
