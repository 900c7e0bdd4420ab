package graph_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A server gets the events of a machine one at a time, and knows after each what the network makes of all of them.
func ExampleModel_Stream() {
	model, err := graph.Compile(layers.Sequential{
		layers.LSTM{Units: 8},
		layers.Dense{Units: 1},
	}, graph.Config{Input: []int{graph.Any, 2}})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	events := []float32{0.1, 0.2, 0.3, 0.4, 0.5, 0.6} // three events of two numbers
	whole, err := model.Predict(ctx, tensor.New(tensor.WithShape(1, 3, 2), tensor.WithBacking(events)))
	if err != nil {
		log.Fatal(err)
	}
	stream, err := model.Stream()
	if err != nil {
		log.Fatal(err)
	}
	for ; len(events) > 0; events = events[2:] {
		y, err := stream.Next(ctx, tensor.New(tensor.WithShape(1, 1, 2), tensor.WithBacking(events[:2])))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(y.Shape(), y.Float32s()[0] == whole.Float32s()[0])
	}
	// Output:
	// (1, 1) false
	// (1, 1) false
	// (1, 1) true
}

// The difference of each step from the one before it, and a running mean, which is a loop, of a sequence (batch, time, 1).
func ExampleScope_Past() {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		both := s.Past(x, 1, 1) // with the step before
		difference := both.Slice(1, 1, 0).Sub(both.Slice(1, 0, -1))
		_, means := s.Scan([]graph.Node{s.Scalar(0).BroadcastTo(x.Dim(0), 1)}, []graph.Node{x.SwapAxes(0, 1)},
			func(_ *graph.Scope, mean, x []graph.Node) (next, out []graph.Node) {
				mean = []graph.Node{mean[0].Add(x[0]).Scale(0.5)}
				return mean, mean
			})
		return graph.Concat(2, difference, means[0].SwapAxes(0, 1))
	})
	model, err := graph.Compile(net, graph.Config{Input: []int{graph.Any, 1}})
	if err != nil {
		log.Fatal(err)
	}
	stream, err := model.Stream()
	if err != nil {
		log.Fatal(err)
	}
	for _, piece := range [][]float32{{4, 6}, {1}} {
		y, err := stream.Next(context.Background(), tensor.New(tensor.WithShape(1, len(piece), 1), tensor.WithBacking(piece)))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(y.Data())
	}
	// Output:
	// [4 2 2 4]
	// [-5 2.5]
}
