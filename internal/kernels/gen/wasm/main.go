// Command wasm writes the kernels for WebAssembly as a module with vector instructions, which imports the memory of the Go program
// and works on its slices in place. Each kernel is an exported function without parameters; it reads its arguments from a block
// of memory. No product is fused with a sum, and sums have the order of the portable forms: the results have the same bits.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("out", "", "the file to write")
	flag.Parse()
	if err := os.WriteFile(*out, build(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// build returns the module.
func build() []byte {
	m := &module{}
	m.parts()
	all := addSums(m)
	for _, list := range [][]stream{arithmetic, functions, norms, updates} {
		for _, s := range list {
			all[s.name] = s.add(m)
		}
	}
	addCells(m)
	addSoftmax(m, all)
	addAttention(m, all)
	addRandom(m)
	addPooling(m)
	addPacking(m)
	addProducts(m)
	return m.bytes()
}
