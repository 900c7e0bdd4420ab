// Package panestest has what the tests of several panes need.
package panestest

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
)

// Data is the folder of the page's data, seen from a pane's package.
const Data = "../../../site/data/"

// Ask sends a pane a message, and fails the test on an error.
func Ask(t testing.TB, p panes.Pane, op string, args any) panes.Reply {
	t.Helper()
	b, err := json.Marshal(args)
	require.NoError(t, err)
	r, err := p.Handle(op, b)
	require.NoError(t, err)
	return r
}

// Load gives a pane its files: names of files of Data by the names of arguments.
func Load(t testing.TB, p panes.Pane, files map[string]string) panes.Reply {
	t.Helper()
	args := map[string][]byte{}
	for name, file := range files {
		b, err := os.ReadFile(Data + file)
		require.NoError(t, err)
		args[name] = b
	}
	return Ask(t, p, "load", args)
}
