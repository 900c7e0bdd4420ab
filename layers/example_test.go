package layers_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A network is a layer made of layers. Model.Sub returns a named part of the model.
func Example() {
	net := layers.Sequential{
		layers.Named("encoder", layers.Sequential{layers.Dense{Units: 16}, layers.GELU{}}),
		layers.Residual{Layer: layers.Sequential{layers.Dense{Units: 16}, layers.Tanh{}}},
		layers.Dropout{Rate: 0.1},
		layers.Dense{Units: 3, KernelPenalty: layers.Penalty{L2: 1e-4}}, layers.Softmax{},
	}
	model, err := graph.Compile(net, graph.Config{Input: []int{4}})
	fmt.Println(model, err)
	// Output:
	// layer                         output  parameters
	// input                         [n 4]
	// encoder/dense1                [n 16]  80
	// encoder/gelu1                 [n 16]  0
	// residual1/sequential1/dense1  [n 16]  272
	// residual1/sequential1/tanh1   [n 16]  0
	// dropout1                      [n 16]  0
	// dense1                        [n 3]   51
	// softmax1                      [n 3]   0
	// total: 403 parameters
	//  <nil>
}

// A scaler fitted to the training data becomes the first layer: the model takes raw data, and its file contains the scaling.
func ExampleRescale() {
	table, err := datasets.CSV{}.Read(strings.NewReader("size,weight\n1,100\n3,300\n5,200\n"), "apples.csv")
	if err != nil {
		log.Fatal(err)
	}
	train, err := table.Arrays()
	if err != nil {
		log.Fatal(err)
	}
	scaler, err := datasets.MeanVariance(train.X)
	if err != nil {
		log.Fatal(err)
	}
	model, err := graph.Compile(layers.Rescale(*scaler), graph.Config{Input: []int{2}}) // followed by the network
	if err != nil {
		log.Fatal(err)
	}
	y, err := model.Predict(context.Background(), train.X)
	fmt.Printf("%.3f %v\n", y.Data(), err)
	// Output: [-1.225 -1.225 0.000 1.225 1.225 0.000] <nil>
}

// The steps of a sequence whose features all have one value are padding: the mean is over the others.
func ExampleMasking() {
	net := layers.Sequential{layers.Masking{Value: -1}, layers.GlobalAvgPool{}}
	model, err := graph.Compile(net, graph.Config{Input: []int{graph.Any, 2}})
	if err != nil {
		log.Fatal(err)
	}
	list := datasets.Ragged{
		tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float32{1, 10, 2, 20, 3, 30})),
		tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{7, 70})),
	}
	x, _, err := datasets.Pad(list, -1, 0)
	if err != nil {
		log.Fatal(err)
	}
	y, err := model.Predict(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(x.Shape(), y.Shape(), y.Data())
	// Output:
	// (2, 3, 2) (2, 2) [2 20 7 70]
}
