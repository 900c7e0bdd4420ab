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
)

// valuesOf lowers and runs a graph.
func valuesOf(g *Graph, inputs, outputs []*Node, data []*tensor.Dense) [][]float64 {
	l := Lower(g, outputs, &Env{Pool: kernels.Default()})
	for i, n := range inputs {
		if in := l.Input(n); in != nil {
			in.Set(data[i])
		}
	}
	l.Attach(NewMemory(l.Words))
	for range 2 {
		if err := l.Run(); err != nil {
			panic(err)
		}
	}
	var out [][]float64
	for i := range outputs {
		out = append(out, slices.Clone(l.Value(i).Float64s()))
	}
	return out
}

// TestRandomLoops compares random loops, and their first and second derivatives, with the same operations without loops.
func TestRandomLoops(t *testing.T) {
	for seed := range uint64(300) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			g := NewGraph(tensor.Float64)
			r := randomStep{g, rand.New(rand.NewPCG(seed, 1))}
			var inputs []*Node
			var data []*tensor.Dense
			e := &Expression{}
			for i := range 5 {
				shape := []int{2 + i%2, 3}
				in := g.Input("in", shape)
				values := make([]float64, 3*shape[0])
				for j := range values {
					values[j] = r.rng.NormFloat64()
				}
				inputs, data = append(inputs, in), append(data, dense(shape, values))
				e.Inputs = append(e.Inputs, Named{Node: in})
			}
			results := r.loop([]*Node{inputs[0], inputs[2], inputs[4]}, []*Node{inputs[1], inputs[3]}, 1)
			y := r.sum(results)
			derivatives := func(r randomStep, y *Node, inputs []*Node) []*Node {
				first, err := r.g.Grad(y, inputs)
				require.NoError(t, err)
				second, err := r.g.Grad(r.sum(first), inputs)
				require.NoError(t, err)
				return slices.Concat([]*Node{y}, first, second)
			}
			e.Outputs = []Named{{Node: y}}
			all := derivatives(r, y, inputs)
			got := valuesOf(g, inputs, all, data)

			u := e.Unrolled()
			if len(results) == 0 || u == e {
				t.Skip("the graph of this seed has no loop")
			}
			plain := randomStep{g: Of(u.Outputs[0].Node).graph}
			var in []*Node
			for _, n := range u.Inputs {
				in = append(in, n.Node)
			}
			want := valuesOf(plain.g, in, derivatives(plain, u.Outputs[0].Node, in), data)
			for i := range got {
				for j, v := range want[i] {
					require.InDelta(t, v, got[i][j], 1e-9*max(1, math.Abs(v)), "value %d, element %d", i, j)
				}
			}
		})
	}
}
