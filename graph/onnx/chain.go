package onnx

import (
	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/eval"
)

// chainCodes are the functions of the operators that a Runner computes in one pass over memory.
var chainCodes = map[string]ops.Code{
	"Abs": ops.Abs, "Add": ops.Add, "Clip": ops.Clip, "Div": ops.Div, "Erf": ops.Erf, "Exp": ops.Exp, "LeakyRelu": ops.LeakyReLU, "Log": ops.Log,
	"Max": ops.Max, "Min": ops.Min, "Mul": ops.Mul, "Neg": ops.Neg, "Relu": ops.ReLU, "Sigmoid": ops.Sigmoid, "Sqrt": ops.Sqrt, "Sub": ops.Sub, "Tanh": ops.Tanh,
}

// oneChain makes the function of a chain of operators, as Lower makes those of a Model.
func oneChain(links []eval.Link, out []int, in [][]int) func(out []float32, in [][]float32, lo, hi int) {
	c := ops.Chain{Inputs: len(in)}
	for _, l := range links {
		c.Links = append(c.Links, ops.Link{Map: ops.Map{Code: chainCodes[l.Operator], A: l.A, B: l.B}, Args: l.Args})
	}
	return ops.Over[float32](c, out, in)
}
