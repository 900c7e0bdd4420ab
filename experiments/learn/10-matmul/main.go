// Command 10-matmul: one product of matrices in steps, from three loops to most of what the processor can do.
//
//	go run ./experiments/learn/10-matmul
//	go test -v -run Exercise/answer ./experiments/learn/10-matmul
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"slices"
	"sync"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/learn/internal/machine"
	"github.com/nndiy/nndiy/graph"
)

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

const n = 384 // rows and columns of all matrices

// loops is the definition: c[i][j] = Σ a[i][p]·b[p][j]. The inner loop jumps from row to row of b, and waits for each sum.
func loops(c, a, b []float32) {
	for i := range n {
		for j := range n {
			sum := float32(0)
			for p := range n {
				sum += a[i*n+p] * b[p*n+j]
			}
			c[i*n+j] = sum
		}
	}
}

// rows has the inner loops exchanged: it reads along the rows, as they lie in memory, and its sums do not wait for each other.
func rows(c, a, b []float32) {
	clear(c)
	for i := range n {
		to := c[i*n:][:n]
		for p, x := range a[i*n:][:n] {
			for j, y := range b[p*n:][:n] {
				to[j] += x * y
			}
		}
	}
}

// four adds four rows of b at a time: an element of c is read and written once for four multiply-adds. It makes part of c: the
// rows from lo up to hi.
func four(c, a, b []float32, lo, hi int) {
	clear(c[lo*n : hi*n])
	for i := lo; i < hi; i++ {
		to := c[i*n:][:n]
		for p := 0; p < n; p += 4 {
			x0, x1, x2, x3 := a[i*n+p], a[i*n+p+1], a[i*n+p+2], a[i*n+p+3]
			b0, b1, b2, b3 := b[p*n:][:n], b[p*n+n:][:n], b[p*n+2*n:][:n], b[p*n+3*n:][:n]
			for j := range to {
				to[j] += x0*b0[j] + x1*b1[j] + x2*b2[j] + x3*b3[j]
			}
		}
	}
}

// parts divides the rows of c among the cores.
func parts(c, a, b []float32) {
	group, cores := sync.WaitGroup{}, runtime.GOMAXPROCS(0)
	for k := range cores {
		group.Go(func() { four(c, a, b, k*n/cores, (k+1)*n/cores) })
	}
	group.Wait()
}

func run(w io.Writer) error {
	product, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		return []graph.Node{x[0].MatMul(x[1])}
	}, []int{n, n}, []int{n, n})
	if err != nil {
		return err
	}
	matrix := func(x []float32) *graph.Tensor { return tensor.New(tensor.WithShape(n, n), tensor.WithBacking(x)) }
	library := func(c, a, b []float32) {
		out, e := product.Call(context.Background(), matrix(a), matrix(b))
		if err = e; err == nil {
			copy(c, out[0].Data().([]float32))
		}
	}
	a, b, want := make([]float32, n*n), make([]float32, n*n), make([]float32, n*n)
	library(want, a, b) // the first call starts a thread for each core
	for i := range a {
		a[i], b[i] = float32(i*7%9-4), float32(i*5%11-5) // integers, so that no step rounds
	}
	loops(want, a, b)
	peak, all := machine.Peak(), runtime.GOMAXPROCS(0)
	fmt.Fprintf(w, "the product of two %d×%d matrices; the peak of one core is %.1f GFLOP/s\n", n, n, peak)
	steps := []string{"three loops", "along the rows", "four rows at a time", "the library", "four rows, all cores", "the library, all cores"}
	for i, mul := range []func(c, a, b []float32){loops, rows, parts, library, parts, library} {
		c, cores := make([]float32, n*n), []int{1, 1, 1, 1, all, all}[i]
		speed := machine.Speed(cores, 2*n*n*n, func() { mul(c, a, b) })
		fraction := 100 * speed / (peak * float64(cores))
		fmt.Fprintf(w, "%-24s %7.1f GFLOP/s  %5.1f%% of the peak   equal: %v\n", steps[i], speed, fraction, slices.Equal(c, want))
	}
	return err
}

// Exercise 1. a is (n, k) and b is (k, m), row by row. Set c, (n, m), to their product, whatever was in c, along the rows.
var exercise1 func(c, a, b []float32, n, k, m int)

// Exercise 2. Return the least time for a number of operations on a number of bytes in memory, on a machine with the given peak
// (operations a second) and bandwidth (bytes a second) that computes and reads at the same time: the roofline.
var exercise2 func(operations, bytes, peak, bandwidth float64) (seconds float64)
