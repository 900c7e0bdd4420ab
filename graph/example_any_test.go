package graph_test

import (
	"context"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A convolutional network with a global pool takes signals of any length.
func ExampleAny() {
	model, err := graph.Compile(layers.Sequential{
		layers.Conv1D{Filters: 8, Kernel: 5, Padding: layers.Same},
		layers.ReLU{},
		layers.GlobalAvgPool{},
		layers.Dense{Units: 3},
	}, graph.Config{Input: []int{2, graph.Any}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(model)
	for _, length := range []int{10, 200} {
		x := tensor.New(tensor.WithShape(4, 2, length), tensor.Of(tensor.Float32))
		y, err := model.Predict(context.Background(), x)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(x.Shape(), "->", y.Shape())
	}
	// Output:
	// layer           output     parameters
	// input           [n 2 any]
	// conv1d1         [n 8 any]  88
	// relu1           [n 8 any]  0
	// globalavgpool1  [n 8]      0
	// dense1          [n 3]      27
	// total: 115 parameters
	// (4, 2, 10) -> (4, 3)
	// (4, 2, 200) -> (4, 3)
}
