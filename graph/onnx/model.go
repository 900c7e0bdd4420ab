package onnx

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// model decodes a file for Open and for Load: it reads the tensors in other files of the folder dir, and replaces calls of the
// file's own functions by their nodes. dir is "" if there is no folder. It returns the size of all files in bytes. keep is not nil if b is
// a mapped file.
func model(b []byte, keep any, dir string) (*proto.Model, int, error) {
	m, err := proto.Decode(b)
	if err != nil {
		return nil, 0, err
	}
	if keep != nil {
		_ = m.Tensors(func(t *proto.Tensor) error {
			t.Keep = keep
			return nil
		})
	}
	more, err := resolve(m, dir)
	if err != nil {
		return nil, 0, err
	}
	size := len(b) + more
	return m, size, m.Inline(size)
}

// maxShared is how many tensors may share all bytes of other files, since their elements are copied.
const maxShared = 16

// resolve reads the elements of tensors that are in other files. These must be in the folder of the model's file or below it; links
// that lead out of it are errors. It returns the number of bytes.
func resolve(m *proto.Model, dir string) (size int, err error) {
	var root *os.Root
	files := map[string]*os.File{}
	defer func() {
		for _, f := range files {
			err = errors.Join(err, f.Close())
		}
		if root != nil {
			err = errors.Join(err, root.Close())
		}
	}()
	type part struct {
		file           string
		offset, length int64
	}
	parts := map[part][]byte{} // tensors that share their elements
	maps := map[string]*mapped{}
	used := 0
	err = m.Tensors(func(t *proto.Tensor) error {
		x := t.External
		if x == nil {
			return nil
		}
		fail := func(err error) error { return fmt.Errorf("tensor %.64q: %w", t.Name, err) }
		if dir == "" {
			return fail(fmt.Errorf("got elements in the file %.64q, want a model that Open or Load can find it for", x.Location))
		}
		if root == nil {
			if root, err = os.OpenRoot(dir); err != nil {
				return fail(err)
			}
		}
		f := files[x.Location]
		if f == nil {
			if f, err = root.Open(filepath.FromSlash(x.Location)); err != nil {
				return fail(err)
			}
			files[x.Location] = f
		}
		key := part{x.Location, x.Offset, x.Length}
		if t.Raw = parts[key]; t.Raw == nil {
			info, err := f.Stat()
			if err != nil {
				return fail(err)
			}
			if !info.Mode().IsRegular() || x.Offset > info.Size() || x.Length > info.Size()-x.Offset {
				return fail(fmt.Errorf("got bytes %d to %d of %.64q, want some of its %d", x.Offset, x.Offset+x.Length, x.Location, info.Size()))
			}
			if canMap && info.Size() >= mapFrom {
				if maps[x.Location] == nil {
					if maps[x.Location], err = mapFile(f, info.Size()); err != nil {
						return fail(err)
					}
				}
				t.Raw = maps[x.Location].b[x.Offset:][:x.Length:x.Length]
			} else {
				t.Raw = make([]byte, x.Length)
				if _, err := f.ReadAt(t.Raw, x.Offset); err != nil && err != io.EOF {
					return fail(err)
				}
			}
			parts[key] = t.Raw
			size += len(t.Raw)
		}
		if m := maps[x.Location]; m != nil {
			t.Keep = m
		}
		if used += len(t.Raw); used > 1<<20+maxShared*size {
			return fail(fmt.Errorf("got the same bytes of %.64q in more than %d tensors, want fewer", x.Location, maxShared))
		}
		t.External = nil
		return nil
	})
	return size, err
}

// open reports whether the file leaves a dimension open.
func open(d proto.Dim) bool { return d.Size == 0 && (d.Name != "" || !d.Zero) }

// dimension returns the size of a dimension, graph.Any if the file leaves it open.
func dimension(d proto.Dim) int {
	if open(d) {
		return graph.Any
	}
	return int(d.Size)
}
