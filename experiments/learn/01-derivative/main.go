// Command 01-derivative: a derivative is the slope of a function. It is computed in three ways: by a difference, by hand, and by
// a graph.
//
//	go run ./experiments/learn/01-derivative
//	go test -v -run Exercise/answer ./experiments/learn/01-derivative
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"math"
	"os"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// f is the function of this lesson.
func f(x float64) float64 { return x * math.Sin(x) }

// slope is the derivative of f, found by hand with the product rule.
func slope(x float64) float64 { return math.Sin(x) + x*math.Cos(x) }

// forward divides a step of f by the step h. Its error is about h/2 times the second derivative.
func forward(x, h float64) float64 { return (f(x+h) - f(x)) / h }

// central steps to both sides. Its error is about h²/6 times the third derivative.
func central(x, h float64) float64 { return (f(x+h) - f(x-h)) / (2 * h) }

// byGraph returns f(x), the derivative, and the derivative's derivative. It writes down f once more, with nodes. Grad adds the
// nodes of the derivative to the graph, and differentiates them again in the same way.
func byGraph(x float64) (value, first, second float64, err error) {
	function, err := graph.NewFunction(func(_ *graph.Scope, in ...graph.Node) []graph.Node {
		x := in[0]
		y := x.Mul(x.Sin())
		dy := graph.Grad(y, x)[0]
		ddy := graph.Grad(dy, x)[0]
		return []graph.Node{y, dy, ddy}
	}, []int{1})
	if err != nil {
		return 0, 0, 0, err
	}
	out, err := function.Call(context.Background(), tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{x})))
	if err != nil {
		return 0, 0, 0, err
	}
	at := func(i int) float64 { return out[i].Data().([]float64)[0] }
	return at(0), at(1), at(2), nil
}

func run(w io.Writer) error {
	const x = 2.0
	fmt.Fprintf(w, "f(x) = x·sin(x) at x = %v: f = %.6f, slope by hand = %.6f\n\n", x, f(x), slope(x))

	fmt.Fprintf(w, "the slope by differences\n%8s  %12s  %9s  %12s  %9s\n", "h", "forward", "error", "central", "error")
	for _, h := range []float64{1, 0.1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10} {
		a, b := forward(x, h), central(x, h)
		fmt.Fprintf(w, "%8.0e  %12.8f  %9.1e  %12.8f  %9.1e\n", h, a, math.Abs(a-slope(x)), b, math.Abs(b-slope(x)))
	}

	value, first, second, err := byGraph(x)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nthe slope by the graph\n%20s  %12.8f  %9.1e\n", "f", value, math.Abs(value-f(x)))
	fmt.Fprintf(w, "%20s  %12.8f  %9.1e\n%20s  %12.8f\n", "slope", first, math.Abs(first-slope(x)), "slope of the slope", second)
	return nil
}

// Exercise 1. Return the derivative of x·exp(-x²), found by hand.
//
//	var exercise1 func(x float64) float64 = func(x float64) float64 { return … }
var exercise1 func(x float64) float64

// Exercise 2. A slope says where a function falls: step by step, subtract rate times the slope from x, and return the last x.
// This is gradient descent, and it is how every network of the coming lessons is trained.
var exercise2 func(slope func(x float64) float64, x, rate float64, steps int) float64
