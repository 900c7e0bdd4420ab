package callbacks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// longestLine bounds the search for the last line, in bytes from the end of the file.
const longestLine = 1 << 20

// openLines opens or creates a file to append lines to. If the last line has no line break, it gets one if it is JSON, and is
// removed otherwise: a crash has left it.
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

// toLineEnd moves to the end of the last complete line.
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

// cutTo truncates a file to the given size, and moves to its end. A shorter file, whose end never reached the disk, does not change.
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
