package graph_test

import (
	"context"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// The square root of x where x is above 0, else x. The derivative of Sqrt is infinite at 0 and NaN below, so Where first
// chooses an argument that Sqrt can take.
func ExampleNode_Where() {
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		safe := x[0].Where(x[0], s.Scalar(1))
		y := safe.Sqrt().Where(x[0], x[0])
		return graph.Grad(y.Sum(), x[0])
	}, []int{3})
	if err != nil {
		fmt.Println(err)
		return
	}
	x := tensor.New(tensor.WithShape(3), tensor.WithBacking([]float64{-1, 0, 4}))
	d, err := f.Call(context.Background(), x)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d[0].Float64s())
	// Output: [1 1 0.25]
}

// Attention weights by the indices of their dimensions, and the two largest weights of each query.
func ExampleEinsum() {
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		weights := graph.Einsum("bqd,bkd->bqk", x[0], x[1]).Softmax()
		_, index := weights.TopK(-1, 2)
		return []graph.Node{index}
	}, []int{1, 2, 2}, []int{1, 3, 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	query := tensor.New(tensor.WithShape(1, 2, 2), tensor.WithBacking([]float64{1, 0, 0, 1}))
	key := tensor.New(tensor.WithShape(1, 3, 2), tensor.WithBacking([]float64{3, 1, 2, 2, 1, 3}))
	out, err := f.Call(context.Background(), query, key)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out[0].Float64s())
	// Output: [0 1 2 1]
}
