package graph_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// A network with two inputs and two outputs is a function like any other. It gets the additional input from its scope and
// passes the additional output to it, both by name. The Config has the input's shape and the output's loss.
func ExampleScope_Output() {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		h := s.Apply(layers.Dense{Units: 8}, graph.Concat(-1, x, s.Input("age"))).Tanh()
		s.Output("risk", s.Apply(layers.Dense{Units: 1}, h).Sigmoid())
		return s.Apply(layers.Dense{Units: 3}, h)
	})
	model, err := graph.Compile(net, graph.Config{
		Input:     []int{4},
		Inputs:    map[string][]int{"age": {1}},
		Loss:      losses.MeanSquaredError{},
		Outputs:   map[string]graph.Output{"risk": {Loss: losses.BinaryCrossEntropy{}, Weight: 0.5}},
		Optimizer: optimizers.Adam{},
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	sick := tensor.New(tensor.WithShape(6, 1), tensor.WithBacking([]float32{0, 1, 0, 0, 1, 1}))
	data := graph.Arrays{
		X: random(1, 6, 4), Inputs: map[string]*graph.Tensor{"age": random(2, 6, 1)},
		Y: random(3, 6, 3), Targets: map[string]*graph.Tensor{"risk": sick},
	}
	history, err := model.Fit(ctx, data, graph.FitConfig{Epochs: 2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(history.Logs[1].Names())
	both, err := model.PredictAll(ctx, map[string]*graph.Tensor{graph.MainInput: data.X, "age": data.Inputs["age"]})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(both[graph.MainOutput].Shape(), both["risk"].Shape())
	// Output:
	// [learning_rate train_loss train_output_loss train_risk_loss]
	// (6, 3) (6, 1)
}
