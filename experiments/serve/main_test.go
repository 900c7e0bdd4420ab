package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// TestRun runs the program from its arguments to its end.
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

// TestReadme runs the README's commands, except for the address: the answers must equal the README's to its digits.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)```sh\n(go run ./experiments/regression) .*?\ngo run ./experiments/serve (.*?)\n(.*?)```").FindSubmatch(readme)
	require.NotNil(t, block)
	dir := t.TempDir()
	train := strings.Fields(string(block[1]))
	cmd := exec.Command(train[0], append(train[1:], "-out", filepath.Join(dir, "regression-out"))...)
	cmd.Dir = filepath.Join("..", "..")
	trained, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", trained)
	t.Chdir(dir)
	require.NoError(t, os.WriteFile("samples.npy", array(t, tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float32{0.5, -1}))), 0o666))

	ctx, cancel := context.WithCancel(context.Background())
	in, out := io.Pipe()
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, append(strings.Fields(string(block[2])), "-address", "localhost:0"), out, os.Stderr)
		out.Close()
	}()
	line, err := bufio.NewReader(in).ReadString('\n')
	require.NoError(t, err)
	address := regexp.MustCompile(`http://(\S+),`).FindStringSubmatch(line)
	require.NotNil(t, address, line)
	word, first := regexp.MustCompile(`'[^']*'|\S+`), ""
	for command := range strings.Lines(string(block[3])) {
		command, want, _ := strings.Cut(strings.TrimSpace(command), "#")
		q, err := http.NewRequest("POST", "", nil)
		require.NoError(t, err)
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded") // as curl does
		words := word.FindAllString(command, -1)
		for i, text := range words {
			text = strings.Trim(text, "'")
			switch before := words[max(i, 1)-1]; {
			case before == "-d":
				q.Body = io.NopCloser(strings.NewReader(text))
			case before == "--data-binary":
				file, err := os.Open(strings.TrimPrefix(text, "@"))
				require.NoError(t, err)
				q.Body = file
			case before == "-H":
				name, value, _ := strings.Cut(text, ": ")
				q.Header.Set(name, value)
			case i == len(words)-1:
				q.URL, err = url.Parse("http://" + strings.Replace(text, "localhost:8080", address[1], 1))
				require.NoError(t, err)
			default:
				require.Contains(t, []string{"curl", "-d", "--data-binary", "-H"}, text)
			}
		}
		r, err := client.Do(q)
		require.NoError(t, err)
		code, answer := read(t, r)
		require.Equal(t, 200, code, answer)
		if !strings.Contains(want, "{") {
			want = first // the same inputs as in the first command
		}
		first = want
		require.InDeltaSlice(t, outputs(t, want), outputs(t, answer), 5.1e-4)
	}
	client.CloseIdleConnections()
	cancel()
	_, _ = io.Copy(io.Discard, in)
	require.Equal(t, 0, <-status)
}

// outputs returns the numbers of an answer with one number per sample.
func outputs(t *testing.T, text string) (list []float64) {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "}")
	var answer struct{ Outputs [][1]float64 }
	require.NoError(t, json.Unmarshal([]byte(text+"}"), &answer))
	for _, row := range answer.Outputs {
		list = append(list, row[0])
	}
	return list
}

func TestRunErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, mlp(t).SaveFile(file))
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, 2, "serve: -model: got no file, want a model"},
		{[]string{"-model", file, "more"}, 2, "serve: got argument \"more\", want flags only"},
		{[]string{"-nonsense"}, 2, "-help lists the flags"},
		{[]string{"-model", file + "x", "-address", "localhost:0"}, 1, "serve: graph: Open: "},
		{[]string{"-model", file, "-timeout", "-1s"}, 2, "serve: Config: Timeout: got -1s"},
		{[]string{"-model", file, "-timeout", "0"}, 2, "serve: -timeout: got 0s, want more than 0"},
		{[]string{"-model", file, "-max-body", "0"}, 2, "serve: -max-body: got 0, want more than 0"},
		{[]string{"-model", file, "-address", "localhost:x"}, 1, "serve: -address: listen tcp"},
	} {
		var stderr bytes.Buffer
		require.Equal(t, c.status, run(context.Background(), c.args, io.Discard, &stderr), c.args)
		require.Contains(t, stderr.String(), c.want, c.args)
	}
	var stdout bytes.Buffer
	require.Equal(t, 0, run(context.Background(), []string{"-help"}, &stdout, io.Discard))
	require.Contains(t, stdout.String(), "-max-samples")
}
