package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/andybalholm/brotli"

	"github.com/nndiy/nndiy/internal/atomicfile"
)

// write writes the site to a folder, each file also compressed for servers that send such files, and prints the sizes.
func (s site) write(dir string, stdout io.Writer) error {
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "bytes\tgzip\tbrotli\t")
	for _, name := range slices.Sorted(maps.Keys(s)) {
		content := s[name]
		zipped, err := packed(content, func(w io.Writer) io.WriteCloser {
			z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is a valid one
			return z
		})
		if err != nil {
			return err
		}
		smallest, err := packed(content, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestCompression) })
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		for suffix, b := range map[string][]byte{"": content, ".gz": zipped, ".br": smallest} {
			if err := writeFile(to+suffix, b); err != nil {
				return err
			}
		}
		fmt.Fprintf(table, "%d\t%d\t%d\t  %s\n", len(content), len(zipped), len(smallest), name)
	}
	return table.Flush()
}

// packed returns content compressed.
func packed(content []byte, by func(io.Writer) io.WriteCloser) ([]byte, error) {
	var b bytes.Buffer
	w := by(&b)
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

// writeFile replaces a file whole.
func writeFile(path string, content []byte) error {
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}
