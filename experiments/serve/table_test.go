package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// running runs the program on a model file until the test ends, and returns its URL.
func running(t *testing.T, args ...string) string {
	ctx, cancel := context.WithCancel(context.Background())
	in, out := io.Pipe()
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, append(args, "-address", "localhost:0"), out, os.Stderr)
		out.Close()
	}()
	line, err := bufio.NewReader(in).ReadString('\n')
	require.NoError(t, err)
	address := regexp.MustCompile(`(http://\S+),`).FindStringSubmatch(line)
	require.NotNil(t, address, line)
	t.Cleanup(func() {
		client.CloseIdleConnections()
		cancel()
		_, _ = io.Copy(io.Discard, in)
		require.Equal(t, 0, <-status)
	})
	return address[1]
}

// TestTable: the commands that experiments/table prints get from this program, which knows only the model file, the answers of
// PredictRows, for a table of classes and one of numbers.
func TestTable(t *testing.T) {
	program := filepath.Join(t.TempDir(), "table")
	text, err := exec.Command("go", "build", "-o", program, "../table").CombinedOutput()
	require.NoError(t, err, "%s", text)
	for _, data := range []string{"iris", "diabetes"} {
		t.Run(data, func(t *testing.T) {
			dir := t.TempDir()
			printed, err := exec.Command(program, "-data", data, "-epochs", "2", "-units", "8", "-out", dir).CombinedOutput()
			require.NoError(t, err, "%s", printed)
			text := string(printed)
			command := regexp.MustCompile(`go run ./experiments/serve (-model \S+)\ncurl -d '(.*)' localhost:8080/predict\n`).FindStringSubmatch(text)
			require.NotNil(t, command, text)
			url := running(t, strings.Fields(command[1])...)
			r, err := client.Post(url+"/predict", "application/x-www-form-urlencoded", strings.NewReader(command[2]))
			require.NoError(t, err)
			code, answer := read(t, r)
			require.Equal(t, 200, code, answer)

			m, err := graph.Open(filepath.Join(dir, "model.safetensors"))
			require.NoError(t, err)
			var body struct{ Rows []map[string]any }
			require.NoError(t, json.Unmarshal([]byte(command[2]), &body))
			want, err := m.PredictRows(context.Background(), body.Rows)
			require.NoError(t, err)
			wanted, err := json.Marshal(map[string]any{"answers": want})
			require.NoError(t, err)
			require.Equal(t, string(wanted)+"\n", answer)

			_, text = get(t, url+"/openapi.json")
			for name := range body.Rows[0] {
				require.Contains(t, text, `"`+name+`": {`)
			}
		})
	}
}
