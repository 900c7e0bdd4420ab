package onnx_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

func Example() {
	folder, err := os.MkdirTemp("", "onnx")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "model.onnx")
	mlp := layers.Sequential{layers.Dense{Units: 8}, layers.ReLU{}, layers.Dense{Units: 4}, layers.ReLU{}}
	model, err := graph.Compile(mlp, graph.Config{Input: []int{5}})
	if err != nil {
		log.Fatal(err)
	}

	err = onnx.WriteFile(path, model) // for onnxruntime and others, at any batch size
	if err != nil {
		log.Fatal(err)
	}
	trunk, err := onnx.Open(path) // also what PyTorch exports: a layer whose weights can be trained further
	if err != nil {
		log.Fatal(err)
	}
	tuned, err := graph.Compile(layers.Sequential{trunk, layers.Dense{Units: 3}, layers.Softmax{}}, graph.Config{
		Input: trunk.Input(), Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(trunk.Input(), tuned.Output())
	fmt.Println(tuned.Weights().Names())
	// Output:
	// [5] [3]
	// [dense1/bias dense1/weight network1/dense1/bias network1/dense1/weight network1/dense2/bias network1/dense2/weight]
}
