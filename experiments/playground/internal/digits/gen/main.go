// Command gen writes the subset of MNIST for the page: go generate ./experiments/playground/internal/digits
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/digits/subset"
	"github.com/nndiy/nndiy/internal/atomicfile"
)

func main() {
	path := flag.String("o", "digits.gz", "`file` to write")
	flag.Parse()
	if err := write(*path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(path string) error {
	set, err := subset.Make()
	if err != nil {
		return err
	}
	return atomicfile.Write(path, func(w io.Writer) error { return digits.Write(w, set) })
}
