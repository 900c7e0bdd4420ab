package graph

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// checkpoint opens the checkpoint to resume from, nil if there is none. With a Group it is rank 0's, which it sends to the others.
func (f *fitting) checkpoint() (path string, in io.ReadCloser, err error) {
	if path = f.run.Config.Resume; path == "" {
		return path, nil, nil
	}
	if f.rank() == 0 {
		if path, err = newest(path); err == nil {
			in, err = os.Open(path)
		}
		if err != nil {
			in = nil
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		if err != nil {
			err = fmt.Errorf("Resume: %w", err)
		}
	}
	if f.size() == 1 {
		return path, in, err
	}
	return f.sendCheckpoint(path, in, err)
}

// sendCheckpoint gives all ranks the checkpoint that rank 0 has opened.
func (f *fitting) sendCheckpoint(path string, in io.ReadCloser, err error) (string, io.ReadCloser, error) {
	var message []byte
	if in != nil {
		message, err = io.ReadAll(in)
		in.Close()
		message = append([]byte{1}, message...)
	}
	if _, err = f.ranks().agree(f.ctx, "Resume", nil, err); err != nil {
		return path, nil, err
	}
	if message, err = f.ranks().broadcast(f.ctx, message); err != nil || len(message) == 0 {
		return path, nil, err
	}
	return path, io.NopCloser(bytes.NewReader(message[1:])), nil
}
