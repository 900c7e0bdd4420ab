// Package labtest provides helpers for tests of experiments.
package labtest

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// IDX returns a folder with images of the given size in the four files of MNIST. The class of an image, from 0 to 2, is the
// third of it that is bright.
func IDX(t *testing.T, train, test, rows, cols int) string {
	t.Helper()
	dir := t.TempDir()
	for prefix, n := range map[string]int{"train": train, "t10k": test} {
		images := header(3, n, rows, cols)
		labels := header(1, n)
		for i := range n {
			class := i % 3
			labels = append(labels, byte(class))
			for p := range rows * cols {
				v := byte(i + 7*p%50) // images of a class differ
				if p*3/(rows*cols) == class {
					v += 150
				}
				images = append(images, v)
			}
		}
		write(t, filepath.Join(dir, prefix+"-images-idx3-ubyte"), images)
		write(t, filepath.Join(dir, prefix+"-labels-idx1-ubyte"), labels)
	}
	return dir
}

// header returns the head of an IDX file of bytes; sizes are its rank and its dimensions.
func header(sizes ...int) []byte {
	h := []byte{0, 0, 8, byte(sizes[0])}
	for _, n := range sizes[1:] {
		h = binary.BigEndian.AppendUint32(h, uint32(n))
	}
	return h
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}
