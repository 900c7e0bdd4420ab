package losses_test

import (
	"context"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
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

// Two views of each sample find each other in the batch: there is no target. The logs also have the mean length of the vectors.
func ExampleInfoNCE() {
	encoder := layers.Dense{Units: 4}
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		a, b := s.ApplyAs("encoder", encoder, x.Slice(1, 0, 3)), s.ApplyAs("encoder", encoder, x.Slice(1, 3, 6))
		s.Log("length", a.Norm(1).Mean())
		return graph.Concat(1, a.Expand(1), b.Expand(1))
	})
	m, err := graph.Compile(net, graph.Config{Input: []int{6}, Loss: losses.InfoNCE{}, Optimizer: optimizers.Adam{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	x := tensor.New(tensor.WithShape(8, 6), tensor.Of(tensor.Float32))
	history, err := m.Fit(context.Background(), graph.Arrays{X: x}, graph.FitConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(history.Logs[0].Names())
	// Output: [learning_rate train_length train_loss]
}
