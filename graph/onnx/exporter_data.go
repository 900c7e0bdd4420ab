package onnx

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/atomicfile"
)

// Weights of fewer bytes than leastExternal stay in the model's file. The others begin at multiples of alignment, so that they can be
// used in a mapped file as they are.
const (
	leastExternal = 1 << 10
	alignment     = 64
)

// dataSuffixes are those of a file with weights. Two take turns, so that the weights of the old model stay until the new one is whole.
var dataSuffixes = []string{".data", ".data2"}

// dataFiles returns the suffixes of the files with weights that the model at path refers to.
func dataFiles(path string) map[string]bool {
	old := map[string]bool{}
	b, keep, err := readFile(path)
	if err != nil {
		return old // there is no model yet
	}
	m, err := proto.Decode(b)
	if err != nil {
		return old
	}
	_ = m.Tensors(func(t *proto.Tensor) error {
		for _, suffix := range dataSuffixes {
			if t.External != nil && t.External.Location == filepath.Base(path)+suffix {
				old[suffix] = true
			}
		}
		return nil
	})
	runtime.KeepAlive(keep)
	return old
}

// writeData moves the weights of a model to a second file, whose suffix, which it returns, is none of old.
func writeData(path string, old map[string]bool, model *proto.Model) (suffix string, err error) {
	suffix = dataSuffixes[0]
	if old[suffix] && !old[dataSuffixes[1]] {
		suffix = dataSuffixes[1]
	}
	var at int64
	err = atomicfile.Write(path+suffix, func(w io.Writer) error {
		b := bufio.NewWriter(w)
		for i := range model.Graph.Initializers {
			t := &model.Graph.Initializers[i]
			if len(t.Raw) < leastExternal {
				continue
			}
			for ; at%alignment != 0; at++ {
				if err := b.WriteByte(0); err != nil {
					return err
				}
			}
			if _, err := b.Write(t.Raw); err != nil {
				return err
			}
			t.External = &proto.External{Location: filepath.Base(path) + suffix, Offset: at, Length: int64(len(t.Raw))}
			at += t.External.Length
			t.Raw = nil
		}
		return b.Flush()
	})
	if err != nil {
		return "", fmt.Errorf("%s: %w", path+suffix, err)
	}
	return suffix, nil
}

// removeData removes the files with weights of the old model that the new one at path does not refer to.
func removeData(path string, old map[string]bool) error {
	used := dataFiles(path)
	for suffix := range old {
		if used[suffix] {
			continue
		}
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("weights of the old model: %w", err)
		}
	}
	return nil
}
