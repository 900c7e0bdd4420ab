package main

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
)

// program is the experiment under test.
var program labtest.Program = run

// Both agents learn in a short run of two seeds, and the same seeds give the same files. The parameters in the file are those of
// all models of an agent.
func TestRun(t *testing.T) {
	for agent, layers := range map[string][]string{"policy": {"actor/", "critic/"}, "dqn -batch 16 -lr 1e-3": {"values/"}} {
		t.Run(agent, func(t *testing.T) {
			flags := strings.Fields("-seeds 2 -train 120 -valid 5 -goal 40 -agent " + agent)
			_, out, got := program.Twice(t, []string{curves, actions, lab.Weights}, flags...)
			want := []string{"agent", "batch", "episodes", "goal", "lr", "runs", "seconds", "seeds", "solved", "valid_return"}
			require.Equal(t, want, labtest.Keys(got))
			require.Equal(t, 1.0, got["solved"], "%v", got)
			for i, c := range got["runs"].([]any) {
				c := c.(map[string]any)
				require.Equal(t, float64(i+1), c["seed"])
				require.GreaterOrEqual(t, c["return"].(float64), 40.0)
				require.GreaterOrEqual(t, c["episodes"].(float64), float64(window))
			}
			weights, err := graph.ReadWeights(strings.NewReader(string(labtest.Read(t, out, lab.Weights))))
			require.NoError(t, err)
			require.Len(t, weights, 6*len(layers))
			for name := range weights {
				require.True(t, slices.ContainsFunc(layers, func(l string) bool { return strings.HasPrefix(name, l) }), name)
			}
		})
	}
}

// A goal that is not reached: all episodes are played, and that is not an error.
func TestUnsolved(t *testing.T) {
	_, got := program.Run(t, []string{"-train", "5", "-valid", "1", "-json", "-out", t.TempDir()})
	require.Equal(t, []any{0.0, 5.0, 475.0}, []any{got["solved"], got["episodes"], got["goal"]})
}

func TestBadFlags(t *testing.T) {
	for _, args := range [][]string{
		{"-agent", "nobody"}, {"-seeds", "0"}, {"-batch", "0"}, {"-goal", "501"}, {"-goal", "-1"}, {"-goal", "NaN"}, {"-goal", "0"}, {"-lr", "0"}, {"-lr", "-0"}, {"-lr", "-1"}, {"-lr", "NaN"}, {"-lr", "2"},
		{"-epochs", "1"}, {"-patience", "1"}, {"-data", "x"}, {"-train", "0"}, {"-valid", "0"},
	} {
		program.Reject(t, args...)
	}
}

// The states are those of Gymnasium's CartPole-v1: see testdata/trajectory.py.
func TestPush(t *testing.T) {
	var want struct {
		Start state
		Steps []struct {
			Action int
			State  state
			Fallen bool
		}
	}
	require.NoError(t, json.Unmarshal(labtest.Read(t, "testdata", "trajectory.json"), &want))
	require.Greater(t, len(want.Steps), 50)
	s := want.Start
	for i, step := range want.Steps {
		s = s.push(step.Action)
		for k, v := range s {
			require.InDelta(t, step.State[k], v, 1e-9, "step %d, number %d", i, k)
		}
		require.Equal(t, step.Fallen, s.fallen(), "step %d", i)
	}
}

func TestFallen(t *testing.T) {
	const degree = math.Pi / 180
	for s, want := range map[state]bool{
		{}: false, {2.39, 9, 0, 9}: false, {2.41}: true, {-2.41}: true, {2: 11.9 * degree}: false, {2: 12.1 * degree}: true, {2: -12.1 * degree}: true,
	} {
		require.Equal(t, want, s.fallen(), "%v", s)
	}
}

// A balanced agent plays 500 steps; the last one ends the episode, but the pole has not fallen.
func TestLimit(t *testing.T) {
	a := &steady{}
	steps, err := play(context.Background(), a, rand.New(rand.NewPCG(1, 1)), true)
	require.NoError(t, err)
	require.Equal(t, limit, steps)
	require.Len(t, a.seen, limit)
	for i, s := range a.seen {
		require.Equal(t, i == limit-1, s.end, "step %d", i)
		require.False(t, s.fallen)
	}
}

// steady is an agent that balances the pole without learning.
type steady struct{ seen []transition }

func (*steady) score(_ context.Context, s state) ([]float32, error) {
	return []float32{0, float32(s[2] + 0.3*s[3] + 0.02*s[0] + 0.05*s[1])}, nil
}
func (*steady) explore(scores []float32) int { return better(scores) }
func (*steady) model() *graph.Model          { return nil }
func (a *steady) learn(_ context.Context, t transition) error {
	a.seen = append(a.seen, t)
	return nil
}

// Ctrl-C before the first episode: the results of nothing are shown.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := settings{Agent: agents(), Seeds: 3, Batch: 8}
	require.NoError(t, s.check(flag.NewFlagSet("", flag.ContinueOnError)))
	r, err := cartpole(&lab.Lab{Options: lab.Options{Train: 10, Valid: 1, Seed: 1, Out: t.TempDir()}, Context: ctx, Stdout: io.Discard}, s)
	require.NoError(t, err)
	require.True(t, r.Interrupted)
	require.Len(t, r.Runs, 1)
	require.Zero(t, r.Episodes)
}
