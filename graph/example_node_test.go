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
