package graph_test

import (
	"context"
	"fmt"
	"io"
	"log"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// A Profile says where the time of a step goes. Write the trace to a file and open it in https://ui.perfetto.dev.
func ExampleModel_Profile() {
	net := layers.Sequential{layers.Dense{Units: 64}, layers.ReLU{}, layers.Dense{Units: 1}}
	model, err := graph.Compile(net, graph.Config{Input: []int{100}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}})
	if err != nil {
		log.Fatal(err)
	}
	batch := graph.Batch{X: tensor.New(tensor.WithShape(32, 100), tensor.Of(tensor.Float32)), Y: tensor.New(tensor.WithShape(32, 1), tensor.Of(tensor.Float32))}
	p, err := model.Profile(context.Background(), batch, 10)
	if err != nil {
		log.Fatal(err)
	}
	if err := p.WriteTrace(io.Discard); err != nil {
		log.Fatal(err)
	}
	for _, l := range p.Layers[:2] {
		fmt.Printf("%s: %.0f operations forward, %.0f backward\n", l.Layer, l.Forward.Flops, l.Backward.Flops)
	}
	// Output:
	// dense1: 413696 operations forward, 411648 backward
	// dense2: 4096 operations forward, 10272 backward
}
