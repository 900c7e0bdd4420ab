package ops

import (
	"fmt"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// An indexer is a Def whose output or an input of which holds indices.
type indexer interface {
	indices(in [][]int) int // the number of things that an index may refer to
}

// checkIndices returns an error if the element type cannot hold all indices of an op.
func checkIndices(d Def, dt tensor.Dtype, in [][]int) error {
	const most = 1 << 24 // float32 has all integers up to this one
	if i, ok := d.(indexer); ok && dt == tensor.Float32 {
		if n := i.indices(in); n > most {
			return fmt.Errorf("got indices of %d elements, want at most %d in float32, which cannot hold larger indices: use float64", n, most)
		}
	}
	return nil
}

// Order returns the positions of the first K elements of its input along one axis in ascending or descending order. Equal
// elements keep their order; NaN is larger than any number.
type Order struct {
	Axis, K    int
	Descending bool
}

// String implements Def.
func (r Order) String() string {
	if r.Descending {
		return fmt.Sprintf("Order(axis %d, %d largest)", r.Axis, r.K)
	}
	return fmt.Sprintf("Order(axis %d, %d smallest)", r.Axis, r.K)
}

// Infer implements Def.
func (r Order) Infer(in [][]int) ([]int, error) {
	n := in[0][r.Axis]
	if r.K < 1 || r.K > n || n > math.MaxInt32 {
		return nil, fmt.Errorf("got k %d for axis %d of shape %v, want 1 to %d", r.K, r.Axis, in[0], min(n, math.MaxInt32))
	}
	out := slices.Clone(in[0])
	out[r.Axis] = r.K
	return out, nil
}

// Diff implements Def.
func (r Order) Diff(*Graph, *Node, *Node) []*Node { return []*Node{nil} }

// Bind implements Def.
func (r Order) Bind(o *Op) Kernel {
	return Kernel{F32: bindOrder[float32](r, o), F64: bindOrder[float64](r, o)}
}

func bindOrder[T kernels.Float](r Order, o *Op) func(out []T, in [][]T) {
	x, y := alongAxis(o.InShape(0), r.Axis), alongAxis(o.Shape, r.Axis)
	if x.width == 1 {
		return inRows(o, x, func(out []T, in [][]T, lo, hi int) {
			kernels.OrderRows(blocksOf(out, y, lo, hi), blocksOf(in[0], x, lo, hi), x.rows, r.K, r.Descending)
		})
	}
	return inColumns(o, x, func(out []T, in [][]T, i, lo, hi int) {
		kernels.Order(blockOf(out, y, i), blockOf(in[0], x, i), x.width, r.K, lo, hi, r.Descending)
	})
}

// indices implements indexer.
func (r Order) indices(in [][]int) int { return in[0][r.Axis] }

// Arg returns the position of the largest element of its input along one axis, which becomes 1, or of the smallest one: of
// several the first. A NaN counts as the extreme.
type Arg struct {
	Axis     int
	Smallest bool
}

// String implements Def.
func (a Arg) String() string {
	if a.Smallest {
		return fmt.Sprintf("ArgMin(axis %d)", a.Axis)
	}
	return fmt.Sprintf("ArgMax(axis %d)", a.Axis)
}

// Infer implements Def.
func (a Arg) Infer(in [][]int) ([]int, error) {
	out := slices.Clone(in[0])
	out[a.Axis] = 1
	return out, nil
}

// Diff implements Def.
func (a Arg) Diff(*Graph, *Node, *Node) []*Node { return []*Node{nil} }

// Bind implements Def.
func (a Arg) Bind(o *Op) Kernel {
	return Kernel{F32: bindArg[float32](a, o), F64: bindArg[float64](a, o)}
}

func bindArg[T kernels.Float](a Arg, o *Op) func(out []T, in [][]T) {
	x, y := alongAxis(o.InShape(0), a.Axis), alongAxis(o.Shape, a.Axis)
	if x.width == 1 {
		return inRows(o, x, func(out []T, in [][]T, lo, hi int) {
			kernels.ArgExtremeRows(out[lo:hi], in[0][lo*x.rows:hi*x.rows], x.rows, a.Smallest)
		})
	}
	return inColumns(o, x, func(out []T, in [][]T, i, lo, hi int) {
		kernels.ArgExtreme(blockOf(out, y, i), blockOf(in[0], x, i), x.width, lo, hi, a.Smallest)
	})
}

// indices implements indexer.
func (a Arg) indices(in [][]int) int { return in[0][a.Axis] }

// indices implements indexer.
func (Gather) indices(in [][]int) int { return in[0][0] }

// indices implements indexer.
func (s Scatter) indices([][]int) int { return s.Rows }

// indices implements indexer.
func (h OneHot) indices([][]int) int { return h.Classes }
