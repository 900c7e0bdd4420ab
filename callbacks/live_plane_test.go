package callbacks_test

import (
	"context"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	lossfns "github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// circles returns points of two classes, inside and outside of a circle.
func circles(n int) graph.Arrays {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float32, 2*n), make([]float32, n)
	for i := range n {
		x[2*i], x[2*i+1] = rng.Float32()*2-1, rng.Float32()*2-1
		if x[2*i]*x[2*i]+x[2*i+1]*x[2*i+1] < .6 {
			y[i] = 1
		}
	}
	return graph.Arrays{X: tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y))}
}

// plane compiles a classifier of points.
func plane(t testing.TB, width int) *graph.Model {
	t.Helper()
	m, err := graph.Compile(layers.Sequential{
		layers.Dense{Units: width}, layers.Tanh{}, layers.Dense{Units: width}, layers.Tanh{}, layers.Dense{Units: 2}, layers.Softmax{},
	}, graph.Config{
		Input: []int{2}, Loss: lossfns.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.SGD{LearningRate: 0.01}, Seed: 1,
		Metrics: []graph.Metric{metrics.Accuracy{}},
	})
	require.NoError(t, err)
	return m
}

// boundary draws what a model of points predicts.
func boundary(r *graph.Run) ([]callbacks.TaggedImage, error) {
	const n = 24
	x := make([]float32, 0, 2*n*n)
	for i := range n * n {
		x = append(x, float32(i%n)/(n/2)-1, float32(i/n)/(n/2)-1)
	}
	y, err := r.Model.Predict(context.Background(), tensor.New(tensor.WithShape(n*n, 2), tensor.WithBacking(x)))
	if err != nil {
		return nil, err
	}
	picture := image.NewGray(image.Rect(0, 0, n, n))
	for i := range n * n {
		picture.SetGray(i%n, i/n, color.Gray{Y: uint8(255 * y.Float32s()[2*i+1])})
	}
	return []callbacks.TaggedImage{{Tag: "class 1 in the plane", Image: picture}}, nil
}
