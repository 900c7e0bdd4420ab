package graph

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// TestDistances: distances and their derivatives are those of the norms of differences, of rows from others and from themselves, for
// batches, on any number of workers.
func TestDistances(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, shapes := range [][2][]int{{{1, 1}, {1, 1}}, {{5, 3}, {7, 3}}, {{37, 70}, {4, 70}}, {{2, 3, 6, 17}, {2, 3, 1, 17}}, {{90, 33}, {90, 33}}} {
			f, err := NewFunction(func(s *Scope, x ...Node) []Node {
				var out []Node
				for _, y := range []Node{x[1], x[0]} {
					for _, d := range []Node{x[0].Distances(y), x[0].Expand(-2).Sub(y.Expand(-3)).Norm(-1)} {
						weights := s.Scalar(0.3).Add(d.StopGradient().Sin())
						out = append(append(out, d), Grad(d.Mul(weights).Sum(), x[0])[0])
					}
				}
				return out
			}, shapes[0], shapes[1])
			require.NoError(t, err)
			in := make([]any, 2)
			for i, s := range shapes {
				x := tensor.New(tensor.Of(dt), tensor.WithShape(s...))
				for k := range x.Shape().TotalSize() {
					if v := rng.NormFloat64() + 3; dt == tensor.Float32 {
						x.Float32s()[k] = float32(v)
					} else {
						x.Float64s()[k] = v
					}
				}
				in[i] = x
			}
			out, err := f.Call(context.Background(), in[0].(*tensor.Dense), in[1].(*tensor.Dense))
			require.NoError(t, err)
			bound := map[tensor.Dtype]float64{tensor.Float32: 2e-5, tensor.Float64: 1e-12}[dt]
			for i := 0; i < len(out); i += 4 {
				for k := range 2 {
					require.InDeltaSlice(t, numbersOf(out[i+2+k]), numbersOf(out[i+k]), bound, "%v of %v, output %d", dt, shapes, i+k)
				}
			}
		}
	}
}

// TestDistancesOfExtremes: neither a distance nor its derivative overflows or underflows where the result is finite, and a distance of 0
// has the derivative 0.
func TestDistancesOfExtremes(t *testing.T) {
	f, err := NewFunction(func(s *Scope, x ...Node) []Node {
		d := x[0].Distances(x[1])
		return []Node{d, Grad(d.Sum(), x[0])[0]}
	}, []int{3, 2}, []int{1, 2})
	require.NoError(t, err)
	x := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float32{3e30, 4e30, 1, 1, 1 + 3*0x1p-23, 1}))
	y := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{1, 1}))
	out, err := f.Call(context.Background(), x, y)
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{5e30, 0, 3 * 0x1p-23}, numbersOf(out[0]), 1e24)
	require.InDeltaSlice(t, []float64{0.6, 0.8, 0, 0, 1, 0}, numbersOf(out[1]), 1e-6)
	require.Less(t, math.Abs(numbersOf(out[0])[2]-3*0x1p-23), 1e-13)
}

func numbersOf(t *tensor.Dense) (list []float64) {
	for i := range t.Shape().TotalSize() {
		if t.Dtype() == tensor.Float32 {
			list = append(list, float64(t.Float32s()[i]))
		} else {
			list = append(list, t.Float64s()[i])
		}
	}
	return list
}
