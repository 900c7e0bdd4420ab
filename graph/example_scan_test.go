package graph_test

import (
	"context"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A moving average of a signal, (time), and the derivative of its last value by the signal.
func ExampleScope_Scan() {
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		final, outs := s.Scan([]graph.Node{s.Scalar(0)}, x, func(_ *graph.Scope, state, x []graph.Node) (next, out []graph.Node) {
			mean := state[0].Scale(0.5).Add(x[0].Scale(0.5))
			return []graph.Node{mean}, []graph.Node{mean}
		})
		return append(outs, graph.Grad(final[0], x[0])...)
	}, []int{4})
	if err != nil {
		panic(err)
	}
	y, err := f.Call(context.Background(), tensor.New(tensor.WithBacking([]float64{8, 0, 4, 2})))
	if err != nil {
		panic(err)
	}
	fmt.Println(y[0].Data(), y[1].Data())
	// Output: [4 2 3 2.5] [0.0625 0.125 0.25 0.5]
}
