// Package labtest has what tests of experiments share.
package labtest

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// IDX returns a folder of pictures of the given size in the files of MNIST: train ones and test ones, whose class, from 0 to
// 2, says which third of the picture is bright.
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
				v := byte(i + 7*p%50) // no two pictures of a class are the same
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

// header returns the beginning of an IDX file of bytes: its rank and its sizes.
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
