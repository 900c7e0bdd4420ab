package onnx_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/friend"
	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/layers"
)

// functionsOfTwo are functions of x and y, and derivatives, whose forms in ONNX compare numbers or multiply by what may be infinite.
var functionsOfTwo = map[string]func(x, y graph.Node) graph.Node{
	"Where":        func(x, y graph.Node) graph.Node { return x.Where(y, y) },
	"Greater":      graph.Node.Greater,
	"Equal":        graph.Node.Equal,
	"Step":         func(x, _ graph.Node) graph.Node { return unary(x, ops.Step) },
	"no NaN":       func(x, _ graph.Node) graph.Node { return unary(x, ops.ZeroNaN) },
	"no NaN, Step": func(x, _ graph.Node) graph.Node { return unary(unary(x, ops.Step), ops.ZeroNaN) },
	"Sign":         func(x, _ graph.Node) graph.Node { return x.Sign() },
	"Maximum":      graph.Node.Maximum,
	"Minimum":      graph.Node.Minimum,
	"Mod":          graph.Node.Mod,
	"Pow":          graph.Node.Pow,
	"Xlogy":        graph.Node.Xlogy,
	"Xlogy of Exp": func(x, y graph.Node) graph.Node { return x.Xlogy(y.Exp()) },
	"Logistic":     func(x, y graph.Node) graph.Node { return x.Softplus().Sub(x.Mul(y)) },
	"ReLU":         func(x, _ graph.Node) graph.Node { return x.ReLU() },
	"LeakyReLU":    func(x, _ graph.Node) graph.Node { return x.LeakyReLU(0.5) },
	"ELU":          func(x, _ graph.Node) graph.Node { return x.ELU(1.5) },
	"Clip":         func(x, _ graph.Node) graph.Node { return x.Clip(-1, 2) },
	"Abs'":         slope(func(x, _ graph.Node) graph.Node { return x.Abs() }),
	"ReLU'":        slope(func(x, _ graph.Node) graph.Node { return x.ReLU() }),
	"LeakyReLU'":   slope(func(x, _ graph.Node) graph.Node { return x.LeakyReLU(0.5) }),
	"ELU'":         slope(func(x, _ graph.Node) graph.Node { return x.ELU(1.5) }),
	"Clip'":        slope(func(x, _ graph.Node) graph.Node { return x.Clip(-1, 2) }),
	"Maximum'":     slope(graph.Node.Maximum),
	"Minimum'":     slope(graph.Node.Minimum),
	"Xlogy'":       slope(graph.Node.Xlogy),
	"Pow'":         slope(graph.Node.Pow),
}

func unary(x graph.Node, c ops.Code) graph.Node {
	return friend.Unary.(func(graph.Node, ops.Code) graph.Node)(x, c)
}

// slope returns the derivative of f by x.
func slope(f func(x, y graph.Node) graph.Node) func(x, y graph.Node) graph.Node {
	return func(x, y graph.Node) graph.Node { return graph.Grad(f(x, y).Sum(), x)[0] }
}

// TestWrittenNaN: what the file of a function computes at NaN, infinities, zeros and ties is what the model computes, in a Runner, in
// a Network and in onnxruntime.
func TestWrittenNaN(t *testing.T) {
	special := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 0, 1, -1, 2, -2.5, 0.5}
	n := len(special) * len(special)
	x := tensor.New(tensor.WithShape(n, 2), tensor.Of(tensor.Float32))
	for i, a := range special {
		for j, b := range special {
			copy(x.Float32s()[2*(i*len(special)+j):], []float32{a, b})
		}
	}
	var runtime *ort.Runtime
	if _, _, err := ort.Find(); err == nil {
		runtime = ort.Start(t)
	}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		opsets := []int{11, 22}
		if dt == tensor.Float64 { // onnxruntime has no Clip of float64 in opset 11
			opsets = []int{17}
		}
		for name, f := range functionsOfTwo {
			t.Run(name+" "+dt.String(), func(t *testing.T) {
				net := layers.Lambda(func(x graph.Node) graph.Node { return f(x.Slice(1, 0, 1), x.Slice(1, 1, 2)) })
				m, err := graph.Compile(net, graph.Config{Input: []int{2}, DType: dt})
				require.NoError(t, err)
				in := x
				if dt == tensor.Float64 {
					in = tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(doubles(x.Float32s())))
				}
				want := predicted(t, m, in)
				for _, opset := range opsets {
					path := filepath.Join(t.TempDir(), "m.onnx")
					file, err := os.Create(path)
					require.NoError(t, err)
					require.NoError(t, onnx.Exporter{Opset: opset}.Write(file, m))
					require.NoError(t, file.Close())
					r, err := onnx.Load(path)
					require.NoError(t, err)
					feed, err := onnx.FromDense(in)
					require.NoError(t, err)
					feeds := map[string]onnx.Tensor{r.Inputs()[0].Name: feed}
					out := r.Outputs()[0].Name
					sameSpecial(t, "Runner", in, want, ran(t, r, feeds)[out])
					b, err := os.ReadFile(path)
					require.NoError(t, err)
					got, err := onnx.FromDense(predicted(t, importedAs(t, b, dt), in))
					require.NoError(t, err)
					sameSpecial(t, "Network", in, want, got)
					if runtime != nil {
						theirs, err := ranElsewhere(runtime, path, feeds)
						require.NoError(t, err)
						sameSpecial(t, "onnxruntime", in, want, theirs[out])
					}
				}
			})
		}
	}
}

func doubles(list []float32) (out []float64) {
	for _, v := range list {
		out = append(out, float64(v))
	}
	return out
}

// sameSpecial fails the test unless got is want, NaN where it is NaN.
func sameSpecial(t *testing.T, where string, in, want *tensor.Dense, got onnx.Tensor) {
	t.Helper()
	for i, g := range onnx.Doubles(got) {
		if w := at(want, i); w != g && !(w != w && g != g) && !(math.Abs(w-g) <= 1e-6*math.Abs(w)) {
			t.Errorf("%s: at %v and %v: got %v, want %v", where, at(in, 2*i), at(in, 2*i+1), g, w)
		}
	}
}
