package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

// Dots computes in one pass the two sums that a Normalize's derivative needs: of d and of d·(x - mean), with one mean for each
// group. They are sums over each group, (2, groups). ByWeight first multiplies d by a weight for each element of a group.
// Columns sums over the groups instead, (2, elements of a group), the second sum being of d·(x - mean)·scale, with one scale
// for each group. ByWeight and Columns need groups of the first dimensions.
type Dots struct {
	Groups
	ByWeight, Columns bool
}

// String implements Def.
func (d Dots) String() string {
	return fmt.Sprintf("Dots%s(by weight %t, columns %t)", d.Groups, d.ByWeight, d.Columns)
}

// Infer implements Def.
func (d Dots) Infer(in [][]int) ([]int, error) {
	x := in[0]
	if err := d.check(x); err != nil {
		return nil, err
	}
	_, groups, inner := d.sizes(x)
	s := d.Shape(x)
	want, out := [][]int{x, x, s}, []int{2, groups}
	switch {
	case d.ByWeight:
		want = append(want, d.inside(x))
	case d.Columns:
		want, out = append(want, s), []int{2, inner}
	}
	if !slices.EqualFunc(in, want, slices.Equal) || (d.ByWeight || d.Columns) && d.From > 0 {
		return nil, fmt.Errorf("got shapes %v, want %v", in, want)
	}
	return out, nil
}

// Diff implements Def.
func (d Dots) Diff(g *Graph, n, grad *Node) []*Node {
	in := Of(n).In
	u, x, mean := in[0], in[1], in[2]
	s := Shape(mean)
	if d.Columns {
		s = d.inside(Shape(x))
	}
	a, b := g.statistic(grad, 0, s), g.statistic(grad, 1, s)
	off, ub := g.m2(Sub, x, mean), g.m2(Mul, u, b)
	switch {
	case d.ByWeight:
		w := in[3]
		both := g.m2(Add, g.m2(Mul, off, b), a)
		ubw := g.m2(Mul, ub, w)
		return []*Node{g.m2(Mul, both, w), ubw, g.SumTo(g.m1(Neg, ubw), Shape(mean)), g.SumTo(g.m2(Mul, u, both), Shape(w))}
	case d.Columns:
		scale := in[3]
		ubs := g.m2(Mul, ub, scale)
		du := g.m2(Add, g.m2(Mul, g.m2(Mul, off, b), scale), a)
		return []*Node{du, ubs, g.SumTo(g.m1(Neg, ubs), Shape(mean)), g.SumTo(g.m2(Mul, ub, off), Shape(scale))}
	}
	return []*Node{g.m2(Add, g.m2(Mul, off, b), a), ub, g.SumTo(g.m1(Neg, ub), Shape(mean))}
}

// Bind implements Def.
func (d Dots) Bind(o *Op) Kernel {
	return Kernel{F32: bindDots[float32](d, o), F64: bindDots[float64](d, o)}
}

func bindDots[T kernels.Float](d Dots, o *Op) func(out []T, in [][]T) {
	outer, groups, inner := d.sizes(o.InShape(0))
	if outer > 1 && inner > 1 && !d.ByWeight && !d.Columns {
		return func(out []T, in [][]T) {
			kernels.BatchDots(o.env.Pool, out[:groups], out[groups:], in[0], in[1], in[2], outer, groups, inner)
		}
	}
	if d.Columns {
		return func(out []T, in [][]T) {
			kernels.ColumnDots(o.env.Pool, out[:inner], out[inner:], in[0], in[1], in[2], in[3], inner)
		}
	}
	return inPieces(o, groups, grain(outer, inner), func(out []T, in [][]T, lo, hi int) {
		sum, dot := out[:groups], out[groups:]
		if d.ByWeight {
			kernels.RowDots(sum, dot, in[0], in[1], in[2], in[3], lo, hi)
		} else {
			kernels.Dots(sum, dot, in[0], in[1], in[2], outer, groups, inner, lo, hi)
		}
	})
}
