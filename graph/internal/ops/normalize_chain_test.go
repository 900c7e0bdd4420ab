package ops

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// TestNormalizeChain: a Normalize in one pass with what follows has the bits of the ops one by one, for runs of a chain, for
// channels that are too short for runs, and for groups of rows.
func TestNormalizeChain(t *testing.T) {
	for _, r := range []struct {
		groups Groups
		inner  bool
		shape  []int
	}{
		{Groups{1, 2}, false, []int{5, 3, 64}}, {Groups{1, 2}, false, []int{70, 9, 130}}, {Groups{1, 2}, false, []int{3, 2, 2000}},
		{Groups{1, 2}, false, []int{4, 3, 7}}, {Groups{0, 1}, true, []int{33, 80}}, {Groups{1, 2}, false, []int{6, 5}},
	} {
		t.Run(fmt.Sprint(r.groups, r.shape), func(t *testing.T) {
			g, rng := NewGraph(tensor.Float32), rand.New(rand.NewPCG(1, 2))
			var inputs []*Node
			var data []*tensor.Dense
			input := func(shape []int) *Node {
				inputs, data = append(inputs, g.Input("in", shape)), append(data, tensors.New(tensor.Float32, shape))
				for i, d := 0, tensors.Data[float32](data[len(data)-1]); i < len(d); i++ {
					d[i] = float32(rng.NormFloat64())
				}
				return inputs[len(inputs)-1]
			}
			of := r.groups.Shape(r.shape)
			in := []*Node{input(r.shape), input(of), input(of), input(of)}
			if r.inner {
				in = append(in[:3], input(r.groups.inside(r.shape)), input(r.groups.inside(r.shape)))
			}
			normal := g.Must(Normalize{r.groups, r.inner}, in...)
			flat := g.Reshaped(normal, []int{tensors.Size(r.shape)})
			outputs := []*Node{
				g.m1(ReLU, flat),
				g.m2(Add, input(Shape(flat)), flat),
				g.m1(Tanh, g.m2(Add, g.m2(Mul, input([]int{1}), input(Shape(flat))), flat)),
			}
			for _, n := range outputs {
				run := func(outputs ...*Node) []float32 {
					l := Lower(g, outputs, &Env{Pool: kernels.Default()})
					for i, n := range inputs {
						if in := l.Input(n); in != nil {
							in.Set(data[i])
						}
					}
					l.Attach(NewMemory(l.Words))
					require.NoError(t, l.Run())
					return append([]float32(nil), tensors.Data[float32](l.Value(0))...)
				}
				require.Contains(t, lowered(g, n), "NormalizeChain")
				require.Equal(t, run(n, flat), run(n)) // an output is computed by an op of its own
			}
		})
	}
}
