package metrics_test

import (
	"fmt"
	"log"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
	"gorgonia.org/tensor"
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
