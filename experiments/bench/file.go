package main

import (
	"fmt"
	"path/filepath"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
)

// fromFile opens a network, which must have a single input, and makes a few batches for it. Their values are integers from 0 to 9, so
// they may also be words.
func fromFile(s setting) (*graph.Model, graph.Arrays, error) {
	m, err := openFile(s)
	if err != nil {
		return nil, graph.Arrays{}, err
	}
	shape := m.Input()
	for i, d := range shape {
		if d == graph.Any {
			shape[i] = s.Time
		}
	}
	x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(append([]int{4 * s.Batch}, shape...)...))
	for i := range x.Float32s() {
		x.Float32s()[i] = float32(uint32(i) * 2654435761 >> 8 % 10)
	}
	return m, graph.Arrays{X: x}, nil
}

func openFile(s setting) (*graph.Model, error) {
	if filepath.Ext(s.File) != ".onnx" {
		return graph.Open(s.File)
	}
	net, err := onnx.Open(s.File)
	if err != nil {
		return nil, err
	}
	m, err := graph.Compile(net, graph.Config{Input: net.Input(), Inputs: net.Inputs(), Workers: s.Threads})
	if err == nil && len(net.Inputs()) > 0 {
		return nil, fmt.Errorf("%s: got %d inputs, want one", s.File, 1+len(net.Inputs()))
	}
	return m, err
}
