package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func writing(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func contents(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(b)
}

// TestFailure: when writing fails or panics halfway, the old file stays and no temporary file remains.
func TestFailure(t *testing.T) {
	broken := errors.New("broken")
	for _, old := range []bool{false, true} {
		t.Run(fmt.Sprintf("old file %t", old), func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, "model")
			if old {
				require.NoError(t, os.WriteFile(path, []byte("old"), 0o666))
			}
			half := func(w io.Writer) error {
				_, err := w.Write(make([]byte, 1<<20))
				require.NoError(t, err)
				names, err := os.ReadDir(folder)
				require.NoError(t, err)
				require.NotEmpty(t, names, "a temporary file exists")
				return broken
			}
			require.ErrorIs(t, Write(path, half), broken)
			require.Panics(t, func() { _ = Write(path, func(w io.Writer) error { panic(half(w)) }) })
			names, err := os.ReadDir(folder)
			require.NoError(t, err)
			if !old {
				require.Empty(t, names)
				return
			}
			require.Len(t, names, 1)
			require.Equal(t, "old", contents(t, path))
		})
	}
}

// TestReplace: a new file replaces the old one and keeps its permissions; a symbolic link stays a link.
func TestReplace(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "model")
	require.NoError(t, Write(path, writing("first")))
	require.NoError(t, Write(path, writing("second")))
	require.Equal(t, "second", contents(t, path))
	require.Error(t, Write(filepath.Join(path, "below"), writing("")), "a folder that is a file")
	require.Error(t, Write(folder, writing("")), "a file that is a folder")
	if runtime.GOOS == "windows" {
		t.Skip("permissions and symbolic links differ from Unix")
	}
	require.NoError(t, os.Chmod(path, 0o600))
	link := filepath.Join(folder, "link")
	require.NoError(t, os.Symlink("model", link))
	require.NoError(t, Write(link, writing("third")))
	require.Equal(t, "third", contents(t, path))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.Equal(t, os.ModeSymlink, info.Mode().Type())
	info, err = os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// TestLeftovers: Write removes the temporary files that killed processes left of the same path or series, and no others.
func TestLeftovers(t *testing.T) {
	ended := exec.Command("go", "version")
	require.NoError(t, ended.Run())
	dead, alive := ended.Process.Pid, os.Getppid()
	if !running(alive) || running(dead) {
		t.Skip("this system does not report which processes run")
	}
	folder := t.TempDir()
	leave := func(series string, pid int) string {
		path := filepath.Join(folder, fmt.Sprintf("%s%d-0.tmp", temporaryPrefix(series), pid))
		require.NoError(t, os.WriteFile(path, nil, 0o666))
		return path
	}
	gone := []string{leave("model", dead), leave("steps", dead), leave("model", os.Getpid())}
	stays := []string{leave("model", alive), leave("other", dead)}
	require.NoError(t, Write(filepath.Join(folder, "model"), writing("")))
	require.NoError(t, WriteSeries("steps", filepath.Join(folder, "step-1"), writing("")))
	for _, path := range gone {
		require.NoFileExists(t, path)
	}
	for _, path := range stays {
		require.FileExists(t, path)
	}
}

// TestNoFolder: the error names the folder, and not the temporary file.
func TestNoFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "none")
	err := Write(filepath.Join(folder, "file"), writing("x"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "create a file in "+folder+": ")
	require.NotContains(t, err.Error(), ".tmp")
}
