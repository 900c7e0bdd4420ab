// Package atomicfile writes files atomically: after a crash a path holds the old file or the new one, never a part.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// Write creates or replaces a file atomically. It calls write on a temporary file in the same folder, syncs that file to
// the disk, renames it to path, and syncs the folder. An existing file keeps its permissions, and a symbolic link stays a
// link. If write returns an error or panics, the temporary file is removed. Write also removes temporary files of the same
// path that killed processes left behind.
func Write(path string, write func(io.Writer) error) error {
	return WriteSeries(filepath.Base(path), path, write)
}

// WriteSeries is Write for one of several files that are written in turn to a folder, such as checkpoints. It removes the
// temporary files that killed processes left behind for any file of the series.
func WriteSeries(series, path string, write func(io.Writer) error) error {
	old, err := os.Stat(path)
	if err == nil {
		if !old.Mode().IsRegular() {
			return fmt.Errorf("got a file of mode %v, want a regular file or nothing there", old.Mode())
		}
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
	}
	folder, prefix := filepath.Dir(path), temporaryPrefix(series)
	removeLeftovers(folder, prefix)
	temporary := filepath.Join(folder, fmt.Sprintf("%s%d-%016x.tmp", prefix, os.Getpid(), rand.Uint64()))
	unfinished.Store(temporary, true)
	defer unfinished.Delete(temporary)
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if failed := (*fs.PathError)(nil); errors.As(err, &failed) {
		return &fs.PathError{Op: "create a file in", Path: folder, Err: failed.Err} // without the temporary name
	}
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

// syncFolder syncs a folder's entries to the disk, where the system supports that.
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
