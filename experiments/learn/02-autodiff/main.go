// Command 02-autodiff: an engine for derivatives in about 40 lines, and the same derivatives by the library's graph.
//
//	go run ./experiments/learn/02-autodiff
//	go test -v -run Exercise/answer ./experiments/learn/02-autodiff
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

// A value is a number that remembers how it was computed.
type value struct {
	data float64  // the number
	grad float64  // the derivative of the result by this number, after backward
	from []*value // the operands
	back func()   // adds to the operands' grad what this value's grad passes on: the chain rule
}

func number(x float64) *value { return &value{data: x, back: func() {}} }

func (a *value) add(b *value) *value {
	y := &value{data: a.data + b.data, from: []*value{a, b}}
	y.back = func() { a.grad += y.grad; b.grad += y.grad }
	return y
}

func (a *value) mul(b *value) *value {
	y := &value{data: a.data * b.data, from: []*value{a, b}}
	y.back = func() { a.grad += b.data * y.grad; b.grad += a.data * y.grad }
	return y
}

func (a *value) exp() *value {
	y := &value{data: math.Exp(a.data), from: []*value{a}}
	y.back = func() { a.grad += y.data * y.grad }
	return y
}

// order returns the values that y was computed from, and then y: operands come before results.
func (y *value) order(seen map[*value]bool) (list []*value) {
	if seen[y] {
		return nil
	}
	seen[y] = true
	for _, x := range y.from {
		list = append(list, x.order(seen)...)
	}
	return append(list, y)
}

// backward computes the derivatives of y by all values in one pass, from the result back to the operands.
func (y *value) backward() {
	list := y.order(map[*value]bool{})
	y.grad = 1
	for i := len(list) - 1; i >= 0; i-- {
		list[i].back()
	}
}

// byGraph computes the same expression with the library: the nodes are the values, and Grad is backward.
func byGraph(a, b float64) ([]*graph.Tensor, error) {
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		y := x[0].Mul(x[1]).Add(x[0]).Exp().Mul(x[0])
		return append([]graph.Node{y}, graph.Grad(y, x...)...)
	}, []int{1}, []int{1})
	if err != nil {
		return nil, err
	}
	one := func(v float64) *graph.Tensor {
		return tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{v}))
	}
	return f.Call(context.Background(), one(a), one(b))
}

func run(w io.Writer) error {
	a, b := number(0.5), number(1)
	y := a.mul(b).add(a).exp().mul(a) // a is used three times: its derivative has three parts
	y.backward()
	fmt.Fprintf(w, "y = exp(a·b + a)·a for a = %v, b = %v; the values in the order of computation\n%8s  %9s  %9s\n", a.data, b.data, "", "value", "dy/d")
	names := []string{"a", "b", "a·b", "a·b + a", "exp", "y"}
	for i, v := range y.order(map[*value]bool{}) {
		fmt.Fprintf(w, "%8s  %9.6f  %9.6f\n", names[i], v.data, v.grad)
	}
	out, err := byGraph(a.data, b.data)
	if err != nil {
		return err
	}
	at := func(i int) float64 { return out[i].Data().([]float64)[0] }
	fmt.Fprintf(w, "\nthe same by the graph: y = %.6f, dy/da = %.6f, dy/db = %.6f\n", at(0), at(1), at(2))
	return nil
}

// Exercise 1. Write a new operation for the engine: the hyperbolic tangent, whose derivative is 1 - tanh².
var exercise1 func(a *value) *value

// Exercise 2. The graph of a derivative can be differentiated again. Return the product of the Hessian of y by x, the matrix of
// second derivatives, and a constant vector v, without the matrix: differentiate the scalar product of y's gradient and v.
var exercise2 func(y, x, v graph.Node) graph.Node
