package main

import (
	"math"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
	"github.com/nndiy/nndiy/graph"
)

// These answers test the judges. Try the exercises first.

type operation = func(a *value) *value

var right1 = []operation{
	func(a *value) *value {
		y := &value{data: math.Tanh(a.data), from: []*value{a}}
		y.back = func() { a.grad += (1 - y.data*y.data) * y.grad }
		return y
	},
}

var wrong1 = []judge.Wrong[operation]{
	{Name: "the gradient is set and not added", Says: "got derivative", Answer: func(a *value) *value {
		y := &value{data: math.Tanh(a.data), from: []*value{a}}
		y.back = func() { a.grad = (1 - y.data*y.data) * y.grad }
		return y
	}},
	{Name: "no chain rule", Says: "got derivative", Answer: func(a *value) *value {
		y := &value{data: math.Tanh(a.data), from: []*value{a}}
		y.back = func() { a.grad += 1 - y.data*y.data }
		return y
	}},
	{Name: "no operand", Says: "got derivative", Answer: func(a *value) *value {
		y := &value{data: math.Tanh(a.data)}
		y.back = func() { a.grad += (1 - y.data*y.data) * y.grad }
		return y
	}},
	{Name: "an operand that is not there", Says: "panics", Answer: func(a *value) *value { return number(a.data).exp().from[1] }},
}

type product = func(y, x, v graph.Node) graph.Node

var right2 = []product{
	func(y, x, v graph.Node) graph.Node {
		gradient := graph.Grad(y, x)[0]
		return graph.Grad(gradient.Mul(v).Sum(), x)[0]
	},
}

var wrong2 = []judge.Wrong[product]{
	{Name: "the gradient only", Says: "want (2, -14)", Answer: func(y, x, v graph.Node) graph.Node { return graph.Grad(y, x)[0].Mul(v) }},
	{Name: "the sums of the columns", Says: "want (2, -14)", Answer: func(y, x, v graph.Node) graph.Node {
		return graph.Grad(graph.Grad(y, x)[0].Sum(), x)[0].Mul(v)
	}},
	{Name: "a constant", Says: "got derivative", Answer: func(y, x, v graph.Node) graph.Node {
		return graph.Grad(graph.Grad(y, x)[0].Mul(v).Sum(), x)[0].StopGradient()
	}},
	{Name: "no scalar", Says: "want a scalar", Answer: func(y, x, v graph.Node) graph.Node {
		return graph.Grad(graph.Grad(y, x)[0].Mul(v), x)[0]
	}},
}
