package graph_test

import (
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// files returns the names of the files in a folder.
func files(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestSaveFile: a file is created; replacing it keeps its permissions and a link to it. Nothing else is left in the folder.
func TestSaveFile(t *testing.T) {
	m := small(t, tensor.Float32)
	folder := t.TempDir()
	path, link := filepath.Join(folder, "model"), filepath.Join(folder, "link")
	require.NoError(t, m.SaveFile(path))
	written, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, saved(t, m), written)

	require.NoError(t, os.WriteFile(path, []byte("old"), 0o600))
	require.NoError(t, os.Chmod(path, 0o640))
	require.NoError(t, os.Symlink("model", link))
	require.NoError(t, m.SaveFile(link))
	require.NoError(t, m.LoadFile(path))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), info.Mode())
	require.Equal(t, []string{"link", "model"}, files(t, folder))

	t.Chdir(folder)
	require.NoError(t, m.SaveFile("here"))
	require.NoError(t, m.LoadFile("here"))
	require.Equal(t, []string{"here", "link", "model"}, files(t, folder))
}

// TestSaveFileErrors: each error names the file, and leaves the old one as it was.
func TestSaveFileErrors(t *testing.T) {
	m := small(t, tensor.Float32)
	folder := t.TempDir()
	old := filepath.Join(folder, "old")
	require.NoError(t, os.WriteFile(old, []byte("old"), 0o666))
	for name, r := range map[string]struct{ path, want string }{
		"no folder":        {filepath.Join(folder, "none", "model"), "no such file or directory"},
		"file as a folder": {filepath.Join(old, "model"), "not a directory"},
		"folder":           {folder, "want a regular file or nothing there"},
		"device":           {os.DevNull, "want a regular file or nothing there"},
		"empty path":       {"", "rename"},
	} {
		t.Run(name, func(t *testing.T) {
			err := m.SaveFile(r.path)
			require.ErrorContains(t, err, "graph: SaveFile: ")
			require.ErrorContains(t, err, r.path)
			require.ErrorContains(t, err, r.want)
		})
	}
	require.ErrorContains(t, m.LoadFile(old), "graph: LoadFile: "+old+": safetensors: the header's length: got 3 bytes")
	require.ErrorIs(t, m.LoadFile(filepath.Join(folder, "none")), os.ErrNotExist)
	require.Equal(t, []string{"old"}, files(t, folder))
	require.Empty(t, leftovers(t, "."))
}

// leftovers returns the paths of the temporary files in a folder.
func leftovers(t *testing.T, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, ".nndiy-*"))
	require.NoError(t, err)
	return names
}

// TestSaveFileUnwritable: in a folder without write permission SaveFile returns an error, and the old file stays.
func TestSaveFileUnwritable(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "model")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o666))
	require.NoError(t, os.Chmod(folder, 0o555))
	t.Cleanup(func() { _ = os.Chmod(folder, 0o755) })
	if f, err := os.Create(filepath.Join(folder, "probe")); err == nil {
		f.Close()
		t.Skip("this user may write to any folder")
	}
	require.ErrorIs(t, small(t, tensor.Float32).SaveFile(path), os.ErrPermission)
	require.Equal(t, []string{"model"}, files(t, folder))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "old", string(got))
}

// killedModel returns a model with 200,400 parameters.
func killedModel(t *testing.T) *graph.Model {
	t.Helper()
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 400}}, graph.Config{Input: []int{500}})
	require.NoError(t, err)
	return m
}

// saveLoop is the environment variable that makes TestSaveFileKilled the process that is killed.
const saveLoop = "NNDIY_TEST_SAVE_LOOP"

// TestSaveFileKilled: a process that saves again and again is killed, and each time the file is whole.
func TestSaveFileKilled(t *testing.T) {
	if path := os.Getenv(saveLoop); path != "" {
		saveForever(t, path)
		return
	}
	path := filepath.Join(t.TempDir(), "model")
	m := killedModel(t)
	for range 20 {
		child := exec.Command(os.Args[0], "-test.run=^TestSaveFileKilled$")
		child.Env = append(os.Environ(), saveLoop+"="+path)
		hold, err := child.StdinPipe() // the child exits when this pipe is closed
		require.NoError(t, err)
		progress, err := child.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, child.Start())
		_, err = io.ReadFull(progress, make([]byte, 1+rand.IntN(3)))
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
		killed := child.Process.Kill()
		_ = child.Wait()
		hold.Close()
		require.NoError(t, err)
		require.NoError(t, killed)

		require.NoError(t, m.LoadFile(path))
		w := m.Weights()
		first := w["dense1/bias"].Float32s()[0]
		for name, x := range w {
			require.False(t, slices.ContainsFunc(x.Float32s(), func(v float32) bool { return v != first }), "%s: got weights of two saves, want those of one", name)
		}
	}
	t.Logf("the last kill left %d temporary files", len(leftovers(t, filepath.Dir(path))))
	require.NoError(t, m.SaveFile(path))
	require.Empty(t, leftovers(t, filepath.Dir(path)))
}

// saveForever saves weights that are all 0 and all 1 in turn, and writes a character to standard output each time.
func saveForever(t *testing.T, path string) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	m := killedModel(t)
	zeros, ones := m.Weights(), m.Weights()
	for name := range ones {
		clear(zeros[name].Float32s())
		for i := range ones[name].Float32s() {
			ones[name].Float32s()[i] = 1
		}
	}
	for w, next := zeros, ones; ; w, next = next, w {
		require.NoError(t, m.SetWeights(w))
		require.NoError(t, m.SaveFile(path))
		_, err := os.Stdout.WriteString(".")
		require.NoError(t, err)
	}
}
