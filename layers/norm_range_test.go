package layers_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	. "github.com/nndiy/nndiy/internal/extremes"
	"github.com/nndiy/nndiy/layers"
)

// TestNormRange compares float32 with float64 in the range of numbers that the docstrings state, for few and for many elements
// that are normalized together. A derivative is compared after multiplication by the size of the numbers.
func TestNormRange(t *testing.T) {
	for name, l := range map[string]graph.Layer{
		"LayerNorm": layers.LayerNorm{}, "RMSNorm": layers.RMSNorm{}, "GroupNorm": layers.GroupNorm{}, "BatchNorm": layers.BatchNorm{},
	} {
		for _, shape := range [][]int{{2, 2}, {2, 2000}, {2000, 2}} {
			t.Run(fmt.Sprint(name, shape), func(t *testing.T) {
				f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
					y := s.TrainingMode(true).Apply(l, x[0])
					return []graph.Node{y, graph.Grad(y.Slice(0, 0, 1).Slice(1, 0, 1).Sum(), x[0])[0]}
				}, shape)
				require.NoError(t, err)
				for _, size := range []float64{1e-37, 1e-30, 1e-10, 1e-3, 1, 1e6, 1e12, 1e15, 1e17} {
					x := make([]float64, shape[0]*shape[1])
					for i := range x {
						if x[i] = size; (i/shape[1]+i)%2 == 1 {
							x[i] = -size
						}
					}
					got, err := f.Call(context.Background(), Tensor(tensor.Float32, x, shape...))
					require.NoError(t, err)
					want, err := f.Call(context.Background(), Tensor(tensor.Float64, x, shape...))
					require.NoError(t, err)
					wantY, gotD, wantD := Floats(want[0]), Floats(got[1]), Floats(want[1])
					for i, y := range Floats(got[0]) {
						if w := wantY[i]; math.Abs(y-w) > 2e-6*math.Abs(w) {
							t.Fatalf("element %d of ±%g: got %g, want %g", i, size, y, w)
						}
						if d, w := gotD[i]*size, wantD[i]*size; math.Abs(d-w) > 2e-6 {
							t.Fatalf("derivative by element %d of ±%g: got %g, want %g", i, size, d, w)
						}
					}
				}
			})
		}
	}
}
