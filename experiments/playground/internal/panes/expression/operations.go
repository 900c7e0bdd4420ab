package expression

import (
	"maps"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// An operation is what an expression may use: how nodes do it, and the name of the method in Go.
type operation struct {
	arity  int
	symbol bool // it is written as an operator
	do     func(x []graph.Node) graph.Node
	method string
}

func unary(method string, f func(graph.Node) graph.Node) operation {
	return operation{1, false, func(x []graph.Node) graph.Node { return f(x[0]) }, method}
}

func binary(method string, symbol bool, f func(x, y graph.Node) graph.Node) operation {
	return operation{2, symbol, func(x []graph.Node) graph.Node { return f(x[0], x[1]) }, method}
}

var operations = map[string]operation{
	"add":      binary("Add", true, graph.Node.Add),
	"sub":      binary("Sub", true, graph.Node.Sub),
	"mul":      binary("Mul", true, graph.Node.Mul),
	"div":      binary("Div", true, graph.Node.Div),
	"pow":      binary("Pow", true, graph.Node.Pow),
	"matmul":   binary("MatMul", true, graph.Node.MatMul),
	"neg":      {1, true, func(x []graph.Node) graph.Node { return x[0].Neg() }, "Neg"},
	"max":      binary("Maximum", false, graph.Node.Maximum),
	"min":      binary("Minimum", false, graph.Node.Minimum),
	"sin":      unary("Sin", graph.Node.Sin),
	"cos":      unary("Cos", graph.Node.Cos),
	"tanh":     unary("Tanh", graph.Node.Tanh),
	"sigmoid":  unary("Sigmoid", graph.Node.Sigmoid),
	"relu":     unary("ReLU", graph.Node.ReLU),
	"gelu":     unary("GELU", graph.Node.GELU),
	"softplus": unary("Softplus", graph.Node.Softplus),
	"exp":      unary("Exp", graph.Node.Exp),
	"log":      unary("Log", graph.Node.Log),
	"sqrt":     unary("Sqrt", graph.Node.Sqrt),
	"square":   unary("Square", graph.Node.Square),
	"abs":      unary("Abs", graph.Node.Abs),
	"softmax":  unary("Softmax", func(x graph.Node) graph.Node { return x.Softmax() }),
	"sum":      unary("Sum", func(x graph.Node) graph.Node { return x.Sum() }),
	"mean":     unary("Mean", func(x graph.Node) graph.Node { return x.Mean() }),
}

// functions returns the names of the operations that are written as functions.
func functions() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(operations)) {
		if !operations[name].symbol {
			names = append(names, name)
		}
	}
	return names
}
