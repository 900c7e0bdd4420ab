// Command 03-neuron: a neuron draws a line in the plane. Where one line cannot separate two classes, a layer of neurons can.
//
//	go run ./experiments/learn/03-neuron
//	go test -v -run Exercise/answer ./experiments/learn/03-neuron
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/learn/internal/draw"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// A neuron is a layer: the sigmoid of a weighted sum of its inputs. It is nearer to 1 than to 0 on one side of a line.
var neuron = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
	weight := s.Param("weight", graph.GlorotUniform, x.Dim(-1), 1)
	bias := s.Param("bias", graph.Zeros, 1)
	return x.MatMul(weight).Add(bias).Sigmoid()
})

// hidden is a network: a layer of eight neurons, with tanh in place of the sigmoid, and one neuron that sees their outputs.
var hidden = layers.Sequential{layers.Dense{Units: 8}, layers.Tanh{}, neuron}

// corners returns points in the plane of two classes: class 1 lies around (-1, 1) and (1, -1), class 0 around the two other
// corners. This is the exclusive or (XOR).
func corners(n int, seed uint64) graph.Arrays {
	d := datasets.FourGaussians(n, seed) // classes 0 to 3 around (-1,-1), (-1,1), (1,-1) and (1,1)
	class := d.Y.Data().([]float32)
	y := make([]float32, len(class))
	for i, c := range class {
		if c == 1 || c == 2 {
			y[i] = 1
		}
	}
	return graph.Arrays{X: d.X, Y: tensor.New(tensor.WithShape(n, 1), tensor.WithBacking(y))}
}

// clouds returns points of two classes, around (-1,-1) and (1,1).
func clouds(n int, seed uint64) graph.Arrays {
	d := datasets.TwoGaussians(n, seed)
	return graph.Arrays{X: d.X, Y: tensor.New(tensor.WithShape(n, 1), tensor.WithBacking(d.Y.Data().([]float32)))}
}

// train trains a network by gradient descent on small batches.
func train(net graph.Layer, data graph.Arrays) (*graph.Model, error) {
	model, err := graph.Compile(net, graph.Config{
		Input:     []int{2},
		Loss:      losses.BinaryCrossEntropy{},
		Optimizer: optimizers.SGD{LearningRate: 0.5},
		Metrics:   []graph.Metric{metrics.BinaryAccuracy{}},
		Seed:      1,
	})
	if err != nil {
		return nil, err
	}
	_, err = model.Fit(context.Background(), data, graph.FitConfig{Epochs: 20, BatchSize: 20})
	return model, err
}

func run(w io.Writer) error {
	const rows = 15
	points := draw.Grid(rows, 2)
	grid := tensor.New(tensor.WithShape(len(points)/2, 2), tensor.WithBacking(points))
	var planes [][]float32
	for _, row := range []struct {
		name string
		net  graph.Layer
		data func(n int, seed uint64) graph.Arrays
	}{
		{"one neuron, two clouds", neuron, clouds},
		{"one neuron, four corners", neuron, corners},
		{"8 and 1 neurons, four corners", hidden, corners},
	} {
		model, err := train(row.net, row.data(500, 1))
		if err != nil {
			return err
		}
		logs, err := model.Evaluate(context.Background(), row.data(500, 2))
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-30s accuracy on new points %5.1f%%, loss %.3f\n", row.name+":", 100*logs["binary_accuracy"], logs["loss"])
		y, err := model.Predict(context.Background(), grid)
		if err != nil {
			return err
		}
		planes = append(planes, y.Data().([]float32))
	}
	fmt.Fprintln(w, "\nthe outputs over the plane from (-2, -2) to (2, 2); @ is 1")
	draw.Plane(w, 2*rows, planes...)
	return nil
}

// Exercise 1. Choose the weights and the bias of a neuron by hand: its output is above 0.5 where y > 2x - 1, and below elsewhere.
var exercise1 func() (weightX, weightY, bias float64)

// Exercise 2. The hidden layer above has 33 parameters. Return a network with at most 13 that train brings to 95% on the corners.
var exercise2 func() graph.Layer
