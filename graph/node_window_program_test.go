package graph

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// TestConvFusion checks that a convolution with bias, ReLU and max pooling, with one or two spatial dimensions, becomes one
// op where nothing else uses the intermediate results, and two ops and a gradient in training. The values must be those of
// the separate ops, which outputs of the intermediate results keep apart.
func TestConvFusion(t *testing.T) {
	for _, size := range [][]int{{19}, {18}, {6, 34}, {7, 5}} {
		windows, pools := make([]Window, len(size)), make([]Window, len(size))
		tiled := 1 // 0 where pooling leaves elements out: then the derivative by the bias needs the gradient of the pooling too
		x, w, b := []int{3, 2}, []int{5, 2}, []int{5}
		for i, n := range size {
			tiled &= 1 - n%2
			windows[i], pools[i] = Window{Before: 1, After: 1}, Window{Size: 2, Stride: 2}
			x, w, b = append(x, n), append(w, 3), append(b, 1)
		}
		function := func(outputs func(x []Node, conv, sum, act, pool Node) []Node) *Function {
			f, err := NewFunction(func(_ *Scope, x ...Node) []Node {
				conv := x[0].Conv(x[1], 1, windows...)
				sum := conv.Add(x[2])
				act := sum.ReLU()
				return outputs(x, conv, sum, act, act.MaxPool(pools...))
			}, x, w, b)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		grads := func(x []Node, y Node) []Node { return append(Grad(y.Square().Sum(), x...), y) }
		infer := function(func(_ []Node, _, _, _, pool Node) []Node { return []Node{pool} })
		train := function(func(x []Node, _, _, _, pool Node) []Node { return grads(x, pool) })
		weights := function(func(x []Node, _, _, _, pool Node) []Node { return grads(x[1:], pool) })
		apart := function(func(x []Node, conv, sum, act, pool Node) []Node {
			return append(append(grads(x, pool), conv, sum, act), Grad(pool.Square().Sum(), conv, sum, act)...)
		})
		in := []*Tensor{}
		rng := rand.New(rand.NewPCG(1, 2))
		for _, shape := range [][]int{x, w, b} {
			v := make([]float64, tensors.Size(shape))
			for i := range v {
				v[i] = rng.NormFloat64()
			}
			in = append(in, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v)))
		}
		call := func(f *Function) []*Tensor {
			out, err := f.Call(context.Background(), in...)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		want, got := call(apart), slices.Concat(call(train), call(infer), call(weights))
		for i, g := range got {
			i = []int{0, 1, 2, 3, 3, 1, 2, 3}[i] // the derivatives by x, w and b, and the pooling
			for j, v := range g.Float64s() {
				if e := want[i].Float64s()[j]; !(math.Abs(v-e) <= 1e-12*(1+math.Abs(e))) {
					t.Fatalf("size %v: output %d, element %d: got %v, want %v", size, i, j, v, e)
				}
			}
		}
		for _, c := range []struct {
			f    *Function
			kind string
			want int
		}{
			{infer, "ops.ConvPool", 1}, {infer, "", 1}, {train, "ops.ConvAffine Conv(", 1}, {train, "relu true", 1},
			{apart, "ops.ConvPool", 0}, {weights, "WeightsPooled", tiled}, {weights, "MaxPoolGrad", 1}, {train, "WeightsPooled", 0},
		} {
			if n := count(t, c.f, c.kind); n != c.want {
				t.Errorf("size %v: got %d ops with %q, want %d", size, n, c.kind, c.want)
			}
		}
	}
}

// count returns the number of ops in a function whose type and name contain the words. Reshapes do not count.
func count(t *testing.T, f *Function, words string) (n int) {
	t.Helper()
	p, err := f.program(tensor.Float64)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range p.Ops() {
		_, view := o.Def.(ops.Reshape)
		if !view && strings.Contains(fmt.Sprintf("%T %v", o.Def, o.Def), words) {
			n++
		}
	}
	return n
}
