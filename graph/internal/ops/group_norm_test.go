package ops

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A groupNet is a GroupNorm with what follows it, and its derivatives.
type groupNet struct {
	g       *Graph
	inputs  []*Node
	outputs []*Node // with a row for each sample: the value and its derivative by x; then those by the weights and the biases
	early   []*Node // they read the sums before the ops that could compute them
}

// newGroupNet adds a GroupNorm of shape (batch, groups, parts, run), and to others what reads the sums before it.
func newGroupNet(t *testing.T, dt tensor.Dtype, shape []int, early bool) *groupNet {
	net := &groupNet{g: NewGraph(dt)}
	g := net.g
	input := func(shape ...int) *Node {
		net.inputs = append(net.inputs, g.Input("in", shape))
		return net.inputs[len(net.inputs)-1]
	}
	x, u, more, w, b := input(shape...), input(shape...), input(shape...), input(shape[1:3]...), input(shape[1:3]...)
	channels := []int{shape[0], shape[1], shape[2], 1}
	rep := func(n *Node) *Node { return g.repeated(g.Reshaped(n, channels[1:]), channels) }
	d := GroupNorm{Groups: Groups{0, 2}, Channels: 3, Epsilon: 1e-3}
	m := g.Must(Moments{d.Groups}, x)
	if early {
		mean, r := d.statistics(g, x, m)
		net.early = []*Node{r, g.m1(Square, g.Must(Dots{Groups: d.channels()}, u, x, g.repeated(mean, []int{shape[0], shape[1], shape[2], 1})))}
	}
	z := g.m2(Add, g.Reshaped(g.Must(d, x, m, rep(w), rep(b)), shape), more)
	grads, err := g.Grad(g.Reduced(g.m2(Mul, z, u), []int{0, 1, 2, 3}, false, false), []*Node{x, w, b})
	require.NoError(t, err)
	net.outputs = append([]*Node{z, g.m2(Add, grads[0], more)}, grads[1:]...)
	return net
}

// run returns the values of the outputs, with the names of the ops.
func (n *groupNet) run(t *testing.T, workers int, in []*tensor.Dense) (values []*tensor.Dense, ops []string) {
	l := Lower(n.g, slices.Concat(n.outputs, n.early), &Env{Pool: kernels.NewPool(workers)})
	for i, x := range n.inputs {
		l.Input(x).Set(in[i])
	}
	l.Attach(NewMemory(l.Words))
	require.NoError(t, l.Run())
	for i := range n.outputs {
		values = append(values, l.Value(i))
	}
	for _, o := range l.Ops() {
		ops = append(ops, fmt.Sprintf("%T", o.Def)[len("ops."):])
	}
	return values, ops
}

// TestGroupNormFills: a GroupNorm and its derivative that compute their sums have the bits of those that do not, for many groups and
// few ones, for any number of workers, and for a sample alone.
func TestGroupNormFills(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, shape := range [][]int{{5, 2, 3, 16}, {3, 4, 1, 49}, {2, 1, 4, 784}, {9, 8, 4, 100}, {1, 1, 2, 40000}, {40, 1, 1, 20}, {2, 2, 2, 5000}} {
			t.Run(fmt.Sprint(dt, shape), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(1, 2))
				var in []*tensor.Dense
				for _, s := range [][]int{shape, shape, shape, shape[1:3], shape[1:3]} {
					numbers := make([]float64, tensors.Size(s))
					for i := range numbers {
						numbers[i] = rng.NormFloat64()
					}
					in = append(in, tensors.New(dt, s))
					tensors.Set(in[len(in)-1], numbers)
				}
				want, ops := newGroupNet(t, dt, shape, true).run(t, 1, in)
				require.NotContains(t, ops, "Filled")
				net := newGroupNet(t, dt, shape, false)
				for workers := 1; workers <= 3; workers++ {
					got, ops := net.run(t, workers, in)
					require.Equal(t, []string{"Filled", "GroupNorm", "Filled", "GroupNormGrad"}, slices.DeleteFunc(ops, func(s string) bool {
						return !slices.Contains([]string{"Filled", "GroupNorm", "GroupNormGrad", "Moments", "Dots", "Normalize"}, s)
					}))
					for i := range want {
						require.Equal(t, want[i].Data(), got[i].Data(), "output %d, %d workers", i, workers)
					}
				}
				alone := slices.Clone(in) // the last sample
				for i := range 3 {
					alone[i] = tensors.Rows(in[i], shape[0]-1, 1)
				}
				got, _ := newGroupNet(t, dt, append([]int{1}, shape[1:]...), false).run(t, 2, alone)
				for i := range 2 {
					require.Equal(t, tensors.Rows(want[i], shape[0]-1, 1).Data(), got[i].Data(), "output %d of one sample", i)
				}
			})
		}
	}
}
