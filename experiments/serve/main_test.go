package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRun: the program, from its arguments to its end.
func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, mlp(t).SaveFile(file))
	ctx, cancel := context.WithCancel(context.Background())
	in, out := io.Pipe()
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, []string{"-model", file, "-address", "localhost:0"}, out, io.Discard)
		out.Close()
	}()
	line := make([]byte, 4096)
	n, err := in.Read(line)
	require.NoError(t, err)
	m := regexp.MustCompile(`^serving .*model\.safetensors at (http://\S+), Ctrl-C stops\n$`).FindSubmatch(line[:n])
	require.NotNil(t, m, "%s", line[:n])
	code, _ := get(t, string(m[1])+"/healthz")
	require.Equal(t, 200, code)
	client.CloseIdleConnections()
	cancel()
	rest, err := io.ReadAll(in)
	require.NoError(t, err)
	require.Equal(t, "stopped\n", string(rest))
	require.Equal(t, 0, <-status)
}

func TestRunErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, mlp(t).SaveFile(file))
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, 2, "serve: want -model"},
		{[]string{"-model", file, "more"}, 2, "serve: want -model and other flags, and no arguments"},
		{[]string{"-nonsense"}, 2, "-help lists the flags"},
		{[]string{"-model", file + "x"}, 1, "serve: graph: Open: "},
		{[]string{"-model", file, "-timeout", "-1s"}, 1, "-timeout: got -1000000000"},
		{[]string{"-model", file, "-address", "localhost:x"}, 1, "serve: listen tcp"},
	} {
		var stderr bytes.Buffer
		require.Equal(t, c.status, run(context.Background(), c.args, io.Discard, &stderr), c.args)
		require.Contains(t, stderr.String(), c.want)
	}
	var stdout bytes.Buffer
	require.Equal(t, 0, run(context.Background(), []string{"-help"}, &stdout, io.Discard))
	require.Contains(t, stdout.String(), "-max-samples")
}
