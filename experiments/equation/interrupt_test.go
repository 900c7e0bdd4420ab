package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// TestInterrupt: whenever Ctrl-C comes, in either training or before, the results so far are shown and written.
func TestInterrupt(t *testing.T) {
	for _, n := range []int64{1, 2, 3, 5, 10, 20, 25, 30, 35, 40, 50, 60} {
		ctx, asked := labtest.Interrupted(n)
		var out bytes.Buffer
		l := &lab.Lab{Context: ctx, Stdout: &out, Options: lab.Options{Train: 20, Valid: 20, Epochs: 10, Batch: 20, Seed: 1, LR: 2e-3, Out: t.TempDir()}}
		r, err := equation(l, settings{Problem: choose.Of(choose.Option[problem]{Name: "oscillator", Value: oscillator}), Iterations: 20})
		require.NoError(t, err, "ask %d\n%s", n, &out)
		if asked() >= n {
			require.True(t, r.Interrupted, "ask %d", n)
			require.Contains(t, out.String(), "interrupted; the results so far follow")
		}
		for _, name := range []string{solution, curves, lab.Weights} {
			_, err := os.Stat(l.Path(name))
			require.NoError(t, err, "ask %d", n)
		}
		require.Positive(t, r.Residual)
		_, err = json.Marshal(r)
		require.NoError(t, err, "ask %d", n)
	}
}
