// Package whole writes files whole or not at all.
package whole

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Write writes a file so that the path has the old file or the new one, whatever happens meanwhile: it is written under
// a temporary name in the same folder, brought to the disk, and renamed.
func Write(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".whole-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // which is gone if all went well
	buffer := bufio.NewWriter(f)
	err = write(buffer)
	if err == nil {
		err = errors.Join(buffer.Flush(), f.Chmod(0o644), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
