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

// TestTrain: a run without a launcher prints the same digest each time.
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

// TestSimulateMost: the largest numbers of processes and of images give a table that ends, of positive figures.
func TestSimulateMost(t *testing.T) {
	g, err := mpi.Start(mpi.Config{})
	require.NoError(t, err)
	s, err := parse(strings.Fields("-simulate 65536 -train 64 -batch 9223372036854775807"), nil)
	require.NoError(t, err)
	var out strings.Builder
	require.NoError(t, simulate(context.Background(), s, g, &out))
	require.Contains(t, out.String(), "ms a step of 64 samples")
	require.Len(t, regexp.MustCompile(`(?m)^ +\d+( +\d+\.\d\d){5}$`).FindAllString(out.String(), -1), 17)
	require.NotContains(t, out.String(), "-0")
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

// TestParse: wrong flags are errors that name the flag.
func TestParse(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"-steps 0", "-steps: got 0, want 1 or more"},
		{"-batch -1", "-batch: got -1, want 1 or more"},
		{"-train 0", "-train: got 0, want 1 or more"},
		{"-train 60001", "-train: got 60001, want at most 60000"},
		{"-shards 3", "-shards: got 3, want a power of two from 1 to 65536"},
		{"-shards 0", "-shards: got 0, want a power of two"},
		{"-shards 131072", "-shards: got 131072, want a power of two"},
		{"-simulate -1", "-simulate: got -1, want 0 or more"},
		{"-simulate 65537", "-simulate: got 65537, want at most 65536"},
		{"-simulate 9223372036854775807", "-simulate: got 9223372036854775807, want at most 65536"},
		{"-timeout -1s", "-timeout: got -1s, want 0 or more"},
		{"-latency NaN", "-latency: got NaN, want 0 to 1e9"},
		{"-bandwidth 0", "-bandwidth: got 0, want more than 0"},
		{"-latency 50", "-latency: got it without -simulate, want both or none"},
		{"-bandwidth 2", "-bandwidth: got it without -simulate, want both or none"},
		{"-simulate 4 -steps 3", "-steps: got it beside -simulate, want one of them"},
		{"-simulate 4 -shards 2", "-shards: got it beside -simulate, want one of them"},
		{"-simulate 4 -checkpoint x", "-checkpoint: got it beside -simulate, want one of them"},
		{"-simulate 4 -timeout 3s", "-timeout: got it beside -simulate, want one of them"},
		{"-bandwidth Inf", "-bandwidth: got +Inf, want more than 0"},
		{"-network x", `-network: got "x", want mlp, cnn2d or denoise`},
		{"x", `got argument "x", want flags only`},
	} {
		t.Run(c.args, func(t *testing.T) {
			var stdout strings.Builder
			_, err := parse(strings.Fields(c.args), &stdout)
			require.ErrorContains(t, err, c.want)
			require.Empty(t, stdout.String())
		})
	}
	s, err := parse(nil, nil)
	require.NoError(t, err)
	require.Equal(t, 8, s.shards)
}

// TestProcesses: the processes must divide the shards, and the error says which numbers do.
func TestProcesses(t *testing.T) {
	for _, c := range []struct {
		shards, processes int
		want              string
	}{
		{8, 1, ""}, {8, 8, ""}, {8, 3, "got 3 processes, want a power of two, at most the 8 of -shards"},
		{8, 16, "got 16 processes, want a power of two, at most the 8 of -shards"},
	} {
		if err := (settings{shards: c.shards}).checkProcesses(c.processes); c.want == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, c.want)
		}
	}
}
