package parallel_test

import (
	"context"
	"fmt"
	"sync"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// Two ranks train to the weights of one process with the same number of shards.
func Example() {
	x := tensor.New(tensor.WithShape(8, 1), tensor.WithBacking([]float32{0, 1, 2, 3, 4, 5, 6, 7}))
	data := graph.Arrays{X: x, Y: x}
	train := func(g graph.Group) float32 {
		model, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{
			Input: []int{1}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 0.01}, Seed: 1,
		})
		if err == nil {
			_, err = model.Fit(context.Background(), data, graph.FitConfig{Epochs: 5, Shards: 4, Group: g})
		}
		if err != nil {
			panic(err)
		}
		return model.Weights()["weight"].Float32s()[0]
	}
	alone := train(nil)
	var same [2]bool
	var wait sync.WaitGroup
	for rank, g := range parallel.Local(2, 0) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			same[rank] = train(g) == alone
		}()
	}
	wait.Wait()
	fmt.Println(same)
	// Output: [true true]
}
