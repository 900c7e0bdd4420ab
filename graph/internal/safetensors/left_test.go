package safetensors

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadAtOnce: the data of a file, also of one that is read from the middle, and of a reader in memory are read into one array of their
// size; a stream, whose length is not known, gives the same tensors.
func TestReadAtOnce(t *testing.T) {
	const size = 4 << 20
	want := &File{Tensors: []Tensor{{"x", U8, []int{size}, bytes.Repeat(counting(256), size/256)}}}
	content := written(t, want)
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, append([]byte("before"), content...), 0o600))
	for name, r := range map[string]struct {
		open   func() io.Reader
		atOnce bool
	}{
		"memory": {func() io.Reader { return bytes.NewReader(content) }, true},
		"file": {func() io.Reader {
			f, err := os.Open(path)
			require.NoError(t, err)
			t.Cleanup(func() { f.Close() })
			_, err = f.Seek(6, io.SeekStart)
			require.NoError(t, err)
			return f
		}, true},
		"stream": {func() io.Reader { return io.MultiReader(bytes.NewReader(content)) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			in := r.open()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got, err := Read(in)
			runtime.ReadMemStats(&after)
			require.NoError(t, err)
			require.Equal(t, want, got)
			require.Equal(t, r.atOnce, after.TotalAlloc-before.TotalAlloc < size+size/4)
		})
	}
}

// TestReadClaims: a header that claims more than a file has takes no memory for it.
func TestReadClaims(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, raw(`{"x":{"dtype":"U8","shape":[1099511627776],"data_offsets":[0,1099511627776]}}`, counting(9)), 0o600))
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	_, err = Read(f)
	require.ErrorContains(t, err, "the data: got 9 bytes, want 1099511627776")
}
