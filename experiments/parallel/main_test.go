package main

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/parallel/mpi"
)

// small returns settings of a short run of a network.
func small(t *testing.T, network string) settings {
	t.Helper()
	s := settings{network: networks(), steps: 12, batch: 32, shards: 8, train: 300, seed: 1, latency: 50, bandwidth: 1}
	require.NoError(t, s.network.Set(network))
	return s
}

// TestTrain: a run without a launcher prints the same digest again..
func TestTrain(t *testing.T) {
	g, err := mpi.Start(mpi.Config{})
	require.NoError(t, err)
	digest := func(s settings) string {
		var out strings.Builder
		require.NoError(t, train(context.Background(), s, g, &out))
		require.Regexp(t, `speed    \d+ samples/s, \d+\.\d\d ms a step\nexchange 0\.00 ms a step, 0 messages, 0\.00 MB sent\nefficiency 1\.000`, out.String())
		return regexp.MustCompile(`digest   [0-9a-f]{16}`).FindString(out.String())
	}
	for _, network := range []string{"mlp", "cnn2d", "denoise"} {
		s := small(t, network)
		first := digest(s)
		require.NotEmpty(t, first)
		require.Equal(t, first, digest(s))
		s.shards = 4
		require.NotEqual(t, first, digest(s), "the bits depend on the number of shards")
	}
}

// TestSimulate: the table has a row for each power of two.
func TestSimulate(t *testing.T) {
	g, err := mpi.Start(mpi.Config{})
	require.NoError(t, err)
	s := small(t, "mlp")
	s.simulate = 8
	var out strings.Builder
	require.NoError(t, simulate(context.Background(), s, g, &out))
	require.Regexp(t, `mlp: \d+\.\d\d ms a step of 32 samples, .*; 0\.94 MB of gradients\n`, out.String())
	for _, row := range []string{"1 ", "2 ", "4 ", "8 "} {
		require.Regexp(t, `(?m)^ +`+row, out.String())
	}
}

// TestCost: the model of the network against figures worked out by hand.
func TestCost(t *testing.T) {
	c := cost{sample: 1e-3, step: 2e-3, bytes: 1e6, latency: 1e-4, bandwidth: 1e8}
	const agreement = 1024 / 1e8
	require.InDelta(t, 0, c.exchange(1), 1e-12)
	require.InDelta(t, 3e-4+agreement+0.01, c.exchange(2), 1e-12)
	require.InDelta(t, 9e-4+3*agreement+2*7.0/8*0.01, c.exchange(8), 1e-12)
	require.InDelta(t, 1e-3*100/8+2e-3+c.exchange(8), c.seconds(8, 100), 1e-12)
}

// TestCheck: flags that cannot be are errors.
func TestCheck(t *testing.T) {
	for want, change := range map[string]func(*settings){
		"-steps":     func(s *settings) { s.steps = 0 },
		"-train":     func(s *settings) { s.train = 60001 },
		"-bandwidth": func(s *settings) { s.bandwidth = 0 },
	} {
		s := small(t, "mlp")
		require.NoError(t, s.check(nil))
		change(&s)
		require.ErrorContains(t, s.check(nil), want)
	}
	require.ErrorContains(t, small(t, "mlp").check([]string{"x"}), `the argument "x"`)
}
