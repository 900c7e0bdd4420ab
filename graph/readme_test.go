package graph_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadme: the README's example is the text of Example and what it uses, which is compiled and run.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	source, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	trim := func(s string) string {
		var lines []string
		for line := range strings.Lines(s) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
		return strings.Join(lines, "\n")
	}
	_, rest, found := strings.Cut(string(readme), "```go\n")
	require.True(t, found, "the README has no example")
	example, _, _ := strings.Cut(rest, "```")
	body := trim(string(source))
	for part := range strings.SplitSeq(trim(example), "\n// ...\n") {
		require.Contains(t, body, part)
	}
}
