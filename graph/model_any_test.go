package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// lengthOf wants a time for which ok is true, and maps each vector of a sequence.
func lengthOf(ok func(time int) bool) graph.Layer {
	return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		if time := x.Dim(1); !ok(time) {
			return x.Errorf("got %d times, want others", time)
		}
		return s.Apply(layers.Dense{Units: 2}, x)
	})
}

// TestAnySizes checks that Compile finds sizes for which a network works, and the output's dimensions that vary.
func TestAnySizes(t *testing.T) {
	time := []int{graph.Any, 3}
	pictures := []int{1, graph.Any, graph.Any}
	reduced := func(axes ...int) graph.Layer {
		return layers.Lambda(func(x graph.Node) graph.Node { return x.Mean(axes...) })
	}
	for _, c := range []struct {
		name          string
		net           graph.Layer
		input, output []int
	}{
		{"sequence", layers.Dense{Units: 2}, time, []int{graph.Any, 2}},
		{"last element", layers.LSTM{Units: 2}, time, []int{2}},
		{"no other dimension", layers.ReLU{}, []int{graph.Any}, []int{graph.Any}},
		{"time first, then reduced", reduced(2), time, []int{graph.Any}},
		{"least length", lengthOf(func(n int) bool { return n >= 100 }), time, []int{graph.Any, 2}},
		{"largest length", lengthOf(func(n int) bool { return n <= 3 }), time, []int{graph.Any, 2}},
		{"multiples", lengthOf(func(n int) bool { return n%7 == 0 }), time, []int{graph.Any, 2}},
		{"odd lengths", lengthOf(func(n int) bool { return n%2 == 1 }), time, []int{graph.Any, 2}},
		{"large multiples", lengthOf(func(n int) bool { return n%32 == 0 && n > 100 }), time, []int{graph.Any, 2}},
		{"learned positions", layers.PositionalEncoding{Learned: true, Max: 9}, time, []int{graph.Any, 3}},
		{"pool", layers.GlobalAvgPool{}, pictures, []int{1}},
		{"strides", layers.Sequential{layers.Conv2D{Filters: 2, Kernel: []int{7}, Stride: []int{4}}, layers.MaxPool2D{Size: []int{4}}}, pictures,
			[]int{2, graph.Any, graph.Any}},
		{"height reduced", reduced(2), pictures, []int{1, graph.Any}},
		{"square images", layers.Lambda(func(x graph.Node) graph.Node { return x.Add(x.SwapAxes(2, 3)) }), pictures, pictures},
		{"wide images", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			if x.Dim(3) != 2*x.Dim(2) {
				return x.Errorf("got %v, want a width of twice the height", x.Shape())
			}
			return x
		}), pictures, pictures},
		{"flat", layers.Flatten{}, pictures, []int{graph.Any}},
		{"slice", layers.Lambda(func(x graph.Node) graph.Node { return x.Slice(1, -4, 0) }), time, []int{4, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := graph.Compile(c.net, graph.Config{Input: c.input})
			require.NoError(t, err)
			require.Equal(t, c.input, m.Input())
			require.Equal(t, c.output, m.Output())
		})
	}
}

