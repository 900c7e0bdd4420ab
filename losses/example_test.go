package losses_test

import (
	"context"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// A cross-entropy uses the logits behind the network's Softmax: the loss of a certain, correct prediction is 0, and that of a
// certain, wrong one is its logit instead of infinity.
func Example() {
	model, err := graph.Compile(layers.Softmax{}, graph.Config{
		Input: []int{3}, Loss: losses.SparseCategoricalCrossEntropy{}, DType: tensor.Float64,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	logits := tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float64{10000, 0, 0}))
	for class := range 2 {
		y := tensor.New(tensor.WithShape(1), tensor.WithBacking([]int{class}))
		logs, err := model.Evaluate(context.Background(), graph.Arrays{X: logits, Y: y})
		fmt.Println(logs["loss"], err)
	}
	// Output:
	// 0 <nil>
	// 10000 <nil>
}
