package ops

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// TestFusedValues computes attention and a normalization of rows by their fused ops and, with an inner node as a second output, by ops
// one by one: from separate queries, keys and values, from slices of one node, and with the heads apart; of shapes that divide badly.
func TestFusedValues(t *testing.T) {
	swap := Transpose{Encode([]int{0, 2, 1, 3})}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, s := range []struct{ batch, queries, keys, heads, size, values int }{{1, 7, 7, 3, 5, 5}, {3, 197, 50, 2, 8, 16}, {2, 1, 1, 1, 1, 1}} {
			g := NewGraph(dt)
			heads := func(n *Node, size int) *Node {
				d := Shape(n)
				return g.Must(swap, g.Reshaped(n, []int{d[0], d[1], s.heads, size}))
			}
			attention := func(q, k, v *Node, divisor *Node) (scores, y *Node) {
				scores = g.m2(Div, g.Must(MatMul{TB: true}, heads(q, s.size), heads(k, s.size)), divisor)
				return scores, g.Must(swap, g.Must(MatMul{}, g.Must(Softmax{}, scores), heads(v, s.values)))
			}
			input := func(name string, shape ...int) *Node { return g.Input(name, shape) }
			root := g.Must(NewConstant(nil, []float64{math.Sqrt(float64(s.size))}))
			q, k := input("q", s.batch, s.queries, s.heads*s.size), input("k", s.batch, s.keys, s.heads*s.size)
			v := input("v", s.batch, s.keys, s.heads*s.values)
			apart, separate := attention(g.m1(Tanh, q), k, v, root)
			width := s.heads * s.size
			all := input("all", s.batch, s.queries, 3*width)
			part := func(i int) *Node { return g.Must(Slice{Axis: 2, From: i * width, To: (i + 1) * width}, all) }
			s.values = s.size
			inside, together := attention(part(0), part(1), part(2), root)
			mean := func(x *Node) *Node { return g.mc(Scale, g.Reduced(x, []int{2}, false, true), 1/float64(3*width)) }
			d := g.m2(Sub, all, mean(all))
			deviation := g.m1(Sqrt, g.mc(Shift, mean(g.m1(Square, d)), 1e-3))
			normed := g.m2(Add, input("bias", 3*width), g.m2(Mul, g.m2(Div, d, deviation), input("weight", 3*width)))
			for i, r := range []struct {
				n, inner *Node
				op       string
			}{{separate, apart, "Attended"}, {together, inside, "Attended"}, {normed, d, "RowNorm"}} {
				require.Contains(t, lowered(g, r.n), r.op)
				require.NotContains(t, lowered(g, r.n, r.inner), r.op)
				want := run(t, g, nil, r.n, r.inner)
				for workers := 1; workers <= 3; workers++ {
					got := run(t, g, kernels.NewPool(workers), r.n)
					require.InDeltaSlice(t, want, got, 2e-6, fmt.Sprintf("%v, %+v, number %d", dt, s, i))
				}
			}
		}
	}
}

// run returns the value of the first output. Inputs are the same random numbers in each call.
func run(t *testing.T, g *Graph, p *kernels.Pool, outputs ...*Node) []float64 {
	t.Helper()
	l := Lower(g, outputs, &Env{Pool: p})
	for _, n := range Needed(outputs...) {
		if in := l.Input(n); in != nil {
			rng := rand.New(rand.NewPCG(uint64(sizeOf(n)), 1))
			x := tensors.New(g.DType, Shape(n))
			for i := range sizeOf(n) {
				if g.DType == tensor.Float32 {
					tensors.Data[float32](x)[i] = float32(rng.NormFloat64())
				} else {
					tensors.Data[float64](x)[i] = rng.NormFloat64()
				}
			}
			in.Set(x)
		}
	}
	l.Attach(NewMemory(l.Words))
	require.NoError(t, l.Run())
	y := l.Value(0)
	list := make([]float64, sizeOf(outputs[0]))
	for i := range list {
		if g.DType == tensor.Float32 {
			list[i] = float64(tensors.Data[float32](y)[i])
		} else {
			list[i] = tensors.Data[float64](y)[i]
		}
	}
	return list
}
