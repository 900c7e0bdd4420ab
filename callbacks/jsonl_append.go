package callbacks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// longestLine is how far from the end of a file its last line is looked for.
const longestLine = 1 << 20

// openLines opens a file to write after its last line, or makes it. What is behind the last line break is cut off unless it
// is JSON: a crash has left it.
func openLines(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := toLineEnd(f); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return f, nil
}

func toLineEnd(f *os.File) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil || size == 0 {
		return err
	}
	tail := make([]byte, min(size, longestLine))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil {
		return err
	}
	last := tail[bytes.LastIndexByte(tail, '\n')+1:]
	switch {
	case len(last) == longestLine:
		return fmt.Errorf("got no line break in the last %d bytes, want a file of JSON lines", longestLine)
	case len(last) == 0:
		return nil
	case json.Valid(last):
		_, err := f.WriteString("\n")
		return err
	}
	size -= int64(len(last))
	if err := f.Truncate(size); err != nil {
		return err
	}
	_, err = f.Seek(size, io.SeekStart)
	return err
}

// cutTo makes a file of lines end at the given size. One that is shorter, since it never came to the disk, stays as it is.
func cutTo(f *os.File, size int64) error {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil || end <= size {
		return err
	}
	if err := f.Truncate(size); err != nil {
		return err
	}
	_, err = f.Seek(size, io.SeekStart)
	return err
}
