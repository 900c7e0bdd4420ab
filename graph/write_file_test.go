package graph

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWriteFileFails: when writing fails or panics half-way, the old file stays and no other is left.
func TestWriteFileFails(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "model")
	broken := errors.New("broken")
	for _, old := range []bool{false, true} {
		if old {
			require.NoError(t, os.WriteFile(path, []byte("old"), 0o666))
		}
		half := func(w io.Writer) error {
			_, err := w.Write(make([]byte, 1<<20))
			require.NoError(t, err)
			names, err := os.ReadDir(folder)
			require.NoError(t, err)
			require.NotEmpty(t, names, "it has begun under another name")
			return broken
		}
		require.ErrorIs(t, writeFile(path, half), broken)
		require.Panics(t, func() { _ = writeFile(path, func(w io.Writer) error { panic(half(w)) }) })
		names, err := os.ReadDir(folder)
		require.NoError(t, err)
		if !old {
			require.Empty(t, names)
			continue
		}
		require.Len(t, names, 1)
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, "old", string(got))
	}
}
