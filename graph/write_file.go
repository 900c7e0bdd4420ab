package graph

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// writeFile writes a file so that a crash at any moment leaves the old one or the new one at the path, whole: under a
// temporary name in the same folder, brought to the disk, renamed, and the folder brought to the disk. A file that is there
// keeps its permissions, and a link to it stays a link. What killed processes have left of the same path goes.
func writeFile(path string, write func(io.Writer) error) error {
	old, err := os.Stat(path)
	if err == nil {
		if !old.Mode().IsRegular() {
			return fmt.Errorf("got something of mode %v, want a regular file or nothing there", old.Mode())
		}
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
	}
	folder, prefix := filepath.Dir(path), temporaryPrefix(path)
	removeStale(folder, prefix)
	temporary := filepath.Join(folder, fmt.Sprintf("%s%d-%016x.tmp", prefix, os.Getpid(), rand.Uint64()))
	unfinished.Store(temporary, true)
	defer unfinished.Delete(temporary)
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	renamed := false
	defer func() {
		if !renamed {
			f.Close()
			os.Remove(temporary)
		}
	}()
	if old != nil {
		if err := f.Chmod(old.Mode().Perm()); err != nil {
			return err
		}
	}
	buffer := bufio.NewWriterSize(f, 64<<10)
	if err := write(buffer); err != nil {
		return err
	}
	if err := errors.Join(buffer.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	renamed = true
	return syncFolder(folder)
}

// syncFolder brings a folder's names to the disk, where the system can do that.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}
