package ops

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// TestPairs lowers two nodes that one op computes: together, in either order, they have the bits that each has alone.
func TestPairs(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, s := range []struct{ batch, time, in, units int }{{3, 5, 7, 6}, {16, 60, 33, 70}, {1, 1, 1, 1}} {
			g := NewGraph(dt)
			rows := s.batch * s.time
			x, w := g.Input("x", []int{rows, s.in}), g.Input("w", []int{s.in, s.units})
			product := g.Must(MatMul{}, x, w)
			cube := []int{s.batch, s.time, s.units}
			sum := g.m2(Add, g.Reshaped(product, cube), g.Input("b", []int{s.units}))
			grad := g.Input("grad", cube)
			bias := g.SumTo(grad, []int{s.units}) // its node comes before that of the reshaped gradient
			weight := g.Must(MatMul{TA: true}, x, g.Reshaped(grad, []int{rows, s.units}))
			flat := g.Input("flat", []int{rows, s.units})
			for name, r := range map[string]struct {
				a, b  *Node
				fused []string
			}{
				"GELU":              {g.m1(GELU, sum), g.m1(GELUSlope, sum), []string{"Affine", "Slice", "Slice"}},
				"GELU without bias": {g.m1(GELU, product), g.m1(GELUSlope, product), []string{"Affine", "Slice", "Slice"}},
				"sums":              {bias, weight, []string{"ProductSums", "Slice", "Slice"}},
				"sums of a matrix":  {g.Must(MatMul{TA: true}, x, flat), g.Must(Reduce{From: 0, To: 1}, flat), []string{"ProductSums", "Slice", "Slice"}},
			} {
				t.Run(fmt.Sprintf("%v, %v, %s", dt, s, name), func(t *testing.T) {
					if rows > 1 {
						require.Subset(t, lowered(g, r.a, r.b), r.fused)
					}
					for _, n := range []struct{ one, other *Node }{{r.a, r.b}, {r.b, r.a}} {
						want := run(t, g, nil, n.one)
						for workers := 1; workers <= 3; workers++ {
							require.Equal(t, want, run(t, g, kernels.NewPool(workers), n.one, n.other))
						}
					}
				})
			}
		}
	}
}

// TestPairsApart: nodes stay apart if something else needs what a pair would not write, or if the inputs of one come after the other.
func TestPairsApart(t *testing.T) {
	g := NewGraph(tensor.Float32)
	x, w, v := g.Input("x", []int{4, 4}), g.Input("w", []int{4, 4}), g.Input("v", []int{4})
	sum := g.m2(Add, g.Must(MatMul{}, x, w), v)
	y, slope := g.m1(GELU, sum), g.m1(GELUSlope, sum)
	require.Equal(t, []string{"Affine", "Chain", "Chain"}, lowered(g, y, slope, sum))
	sums := g.Must(Reduce{From: 0, To: 1}, w)
	late := g.Must(MatMul{TA: true}, g.m1(Exp, g.m2(Mul, sums, x)), w)
	require.NotContains(t, lowered(g, late, sums), "ProductSums")
}
