package layers_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/benchtest"
	"github.com/nndiy/nndiy/layers"
)

// BenchmarkLayers runs layers forward and backward in training, with derivatives by the input and the parameters, in float32.
// testdata/bench_torch.py does the same in PyTorch. Both give the median after ten calls to warm up.
func BenchmarkLayers(b *testing.B) {
	for _, c := range []struct {
		name          string
		layer         graph.Layer
		input, output []int
	}{
		{"LSTM", layers.LSTM{Units: 128, ReturnSequences: true}, []int{32, 50, 64}, []int{32, 50, 128}},
		{"GRU", layers.GRU{Units: 128, ReturnSequences: true}, []int{32, 50, 64}, []int{32, 50, 128}},
		{"MultiHeadAttention", layers.MultiHeadAttention{Heads: 4}, []int{32, 50, 128}, []int{32, 50, 128}},
		{"LayerNorm", layers.LayerNorm{}, []int{512, 768}, []int{512, 768}},
		{"LayerNorm, 64 features", layers.LayerNorm{}, []int{4096, 64}, []int{4096, 64}},
		{"BatchNorm", layers.BatchNorm{}, []int{64, 32, 28, 28}, []int{64, 32, 28, 28}},
		{"GroupNorm", layers.GroupNorm{Groups: 8}, []int{64, 32, 28, 28}, []int{64, 32, 28, 28}},
		{"Softmax", layers.Softmax{}, []int{512, 768}, []int{512, 768}},
		{"GELU", layers.GELU{}, []int{512, 768}, []int{512, 768}},
		{"MaxPool2D", layers.MaxPool2D{}, []int{64, 32, 28, 28}, []int{64, 32, 14, 14}},
		{"MaxPool2D 3/2", layers.MaxPool2D{Size: []int{3}, Stride: []int{2}, Padding: layers.Pad(1)}, []int{64, 32, 28, 28}, []int{64, 32, 14, 14}},
		{"UpSample2D", layers.UpSample2D{}, []int{64, 32, 14, 14}, []int{64, 32, 28, 28}},
		{"ZeroPad2D", layers.ZeroPad2D{Top: 1, Bottom: 1, Left: 1, Right: 1}, []int{64, 32, 28, 28}, []int{64, 32, 30, 30}},
		{"Conv2D, depthwise", layers.Conv2D{Filters: 32, Kernel: []int{3}, Groups: 32}, []int{64, 32, 28, 28}, []int{64, 32, 26, 26}},
		{"AvgPool2D", layers.AvgPool2D{}, []int{64, 32, 28, 28}, []int{64, 32, 14, 14}},
		{"AdaptiveAvgPool2D", layers.AdaptiveAvgPool2D{Size: []int{5}}, []int{64, 32, 28, 28}, []int{64, 32, 5, 5}},
		{"AdaptiveMaxPool2D", layers.AdaptiveMaxPool2D{Size: []int{5}}, []int{64, 32, 28, 28}, []int{64, 32, 5, 5}},
		{"AdaptiveMaxPool1D", layers.AdaptiveMaxPool1D{Size: 7}, []int{64, 32, 512}, []int{64, 32, 7}},
		{"AdaptiveAvgPool1D", layers.AdaptiveAvgPool1D{Size: 7}, []int{64, 32, 512}, []int{64, 32, 7}},
		{"Sum", layers.Lambda(func(x graph.Node) graph.Node { return x.Sum(1) }), []int{512, 768}, []int{512}},
		{"Sum, first axis", layers.Lambda(func(x graph.Node) graph.Node { return x.Sum(0) }), []int{512, 768}, []int{768}},
		{"CumProd", layers.Lambda(func(x graph.Node) graph.Node { return x.CumProd(1, false, false) }), []int{512, 768}, []int{512, 768}},
		{"Permute", layers.Permute{Axes: []int{2, 3, 1}}, []int{64, 32, 28, 28}, []int{64, 28, 28, 32}},
		{"Softmax, channels", layers.Softmax{Axis: 1}, []int{64, 32, 28, 28}, []int{64, 32, 28, 28}},
		{"Resize1D, smaller", layers.Resize1D{Size: 200}, []int{64, 32, 512}, []int{64, 32, 200}},
		{"Resize2D", layers.Resize2D{Scale: []float64{2}}, []int{64, 32, 14, 14}, []int{64, 32, 28, 28}},
		{"Resize2D, bicubic", layers.Resize2D{Scale: []float64{2}, Interpolation: layers.Bicubic}, []int{64, 32, 14, 14}, []int{64, 32, 28, 28}},
		{"Resize2D, smaller", layers.Resize2D{Size: []int{9}}, []int{64, 32, 28, 28}, []int{64, 32, 9, 9}},
		{"ZeroPad2D, reflect", layers.ZeroPad2D{Top: 1, Bottom: 1, Left: 1, Right: 1, Mode: graph.PadReflect}, []int{64, 32, 28, 28}, []int{64, 32, 30, 30}},
	} {
		b.Run(c.name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			random := func(shape ...int) *tensor.Dense {
				x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(shape...))
				for i := range x.Float32s() {
					x.Float32s()[i] = float32(rng.NormFloat64())
				}
				return x
			}
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				y := s.TrainingMode(true).Apply(c.layer, x[0])
				grads := graph.Grad(y.Mul(x[1]).Sum(), append(s.Params(), x[0])...)
				last := len(grads) - 1
				grads[last] = grads[last].Slice(0, 0, 1) // all of it is computed, only this part is copied
				return append(grads, y.Slice(0, 0, 1))
			}, c.input, c.output)
			if err != nil {
				b.Fatal(err)
			}
			x, cotangent := random(c.input...), random(c.output...)
			benchtest.Median(b, func() error {
				_, err := f.Call(context.Background(), x, cotangent)
				return err
			})
		})
	}
}
