package ops

import (
	"fmt"
	"slices"
)

// Normalize is (x - mean)·scale·weight + bias, with one mean and one scale for each group of x. With Inner, which needs groups
// of the first dimensions, there is a weight and a bias for each element of a group. Without it, there is a bias for each group
// and no weight, since scale can include it.
//
// Maps would compute the same; the derivative of a Normalize computes the sums that it needs in one pass.
type Normalize struct {
	Groups
	Inner bool
}

// String implements Def.
func (d Normalize) String() string { return fmt.Sprintf("Normalize%s(inner %t)", d.Groups, d.Inner) }

// Infer implements Def.
func (d Normalize) Infer(in [][]int) ([]int, error) {
	x := in[0]
	if err := d.check(x); err != nil {
		return nil, err
	}
	s := d.Shape(x)
	want := [][]int{x, s, s, s}
	if d.Inner {
		want = [][]int{x, s, s, d.inside(x), d.inside(x)}
	}
	if !slices.EqualFunc(in, want, slices.Equal) || d.Inner && d.From > 0 {
		return nil, fmt.Errorf("got shapes %v, want %v", in, want)
	}
	return x, nil
}

// Diff implements Def.
func (d Normalize) Diff(g *Graph, n, grad *Node) []*Node {
	in := Of(n).In
	x, mean, scale := in[0], in[1], in[2]
	s := Shape(mean)
	if !d.Inner {
		sums := g.Must(Dots{Groups: d.Groups}, grad, x, mean)
		sum := g.statistic(sums, 0, s)
		return []*Node{g.m2(Mul, grad, scale), g.m1(Neg, g.m2(Mul, scale, sum)), g.statistic(sums, 1, s), sum}
	}
	weight := in[3]
	rows := g.Must(Dots{Groups: d.Groups, ByWeight: true}, grad, x, mean, weight)
	columns := g.Must(Dots{Groups: d.Groups, Columns: true}, grad, x, mean, scale)
	return []*Node{
		g.m2(Mul, g.m2(Mul, grad, scale), weight), g.m1(Neg, g.m2(Mul, scale, g.statistic(rows, 0, s))), g.statistic(rows, 1, s),
		g.statistic(columns, 1, Shape(weight)), g.statistic(columns, 0, Shape(weight)),
	}
}

// Bind implements Def.
func (d Normalize) Bind(o *Op) Kernel { return d.chain().Bind(o) }

// inputs returns the number of inputs.
func (d Normalize) inputs() int {
	if d.Inner {
		return 5
	}
	return 4
}

// chain returns the functions that compute d.
func (d Normalize) chain() Chain {
	c := Chain{Inputs: d.inputs()}
	last := 0
	for i, code := range []Code{Sub, Mul, Mul, Add} {
		if i == 2 && !d.Inner {
			continue
		}
		next := len(c.Links) + 1 // the input of this link besides the last value
		c.Links = append(c.Links, Link{Map: Map{Code: code}, Args: [2]int{last, next}})
		last = c.Inputs + next - 1
	}
	return c
}
