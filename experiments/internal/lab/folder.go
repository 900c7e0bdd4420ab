package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// open makes the folder of results, and checks that the files can be written, without changing them.
func (l *Lab) open(files []string) error {
	if err := os.MkdirAll(l.Out, 0o777); err != nil {
		return fmt.Errorf("-out: %w", err)
	}
	probe, err := os.CreateTemp(l.Out, ".probe-*")
	if err != nil {
		return fmt.Errorf("-out: %w", err)
	}
	probe.Close()
	os.Remove(probe.Name())
	for _, name := range files {
		file, err := os.OpenFile(l.Path(name), os.O_WRONLY, 0)
		switch {
		case err == nil:
			file.Close()
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("-out: %w", err)
		}
	}
	return nil
}
