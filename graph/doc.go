// Package graph is the core: networks defined symbolically, compiled and trained.
//
// Four words carry it. A Node is a value in an expression graph; its methods are the operations, and an error in one of
// them sticks to all that follow. A Layer emits nodes: it is given a Scope, in which its parameters have names, and the
// node of its input. A Model is a compiled network with its parameters: it trains, evaluates and predicts. Nobody writes a
// backward pass: reverse-mode automatic differentiation derives every gradient from the graph, and a gorgonia tape machine
// runs the result.
//
// Tensors have the batch as their first dimension. The element type is float32 unless Config.DType says otherwise.
package graph
