package graph_test

import (
	"bytes"
	"context"
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A model is saved in full and with parameters of 16 bits; both files open alike.
func ExampleHalf() {
	_, images := stripes()
	model, err := graph.Compile(layers.Sequential{layers.Dense{Units: 64}, layers.ReLU{}, layers.Dense{Units: 10}}, graph.Config{Input: []int{784}})
	if err != nil {
		fmt.Println(err)
		return
	}
	var full, half bytes.Buffer
	fmt.Println(model.Save(&full), graph.BFloat16.Save(&half, model))
	fmt.Printf("%.2f of the size\n", float64(half.Len())/float64(full.Len()))

	opened, err := graph.ReadModel(&half)
	if err != nil {
		fmt.Println(err)
		return
	}
	y, err := opened.Predict(context.Background(), images.X)
	fmt.Println(y.Shape(), y.Dtype(), err)
	// Output:
	// <nil> <nil>
	// 0.50 of the size
	// (100, 10) float32 <nil>
}
