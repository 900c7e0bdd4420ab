package layers_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	. "github.com/nndiy/nndiy/internal/extremes"
	"github.com/nndiy/nndiy/layers"
)

// TestNormalizeClip compares outliers, however far, with z/√(1 + (z/Clip)²), and its derivative with (1 + (z/Clip)²)^(-3/2) / Scale.
func TestNormalizeClip(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct{ clip, scale float64 }{{3, 1}, {0.5, -1}, {3, 1e-18}, {100, 1e10}, {1, 0.25}} {
		x := []float64{0, 1e-30, 0.5, 1, 2.5, 3, 3.5, 100, 1e5, 1e10, 1e18, 1e19, 1e20, 3e38, inf}
		for _, v := range x {
			x = append(x, -v, v*c.clip*math.Abs(c.scale)) // the second around Clip
		}
		x = append(x, math.NaN())
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				y := s.Apply(layers.Normalize{Clip: c.clip, Offset: []float64{0}, Scale: []float64{c.scale}}, x[0])
				return []graph.Node{y, graph.Grad(y.Sum(), x[0])[0]}
			}, []int{len(x), 1})
			require.NoError(t, err)
			got, err := f.Call(context.Background(), Tensor(dtype, x, len(x), 1))
			require.NoError(t, err)
			y, d := Floats(got[0]), Floats(got[1])
			for i, v := range Floats(Tensor(dtype, x, len(x), 1)) {
				z := v / c.scale
				want, slope := z/math.Hypot(1, z/c.clip), math.Pow(math.Hypot(1, z/c.clip), -3)/c.scale
				if math.IsInf(z, 0) {
					want = math.Copysign(c.clip, z)
				}
				if z != z {
					require.True(t, y[i] != y[i] && d[i] != d[i], "%v of NaN: got %v and %v, want NaN", c, y[i], d[i])
					continue
				}
				require.InDelta(t, want, y[i], 1e-6*math.Abs(want)+1e-37, "%v %v of %v", c, dtype, v)
				tiny := 1e-37 / min(math.Abs(c.scale), 1) // the derivative by z may underflow
				require.InDelta(t, slope, d[i], 1e-5*math.Abs(slope)+tiny, "%v %v: derivative at %v", c, dtype, v)
			}
		}
	}
}
