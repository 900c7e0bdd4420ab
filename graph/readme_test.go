package graph_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadme: the README's examples are quoted from the Example functions and their declarations, which are compiled and run.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	var source []byte
	for _, name := range []string{"example_test.go", "example_file_test.go", "example_sequence_test.go", "onnx/example_test.go"} {
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		source = append(source, b...)
	}
	trim := func(s string) string {
		var lines []string
		for line := range strings.Lines(s) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
		return strings.Join(lines, "\n")
	}
	body := trim(string(source))
	blocks := strings.Split(string(readme), "```go\n")[1:]
	require.NotEmpty(t, blocks, "examples in the README")
	for _, rest := range blocks {
		example, _, _ := strings.Cut(rest, "```")
		for part := range strings.SplitSeq(trim(example), "\n// ...\n") {
			require.Contains(t, body, part)
		}
	}
}
