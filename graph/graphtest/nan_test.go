package graphtest

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
)

// nanOperations are the operations of testdata/nan.json.
var nanOperations = map[string]func(s *graph.Scope, x []graph.Node) graph.Node{
	"neg": one(graph.Node.Neg), "abs": one(graph.Node.Abs), "sign": one(graph.Node.Sign), "square": one(graph.Node.Square),
	"sqrt": one(graph.Node.Sqrt), "reciprocal": one(graph.Node.Reciprocal), "exp": one(graph.Node.Exp), "log": one(graph.Node.Log),
	"log1p": one(graph.Node.Log1p), "sin": one(graph.Node.Sin), "cos": one(graph.Node.Cos), "erf": one(graph.Node.Erf),
	"tanh": one(graph.Node.Tanh), "sigmoid": one(graph.Node.Sigmoid), "gelu": one(graph.Node.GELU), "softplus": one(graph.Node.Softplus),
	"relu": one(graph.Node.ReLU), "floor": one(graph.Node.Floor),
	"leaky relu": one(func(x graph.Node) graph.Node { return x.LeakyReLU(0.01) }),
	"elu":        one(func(x graph.Node) graph.Node { return x.ELU(1) }),
	"clip":       one(func(x graph.Node) graph.Node { return x.Clip(-1, 1) }),
	"add":        two(graph.Node.Add), "sub": two(graph.Node.Sub), "mul": two(graph.Node.Mul), "div": two(graph.Node.Div),
	"maximum": two(graph.Node.Maximum), "minimum": two(graph.Node.Minimum), "pow": two(graph.Node.Pow), "mod": two(graph.Node.Mod),
	"xlogy": two(graph.Node.Xlogy),
	"where": two(func(x, y graph.Node) graph.Node { return x.Where(x.Greater(y), y) }),
	"where of a root": func(s *graph.Scope, x []graph.Node) graph.Node {
		return x[0].Sqrt().Where(x[0].Greater(s.Scalar(0)), x[1])
	},
	"max":                one(func(x graph.Node) graph.Node { return x.Max(1) }),
	"min":                one(func(x graph.Node) graph.Node { return x.Neg().Max(1).Neg() }),
	"sum":                one(func(x graph.Node) graph.Node { return x.Sum(1) }),
	"mean":               one(func(x graph.Node) graph.Node { return x.Mean(1) }),
	"log sum exp":        one(func(x graph.Node) graph.Node { return x.LogSumExp(1) }),
	"softmax":            one(func(x graph.Node) graph.Node { return x.Softmax() }),
	"log softmax":        one(func(x graph.Node) graph.Node { return x.LogSoftmax() }),
	"variance":           one(func(x graph.Node) graph.Node { _, v := x.Moments(1); return v.Reshape(x.Dim(0)) }),
	"std":                one(func(x graph.Node) graph.Node { return x.Std(1) }),
	"sort":               one(func(x graph.Node) graph.Node { v, _ := x.Sort(1); return v }),
	"top 2":              one(func(x graph.Node) graph.Node { v, _ := x.TopK(1, 2); return v }),
	"bottom 2":           one(func(x graph.Node) graph.Node { v, _ := x.BottomK(1, 2); return v }),
	"cumulative sum":     one(func(x graph.Node) graph.Node { return x.CumSum(1, false, false) }),
	"cumulative product": one(func(x graph.Node) graph.Node { return x.CumProd(1, false, false) }),
	"max pool": one(func(x graph.Node) graph.Node {
		return x.Expand(1).MaxPool(graph.Window{Size: 2}).Reshape(x.Dim(0), -1)
	}),
	"max pool, stride": one(func(x graph.Node) graph.Node {
		return x.Expand(1).MaxPool(graph.Window{Size: 3, Stride: 2, Before: 1, After: 1}).Reshape(x.Dim(0), -1)
	}),
	"average pool": one(func(x graph.Node) graph.Node {
		return x.Expand(1).AvgPool(true, graph.Window{Size: 2}).Reshape(x.Dim(0), -1)
	}),
	"cross-entropy": func(s *graph.Scope, x []graph.Node) graph.Node {
		return x[0].CrossEntropy(s.Table(func(i int) float64 { return float64(i % 5) }, x[0].Dim(0)))
	},
	"matrix product": func(s *graph.Scope, x []graph.Node) graph.Node {
		w := []float64{1, 0, 0, 1, -1, 2, 0, 0, 1, 1}
		return x[0].MatMul(s.Table(func(i int) float64 { return w[i] }, 5, 2))
	},
}

func one(f func(graph.Node) graph.Node) func(*graph.Scope, []graph.Node) graph.Node {
	return func(_ *graph.Scope, x []graph.Node) graph.Node { return f(x[0]) }
}

func two(f func(x, y graph.Node) graph.Node) func(*graph.Scope, []graph.Node) graph.Node {
	return func(_ *graph.Scope, x []graph.Node) graph.Node { return f(x[0], x[1]) }
}

// nanOperation returns the operation of a case.
func nanOperation(t *testing.T, name string) func(*graph.Scope, []graph.Node) graph.Node {
	if f := nanOperations[name]; f != nil {
		return f
	}
	kind, text, _ := strings.Cut(name, " ")
	v, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	switch kind {
	case "norm":
		return one(func(x graph.Node) graph.Node { return x.PNorm(v, 1) })
	case "power":
		return one(func(x graph.Node) graph.Node { return x.PowScalar(v) })
	}
	t.Fatalf("no operation %q", name)
	return nil
}

// TestNaN holds values and gradients against PyTorch, at NaN, infinities, zeros and ties (see testdata/nan.py).
func TestNaN(t *testing.T) {
	for _, c := range golden.Own[operationCase](t, "nan.json") {
		t.Run(c.Name, func(t *testing.T) {
			var shapes [][]int
			for _, x := range c.Inputs {
				shapes = append(shapes, x.Shape)
			}
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				y := nanOperation(t, c.Name)(s, x)
				return append([]graph.Node{y}, graph.Grad(y.Mul(s.Constant(c.Weights.Dense(tensor.Float64))).Sum(), x...)...)
			}, shapes...)
			require.NoError(t, err)
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				var in []*tensor.Dense
				for _, x := range c.Inputs {
					in = append(in, x.Dense(dt))
				}
				out, err := f.Call(context.Background(), in...)
				require.NoError(t, err)
				c.sameAsPyTorch(t, dt, "value", c.Output.Data, out[0])
				for i, g := range c.Grads {
					c.sameAsPyTorch(t, dt, "gradient "+strconv.Itoa(i), g.Data, out[1+i])
				}
			}
		})
	}
}
