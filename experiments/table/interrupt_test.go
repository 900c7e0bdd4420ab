package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// TestInterrupt: whether Ctrl-C comes before or in a training, in the search or in the folds, the results so far are shown and written.
func TestInterrupt(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2)) // so that trials of the search finish before it ends
	all, asked := labtest.Interrupted(math.MaxInt64)
	program := func(t *testing.T, ctx context.Context, args ...string) (stdout string, result map[string]any) {
		out := t.TempDir()
		var o, e bytes.Buffer
		args = append([]string{"-epochs", "4", "-batch", "64", "-json", "-out", out}, args...)
		require.Equal(t, 0, run(ctx, args, &o, &e), "%q: %s", args, &e)
		for _, name := range []string{lab.Weights, curves, importance} {
			_, err := os.Stat(filepath.Join(out, name))
			require.NoError(t, err, "%q", args)
		}
		lines := strings.Split(strings.TrimSpace(o.String()), "\n")
		require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &result))
		return o.String(), result
	}
	_, result := program(t, all)
	require.Contains(t, result, "linear_score")
	require.NotContains(t, result, "interrupted")
	for _, c := range []struct {
		name     string
		asks     int64
		args     []string
		linear   bool // there is a score of the linear model
		training bool // a training was interrupted, not only the search
	}{
		{"before", 1, nil, false, true},
		{"first step", 4, nil, false, true},
		{"first training", 12, nil, false, true},
		{"another training", 60, nil, false, true},
		{"search", 150, []string{"-search", "60"}, true, false},
		{"folds", asked() + 20, []string{"-folds", "2", "-repeats", "20"}, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, asked := labtest.Interrupted(c.asks)
			stdout, result := program(t, ctx, c.args...)
			require.GreaterOrEqual(t, asked(), c.asks)
			require.Contains(t, stdout, "interrupted; the results so far follow")
			require.Equal(t, c.linear, result["linear_score"] != nil)
			require.Equal(t, c.training, result["interrupted"] == true)
			require.NotContains(t, result, "folds_score")
		})
	}
}
