package layers_test

import (
	"math"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/layers"
)

// infinite are functions of sequences, (batch, time, 4), of which each is infinite or NaN for the zeros of the padding, or has such a
// derivative there.
func infinite() map[string]func(x graph.Node) graph.Node {
	number := func(x graph.Node, v float64) graph.Node { return x.Scale(0).Shift(v).StopGradient() }
	return map[string]func(x graph.Node) graph.Node{
		"Log":                 func(x graph.Node) graph.Node { return x.Abs().Log() },
		"Log of Log":          func(x graph.Node) graph.Node { return x.Abs().Log().Square().Log() },
		"Log1p":               func(x graph.Node) graph.Node { return x.Square().Shift(-1).Log1p() },
		"Sqrt":                func(x graph.Node) graph.Node { return x.Abs().Sqrt() },
		"Reciprocal":          func(x graph.Node) graph.Node { return x.Reciprocal() },
		"Div by itself":       func(x graph.Node) graph.Node { return x.Div(x) },
		"Div by a sum":        func(x graph.Node) graph.Node { return x.Div(x.Square().Sum(2).Expand(-1)) },
		"Div by a largest":    func(x graph.Node) graph.Node { return x.Div(x.Abs().Max(2).Expand(-1)) },
		"Div by a count":      func(x graph.Node) graph.Node { return x.Div(x.Abs().Sign().Sum(2).Expand(-1).Masked(graph.Node{})) },
		"Div of a number":     func(x graph.Node) graph.Node { return number(x, 2).Masked(graph.Node{}).Div(x) },
		"Div, features last":  func(x graph.Node) graph.Node { return x.SwapAxes(1, 2).Div(x.SwapAxes(1, 2).Abs()).SwapAxes(1, 2) },
		"Mod":                 func(x graph.Node) graph.Node { return number(x, 0.3).Mod(x.Abs()) },
		"Pow":                 func(x graph.Node) graph.Node { return x.Abs().Pow(number(x, 0.5)) },
		"Pow of a number":     func(x graph.Node) graph.Node { return x.Abs().Pow(number(x, -0.25)) },
		"PowScalar, root":     func(x graph.Node) graph.Node { return x.Abs().PowScalar(0.3) },
		"PowScalar, negative": func(x graph.Node) graph.Node { return x.Abs().PowScalar(-0.5) },
		"Xlogy":               func(x graph.Node) graph.Node { return number(x, 2).Xlogy(x.Abs()) },
		"Xlogy of a mask":     func(x graph.Node) graph.Node { return number(x, 2).Masked(graph.Node{}).Xlogy(x.Abs()) },
		"standardized":        func(x graph.Node) graph.Node { mean, v := x.Moments(2); return x.Sub(mean).Div(v.Sqrt()) },
		"Normalize without epsilon": func(x graph.Node) graph.Node {
			mean, v := x.Moments(2)
			return x.Normalize(mean, v, 0, graph.Node{}, graph.Node{})
		},
		"mean of features": func(x graph.Node) graph.Node { return x.Div(x.Mean(2).Expand(-1)) },
		"unit vectors":     func(x graph.Node) graph.Node { return x.Div(x.Norm(2).Expand(-1)) },
		"unit by Std":      func(x graph.Node) graph.Node { return x.Div(x.Std(2).Expand(-1)) },
		"unit by PNorm":    func(x graph.Node) graph.Node { return x.Div(x.PNorm(3, 2).Expand(-1)) },
		"log of LogSumExp": func(x graph.Node) graph.Node { return x.Abs().Log().LogSumExp(2).Expand(-1).Add(x) },
		"Softmax of a Log": func(x graph.Node) graph.Node { return x.Abs().Log().Softmax() },
		"tangent":          func(x graph.Node) graph.Node { return x.Cos().Div(x.Sin()) },
		"CumProd":          func(x graph.Node) graph.Node { return x.CumProd(2, false, false).Reciprocal() },
		"Sort":             func(x graph.Node) graph.Node { v, _ := x.Abs().Sort(2); return v.Log() },
		"two masks":        func(x graph.Node) graph.Node { m, _ := x.Mask(); return x.Masked(graph.Node{}).Masked(m).Div(x) },
		"Tile and Log":     func(x graph.Node) graph.Node { return x.Abs().Tile(1, 1, 2).Log().Slice(2, 2, 6) },
		"Where":            func(x graph.Node) graph.Node { return x.Abs().Log().Where(x, x.Abs().Sqrt()) },
		"Concat of a Log":  func(x graph.Node) graph.Node { return graph.Concat(2, x.Abs().Log(), x).Slice(2, 0, 4) },
		"Reshape and Log": func(x graph.Node) graph.Node {
			return x.Abs().Reshape(x.Dim(0), x.Dim(1), 2, 2).Log().Reshape(x.Shape()...)
		},
	}
}

// TestInfinitePadding: operations that are infinite or NaN at the zeros of the padding, or have such derivatives, change neither the
// outputs nor the derivatives of what follows, for which sequences are the same alone and padded.
func TestInfinitePadding(t *testing.T) {
	random := graphtest.Check{Seed: 5}.Random(3, 7, 4).Float64s()
	sequences := [][][]float64{}
	for i, steps := range []int{5, 2, 7} {
		var s [][]float64
		for k := range steps {
			at := (i*7 + k) * 4
			s = append(s, random[at:at+4])
		}
		sequences = append(sequences, s)
	}
	for before, f := range infinite() {
		for after, l := range map[string]graph.Layer{
			"Dense":     layers.Dense{Units: 3},
			"pool":      layers.GlobalAvgPool{},
			"attention": layers.MultiHeadAttention{Heads: 2},
			"LSTM":      layers.LSTM{Units: 2},
			"norm":      layers.LayerNorm{},
		} {
			t.Run(before+"/"+after, func(t *testing.T) {
				net := layers.Sequential{layers.Dense{Units: 4}, layers.Lambda(f), l}
				if after != "Dense" {
					net = layers.Sequential{layers.Lambda(f), layers.Dense{Units: 4}, l}
				}
				got := runMasked(t, net, sequences, 7, math.NaN(), true, 0)
				var sums [][]float64
				for i, s := range sequences {
					alone := runMasked(t, net, [][][]float64{s}, len(s), 0, true, i)
					nearAll(t, alone.y, got.y[i:i+1], "output")
					nearAll(t, alone.dx, got.dx[i:i+1], "derivative by the input")
					for k, g := range alone.grads {
						if i == 0 {
							sums = append(sums, make([]float64, len(g)))
						}
						for j, d := range g {
							sums[k][j] += d
						}
					}
				}
				nearAll(t, [][][]float64{sums}, [][][]float64{got.grads}, "derivatives by the parameters")
			})
		}
	}
}
