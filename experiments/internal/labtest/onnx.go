package labtest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/internal/ort"
)

// ONNX checks models as ONNX files: the predictions of onnxruntime, and of the network read back from the file, must agree with
// the model's to 1e-5, for one random sample and for seven.
func ONNX(t *testing.T, r *ort.Runtime, models map[string]*graph.Model) {
	t.Helper()
	near := golden.Tolerance{Relative: 1e-5, Absolute: 1e-5}
	for name, m := range models {
		var file bytes.Buffer
		if err := onnx.Write(&file, m); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		layer, err := onnx.Read(bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again, err := graph.Compile(layer, graph.Config{Input: m.Input()})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, rows := range []int{1, 7} {
			x := Samples(rows, m.Input())
			y, err := m.Predict(context.Background(), x)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			want := golden.Tensor{Shape: y.Shape()}
			for _, v := range y.Float32s() {
				want.Data = append(want.Data, float64(v))
			}
			got, err := r.Run(file.Bytes(), x)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			want.Equal(t, fmt.Sprintf("%s, %d rows", name, rows), got[0], near)
			z, err := again.Predict(context.Background(), x)
			if err != nil {
				t.Fatalf("%s, read: %v", name, err)
			}
			want.Equal(t, fmt.Sprintf("%s, read, %d rows", name, rows), z, near)
		}
	}
}

// Samples returns random samples of the given shape, with elements from 0 to 1. The same number of rows gives the same samples.
func Samples(rows int, shape []int) *tensor.Dense {
	rng := rand.New(rand.NewPCG(1, uint64(rows)))
	x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(append([]int{rows}, shape...)...))
	for i := range x.Float32s() {
		x.Float32s()[i] = rng.Float32()
	}
	return x
}

// Trained runs the program for one epoch on little data with the given flags, and opens the model that it saves in file.
func (p Program) Trained(t *testing.T, file string, flags ...string) *graph.Model {
	t.Helper()
	args, out := Small(t, append(flags, "-epochs", "1")...)
	p.Run(t, args)
	m, err := graph.Open(filepath.Join(out, file))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Compiled compiles a network without a loss, with seed 1.
func Compiled(t *testing.T, net graph.Layer, input ...int) *graph.Model {
	t.Helper()
	m, err := graph.Compile(net, graph.Config{Input: input, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Part returns the named part of a model, by Model.Sub.
func Part(t *testing.T, m *graph.Model, name string) *graph.Model {
	t.Helper()
	part, err := m.Sub(name)
	if err != nil {
		t.Fatal(err)
	}
	return part
}