// TestAnyErrors checks the errors of Compile, and those of data of the wrong size.
func TestAnyErrors(t *testing.T) {
	time := []int{graph.Any, 3}
	pictures := []int{1, graph.Any, graph.Any}
	const advice = ", want the same for every size of a dimension that is graph.Any: give the dimension a size, or reduce it before this layer, " +
		"as layers.GlobalAvgPool does"
	for _, c := range []struct {
		name  string
		net   graph.Layer
		input []int
		want  string
	}{
		{"-2", layers.ReLU{}, []int{-2}, "graph: Compile: Config.Input: got [-2], want dimensions of 1 or more, or graph.Any"},
		{"0", layers.ReLU{}, []int{graph.Any, 0}, "graph: Compile: Config.Input: got [-1 0], want dimensions of 1 or more, or graph.Any"},
		{"dense after flatten", layers.Sequential{layers.Flatten{}, layers.Dense{Units: 2}}, time,
			"graph: Compile: parameter dense1/weight: got shape [144 2] with 48 for dimension 0 of Config.Input, and [48 2] with 16" + advice},
		{"width", layers.Sequential{layers.Lambda(func(x graph.Node) graph.Node { return x.Mean(2) }), layers.Dense{Units: 2}}, pictures,
			"graph: Compile: parameter dense1/weight: got shape [96 2] with 96 for dimension 2 of Config.Input, and [32 2] with 32" + advice},
		{"learned positions", layers.Sequential{layers.PositionalEncoding{Learned: true}}, time,
			"graph: Compile: parameter positionalencoding1/weight: got shape [48 3] with 48 for dimension 0 of Config.Input, and [16 3] with 16" + advice},
		{"state", layers.BatchNorm{}, time,
			"graph: Compile: parameter running_mean: got shape [48] with 48 for dimension 0 of Config.Input, and [16] with 16" + advice},
		{"more parameters", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			for t := range x.Dim(1) {
				x = x.Scale(2).Mul(s.Param(fmt.Sprint("scale", t), graph.Ones, 3))
			}
			return x
		}), time, "graph: Compile: parameter scale16: got shape [3] with 48 for dimension 0 of Config.Input, and none with 16" + advice},
		{"fewer parameters", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			if x.Dim(1) == 16 {
				return x.Mul(s.Param("scale", graph.Ones, 3))
			}
			return x
		}), time, "graph: Compile: parameter scale: got none with 48 for dimension 0 of Config.Input, and [3] with 16" + advice},
		{"error of the network", layers.Dense{Units: -1}, time, "graph: dense: Units: got -1, want 1 or more; the inputs have the shapes [[16 3]] here, " +
			"with sizes for graph.Any, and other sizes are errors too"},
		{"one size only", lengthOf(func(n int) bool { return n == 16 }), time, "graph: got 48 times, want others; the inputs have the shapes [[48 3]] here, " +
			"with sizes for graph.Any, and other sizes are errors too"},
		{"rank", layers.Sequential{layers.LSTM{Units: 2}, layers.GlobalAvgPool{}}, time, "globalavgpool1: got shape [2 2], want (batch, channels, space...)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := graph.Compile(c.net, graph.Config{Input: c.input})
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestAnyData checks the errors of data whose sizes a network cannot take.
func TestAnyData(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Conv1D{Filters: 2, Kernel: 5}, layers.GlobalAvgPool{}}, graph.Config{
		Input: []int{3, graph.Any}, Loss: losses.MeanSquaredError{},
	})
	require.NoError(t, err)
	ctx := context.Background()
	const small = "conv1d1: got shape [2 3 4], want at least 5 elements in dimension 2, padding included; got these sizes from input [n 3 4]"
	for _, c := range []struct {
		name string
		x    *tensor.Dense
		want string
	}{
		{"rank", random(1, 2, 3), "input: got shape [2 3], want [n 3 any]"},
		{"channels", random(1, 2, 4, 9), "input: got shape [2 4 9], want [n 3 any]"},
		{"too small", random(1, 2, 3, 4), small},
		{"size 0", tensor.New(tensor.WithShape(2, 3, 0), tensor.Of(tensor.Float32)), "input: got shape [2 3 0], want [n 3 any]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := m.Predict(ctx, c.x)
			require.ErrorIs(t, err, graph.ErrInput)
			require.EqualError(t, err, "graph: Predict: "+c.want)
			err = m.PredictInto(ctx, tensor.New(tensor.WithShape(2, 2), tensor.Of(tensor.Float32)), c.x)
			require.ErrorIs(t, err, graph.ErrInput)
			require.EqualError(t, err, "graph: PredictInto: "+c.want)
			_, err = m.PredictAll(ctx, map[string]*tensor.Dense{graph.MainInput: c.x})
			require.ErrorIs(t, err, graph.ErrInput)
			_, err = m.Evaluate(ctx, graph.Arrays{X: c.x, Y: random(2, 2, 2)})
			require.ErrorIs(t, err, graph.ErrInput)
			require.ErrorContains(t, err, c.want)
			_, _, err = m.Gradients(c.x, random(2, 2, 2))
			require.ErrorIs(t, err, graph.ErrInput)
			require.ErrorContains(t, err, c.want)
		})
	}
	require.Contains(t, m.String(), "input           [n 3 any]\nconv1d1         [n 2 any]  32\nglobalavgpool1  [n 2]      0\n")
	var dot strings.Builder
	require.NoError(t, m.WriteDOT(&dot))
	require.Contains(t, dot.String(), "[n 3 any]")
}
