package callbacks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// TestGradientNorms plays steps with invented norms: each epoch logs the means of those that were measured.
func TestGradientNorms(t *testing.T) {
	norms := []graph.Logs{{"a/w": 3, "a/b": 4, "c": 12}, nil, {"a/w": 0, "a/b": 0, "c": 1}, {"a/w": 1, "a/b": 0, "c": 0}}
	for _, c := range []struct {
		name     string
		callback callbacks.GradientNorms
		want     []graph.Logs
	}{
		{"layers", callbacks.GradientNorms{}, []graph.Logs{{"gradient_norm": 13, "gradient_norm/a": 5}, {"gradient_norm": 1, "gradient_norm/a": 0.5}}},
		{"parameters", callbacks.GradientNorms{Parameters: true}, []graph.Logs{
			{"gradient_norm": 13, "gradient_norm/a/w": 3, "gradient_norm/a/b": 4, "gradient_norm/c": 12},
			{"gradient_norm": 1, "gradient_norm/a/w": 0.5, "gradient_norm/a/b": 0, "gradient_norm/c": 0.5}}},
		{"every second step", callbacks.GradientNorms{Every: 2}, []graph.Logs{{"gradient_norm": 13, "gradient_norm/a": 5}, {"gradient_norm": 1, "gradient_norm/a": 0}}},
		{"none", callbacks.GradientNorms{Every: 100}, []graph.Logs{{"gradient_norm": 13, "gradient_norm/a": 5}, {}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &graph.Run{}
			send := func(e graph.Event) { require.NoError(t, c.callback.Handle(r, e)) }
			for range 2 { // a second run begins anew
				r.Total = 0
				send(graph.TrainBegin)
				for epoch, want := range c.want {
					for _, n := range norms[2*epoch : 2*epoch+2] {
						send(graph.StepBegin)
						r.Total++
						r.GradientNorms = n
						send(graph.StepEnd)
						r.GradientNorms = nil
					}
					r.Logs = graph.Logs{}
					send(graph.EpochEnd)
					require.Equal(t, want, r.Logs)
				}
			}
		})
	}
}

// TestGradientNormsLogged trains: the log files have the norms, TensorBoard also those of steps.
func TestGradientNormsLogged(t *testing.T) {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		gate := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Param("w", graph.Ones, 1)) })
		return s.ApplyAs("b", gate, s.ApplyAs("a", gate, x))
	})
	loss := graph.LossFunc(func(pred, target graph.Node) graph.Node { return pred.Sub(target).Mean() })
	m, err := graph.Compile(net, graph.Config{Input: []int{1}, Loss: loss, Optimizer: descent{}})
	require.NoError(t, err)
	ones := tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float32{1, 1, 1, 1}))
	var lines1, table bytes.Buffer
	dir := filepath.Join(t.TempDir(), "board")
	history, err := m.Fit(context.Background(), graph.Arrays{X: ones, Y: ones}, graph.FitConfig{BatchSize: 1, Epochs: 2, Callbacks: []graph.Callback{
		&callbacks.GradientNorms{Every: 2}, &callbacks.JSONL{Writer: &lines1}, &callbacks.CSVLog{Writer: &table}, &callbacks.TensorBoard{Dir: dir, StepEvery: 3},
	}})
	require.NoError(t, err)
	first := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(strings.Split(lines1.String(), "\n")[0]), &first))
	a, b := first["gradient_norm/a"].(float64), first["gradient_norm/b"].(float64)
	require.Positive(t, a)
	require.Equal(t, a, b, "the two gates are the same at all times")
	require.Equal(t, a, history.Logs[0]["gradient_norm/a"])
	require.InEpsilon(t, math.Sqrt2*a, first["gradient_norm"], 1e-6)
	require.Contains(t, table.String(), "gradient_norm,gradient_norm/a,gradient_norm/b")
	var tags []string
	for _, l := range lines(eventFiles(t, dir)[0]) {
		tags = append(tags, l[:strings.LastIndexByte(l, ' ')])
	}
	for _, tag := range []string{"3 step/gradient_norm", "3 step/gradient_norm/a", "1 gradient_norm", "2 gradient_norm/b"} {
		require.True(t, slices.Contains(tags, tag), "%s in %q", tag, tags)
	}
	require.False(t, slices.Contains(tags, "6 step/gradient_norm"), "step 6 was not measured")
}
