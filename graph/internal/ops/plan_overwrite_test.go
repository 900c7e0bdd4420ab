package ops

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// TestOverwrite runs element-wise functions of values that nothing else reads, which they write over, and of values that are
// outputs too, which they must leave. The bits must be equal.
func TestOverwrite(t *testing.T) {
	t.Run("float32", func(t *testing.T) { testOverwrite[float32](t, tensor.Float32) })
	t.Run("float64", func(t *testing.T) { testOverwrite[float64](t, tensor.Float64) })
}

func testOverwrite[T kernels.Float](t *testing.T, dt tensor.Dtype) {
	for _, shape := range [][]int{{3, 7, 41}, {2, 3, 1100}} {
		for c := Copy + 1; c < codeCount; c++ {
			m := Map{Code: c, A: 0.5, B: 2}
			if c == Pow {
				m.A = 0
			}
			o := overwrite[T]{dt, shape, true}
			if c.Arity() == 1 {
				o.test(t, c.String(), func(g *Graph, x, y, number *Node) *Node { return g.Must(m, x) })
				continue
			}
			o.test(t, c.String()+" of both", func(g *Graph, x, y, number *Node) *Node { return g.Must(m, x, y) })
			o.test(t, c.String()+" of one", func(g *Graph, x, y, number *Node) *Node { return g.Must(m, x, x) })
			o.test(t, c.String()+" by a number", func(g *Graph, x, y, number *Node) *Node { return g.Must(m, x, number) })
			o.test(t, c.String()+" of a number", func(g *Graph, x, y, number *Node) *Node { return g.Must(m, number, x) })
		}
		o := overwrite[T]{dt, shape, true}
		o.test(t, "normalize", func(g *Graph, x, y, number *Node) *Node {
			return g.Must(Normalize{Groups: Groups{1, 2}}, x, number, number, number)
		})
		o.test(t, "normalize rows", func(g *Graph, x, y, number *Node) *Node {
			first, row := g.Must(Reduce{From: 1, To: 3}, y), g.Reshaped(g.Must(Reduce{From: 0, To: 1}, y), shape[1:])
			return g.Must(Normalize{Groups: Groups{0, 1}, Inner: true}, x, first, first, row, row)
		})
		o.test(t, "normalize, then ReLU", func(g *Graph, x, y, number *Node) *Node {
			return g.m1(ReLU, g.Must(Normalize{Groups: Groups{1, 2}}, x, number, number, number))
		})
		o.test(t, "normalize, then add", func(g *Graph, x, y, number *Node) *Node { // writes over y, in another shape
			twice := []int{2 * shape[0], shape[1], shape[2]}
			part := g.Must(Slice{Axis: 0, From: 0, To: shape[0]}, g.Must(Broadcast{Encode(twice)}, number))
			normal := g.Must(Normalize{Groups: Groups{1, 2}}, part, number, number, number)
			rows := []int{shape[0], shape[1] * shape[2]}
			return g.m2(Add, g.Reshaped(normal, rows), g.Reshaped(y, rows))
		})
		groupNorm := func(g *Graph, x, more *Node) *Node {
			d := GroupNorm{Groups: Groups{0, 1}, Channels: 2, Epsilon: 1e-3}
			one := g.Fill(1, []int{shape[0], shape[1], 1})
			return g.m2(Add, g.Must(d, x, g.Must(Moments{d.Groups}, x), one, one), more)
		}
		o.test(t, "group norm, then add", func(g *Graph, x, y, number *Node) *Node { return groupNorm(g, x, y) })
		o.test(t, "chain", func(g *Graph, x, y, number *Node) *Node {
			return g.m2(ReLUGrad, g.m2(Add, g.m2(Mul, g.m2(Sub, x, number), number), y), x)
		})
		o.over = false // the addition reads x after the normalization has written
		o.test(t, "group norm, then add the same", func(g *Graph, x, y, number *Node) *Node { return groupNorm(g, x, x) })
		o.test(t, "group norm of something else, then add", func(g *Graph, x, y, number *Node) *Node {
			part := g.Must(Slice{Axis: 0, From: 0, To: shape[0]}, g.Must(Broadcast{Encode([]int{2 * shape[0], shape[1], shape[2]})}, number))
			return groupNorm(g, part, y)
		})
		// a part of x goes to every element
		o.test(t, "part", func(g *Graph, x, y, number *Node) *Node {
			return g.m2(Sub, x, g.Must(Slice{Axis: 0, From: shape[0] - 1, To: shape[0]}, x))
		})
	}
}

// An overwrite is a case of TestOverwrite. over is whether the function may write over its input.
type overwrite[T kernels.Float] struct {
	dt    tensor.Dtype
	shape []int
	over  bool
}

func (o overwrite[T]) test(t *testing.T, name string, of func(g *Graph, x, y, number *Node) *Node) {
	t.Helper()
	name = fmt.Sprintf("%s, %v", name, o.shape)
	rng := rand.New(rand.NewPCG(1, 2))
	feeds := make([]*tensor.Dense, 2)
	for i := range feeds {
		feeds[i] = tensors.New(o.dt, append([]int{2}, o.shape...))
		for j := range tensors.Data[T](feeds[i]) {
			special := []float64{0, math.Copysign(0, -1), 1, math.Inf(1), math.Inf(-1), math.NaN()}
			if tensors.Data[T](feeds[i])[j] = T(2 * rng.NormFloat64()); j%11 == 0 {
				tensors.Data[T](feeds[i])[j] = T(special[rng.IntN(len(special))])
			}
		}
	}
	run := func(keep bool) []T {
		g := NewGraph(o.dt)
		var in, values []*Node // the values are not element-wise, so they stay by themselves
		for range feeds {
			n := g.Input("x", append([]int{2}, o.shape...))
			in, values = append(in, n), append(values, g.Reshaped(g.Must(Reduce{From: 0, To: 1}, n), o.shape))
		}
		number := g.Reshaped(g.Must(Reduce{From: 2, To: 3}, g.Must(Reduce{From: 0, To: 1}, values[1])), []int{o.shape[1], 1})
		out := []*Node{of(g, values[0], values[1], number)}
		if keep {
			out = append(out, values...)
		}
		l := Lower(g, out, &Env{Pool: kernels.Default()})
		for i, n := range in {
			if in := l.Input(n); in != nil {
				in.Set(feeds[i])
			}
		}
		i := slices.IndexFunc(l.owners, func(p placed) bool { return p.op == Of(owner(l.outputs[0].n)) })
		shared := slices.ContainsFunc(l.owners[:i], func(p placed) bool { return p.at == l.owners[i].at && p.op.size == l.owners[i].op.size })
		require.Equal(t, o.over && !keep, shared, name)
		l.Attach(NewMemory(l.Words))
		require.NoError(t, l.Run())
		return tensors.Data[T](l.Value(0))
	}
	got, want := run(false), run(true)
	for i, v := range want {
		if g := got[i]; math.Float64bits(float64(g)) != math.Float64bits(float64(v)) && (g == g || v == v) {
			t.Fatalf("%s: element %d: got %v over the input, want %v", name, i, g, v)
		}
	}
}
