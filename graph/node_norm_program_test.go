package graph

import (
	"fmt"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// TestNormalizeIsFused checks that in training only two ops of a normalization and its derivatives write a tensor of the
// input's shape, and that the sums of the derivatives take one pass over it, or two. With weights for each channel of a group, the two
// ops compute all sums.
func TestNormalizeIsFused(t *testing.T) {
	for _, r := range []struct {
		axes, weight         []int
		dots, groups, filled int
	}{
		{[]int{2}, []int{80}, 2, 0, 0}, {[]int{0, 2}, []int{3, 1}, 1, 0, 0}, {[]int{2}, []int{3, 1}, 0, 2, 2}, {[]int{1, 2}, []int{3, 1}, 0, 2, 2},
	} {
		f, err := NewFunction(func(s *Scope, x ...Node) []Node {
			y := s.TrainingMode(true).Apply(LayerFunc(func(_ *Scope, _ Node) Node {
				mean, variance := x[0].Moments(r.axes...)
				return x[0].Normalize(mean, variance, 1e-5, x[1], x[2])
			}), x[0])
			return append(Grad(y.Mul(x[3]).Sum(), x[:3]...), y)
		}, []int{4, 3, 80}, r.weight, r.weight, []int{4, 3, 80})
		if err != nil {
			t.Fatal(err)
		}
		p, err := f.program(tensor.Float32)
		if err != nil {
			t.Fatal(err)
		}
		large, dots, groups, filled := 0, 0, 0, 0
		for _, o := range p.Ops() {
			if _, reshape := o.Def.(ops.Reshape); !reshape && slices.Equal(o.Shape, []int{4, 3, 80}) {
				large++
			}
			switch o.Def.(type) {
			case ops.Dots:
				dots++
			case ops.GroupNorm, ops.GroupNormGrad:
				groups++
			case ops.Filled:
				filled++
			}
		}
		if got, want := fmt.Sprint(large, dots, groups, filled), fmt.Sprint(2, r.dots, r.groups, r.filled); got != want {
			t.Errorf("axes %v: got %s ops that write the tensor, that sum, of groups, and filled by these, want %s", r.axes, got, want)
		}
	}
}
