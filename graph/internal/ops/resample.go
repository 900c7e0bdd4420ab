package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Resample computes each element along an axis from a few elements of x, as weighted sums: a resize or a border. Adjoint is
// the transposed operation, the derivative.
type Resample struct {
	Axis    int
	Adjoint bool
	Rule    kernels.TapRule
}

// String implements Def.
func (r Resample) String() string {
	name := "Resample"
	if r.Adjoint {
		name = "ResampleAdjoint"
	}
	return fmt.Sprintf("%s(axis %d, %+v)", name, r.Axis, r.Rule)
}

// Infer implements Def.
func (r Resample) Infer(in [][]int) ([]int, error) {
	if err := r.Rule.Check(); err != nil {
		return nil, err
	}
	from, to := r.Rule.In, r.Rule.Out
	if r.Adjoint {
		from, to = to, from
	}
	if n := in[0][r.Axis]; n != from {
		return nil, fmt.Errorf("got %d elements along axis %d, want %d", n, r.Axis, from)
	}
	out := slices.Clone(in[0])
	out[r.Axis] = to
	return out, nil
}

// Diff implements Def.
func (r Resample) Diff(g *Graph, _, grad *Node) []*Node {
	r.Adjoint = !r.Adjoint
	return []*Node{g.Must(r, grad)}
}

// Bind implements Def.
func (r Resample) Bind(o *Op) Kernel {
	taps := r.Rule.Taps()
	if r.Adjoint {
		taps = taps.Transposed()
	}
	return Kernel{F32: bindResample[float32](r, taps, o), F64: bindResample[float64](r, taps, o)}
}

func bindResample[T kernels.Float](r Resample, taps *kernels.Taps, o *Op) func(out []T, in [][]T) {
	m := kernels.NewTapMap[T](taps, tensors.Size(o.Shape[r.Axis+1:]))
	return func(out []T, in [][]T) { m.Apply(o.env.Pool, out, in[0]) }
}
