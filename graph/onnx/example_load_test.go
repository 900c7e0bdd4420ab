package onnx_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/layers"
)

func ExampleLoad() {
	folder, err := os.MkdirTemp("", "onnx")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "model.onnx")
	model, err := graph.Compile(layers.Softmax{}, graph.Config{Input: []int{2}})
	if err != nil {
		log.Fatal(err)
	}
	if err := onnx.WriteFile(path, model); err != nil {
		log.Fatal(err)
	}

	runner, err := onnx.Load(path) // any file, with the types and shapes that it declares
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range runner.Inputs() {
		fmt.Println(p.Name, p.Type, p.Shape, p.Symbols)
	}
	out, err := runner.Run(context.Background(), map[string]onnx.Tensor{"input": {Shape: []int{3, 2}, Data: []float32{0, 0, 1, 1, 0, 200}}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out["output"].Shape, out["output"].Data)
	// Output:
	// input float32 [-1 2] [batch ]
	// [3 2] [0.5 0.5 0.5 0.5 0 1]
}
