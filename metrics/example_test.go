package metrics_test

import (
	"context"
	"fmt"
	"log"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/layers"
)

// This example scores six predictions of three classes.
func Example() {
	pred := tensor.New(tensor.WithShape(6, 3), tensor.WithBacking([]float32{
		0.8, 0.1, 0.1,
		0.2, 0.7, 0.1,
		0.6, 0.3, 0.1,
		0.1, 0.8, 0.1,
		0.2, 0.2, 0.6,
		0.3, 0.3, 0.4,
	}))
	target := tensor.New(tensor.WithShape(6), tensor.WithBacking([]float32{0, 0, 0, 1, 2, 2}))
	for _, m := range []graph.Metric{
		metrics.Accuracy{}, metrics.TopK{K: 2}, metrics.F1{}, metrics.F1{Average: metrics.Weighted}, metrics.AUC{}, metrics.MatthewsCorrelation{},
	} {
		fmt.Printf("%-14s %.4f\n", m.Name(), m.Score(pred, target))
	}
	// Output:
	// accuracy       0.8333
	// top2_accuracy  1.0000
	// f1             0.8222
	// f1_weighted    0.8444
	// auc            0.9444
	// mcc            0.7833
}

func ExampleConfusionMatrix() {
	pred := tensor.New(tensor.WithShape(6), tensor.WithBacking([]float32{0.1, 0.2, 0.7, 0.6, 0.9, 0.3}))
	target := tensor.New(tensor.WithShape(6), tensor.WithBacking([]float32{0, 0, 0, 1, 1, 1}))
	c, err := metrics.ConfusionMatrix(pred, target)
	if err != nil {
		log.Fatal(err)
	}
	c.Names = []string{"healthy", "ill"}
	fmt.Print(c)
	// Output:
	// true\predicted  healthy    ill  recall
	// healthy               2      1   0.667
	// ill                   1      2   0.667
	// precision         0.667  0.667   0.667
}

// This example makes a network that is too sure as sure as it is right: its logits are divided by a temperature, which validation data
// give, within the network.
func ExampleTemperature() {
	logits := tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float32{9, 0, 0, 8, 7, 0, 0, 6}))
	target := tensor.New(tensor.WithShape(4), tensor.WithBacking([]float32{0, 1, 0, 0})) // the last one is not as the logits say
	t, err := metrics.Temperature(logits, target)
	if err != nil {
		log.Fatal(err)
	}
	for _, scale := range []float64{1, t} {
		end := layers.Sequential{layers.Rescale{Scale: []float64{scale}}, layers.Softmax{}}
		f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{s.Apply(end, x[0])} }, []int{4, 2})
		if err != nil {
			log.Fatal(err)
		}
		pred, err := f.Call(context.Background(), logits)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("divided by %.1f: log loss %.2f\n", scale, metrics.LogLoss{}.Score(pred[0], target))
	}
	// Output:
	// divided by 1.0: log loss 1.50
	// divided by 5.5: log loss 0.50
}
