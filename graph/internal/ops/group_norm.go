package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// GroupNorm is (x - mean)·r·weight + bias with r = 1/√(variance + Epsilon), the mean and the variance of each group of x being its
// second input, Moments(x). The first Channels dimensions number the channels: a group has one or more of them, and each has a weight
// and a bias.
//
// Its derivative by x includes the one through the moments, which get no gradient from it. So each direction is one op that can work
// group by group, with the sums of a group in the same pass: see fill.
type GroupNorm struct {
	Groups   // of the first dimensions
	Channels int
	Epsilon  float64

	after Chain // functions that follow, as those of a NormalizeChain; without links for none
	fills bool  // the op computes the sums that are an input of it: see fill
}

// String implements Def.
func (d GroupNorm) String() string {
	return fmt.Sprintf("GroupNorm%s(channels [:%d], epsilon %v)%s", d.Groups, d.Channels, d.Epsilon, d.then())
}

// then names the functions that follow.
func (d GroupNorm) then() string {
	if len(d.after.Links) == 0 {
		return ""
	}
	return ", then " + d.after.String()
}

// Infer implements Def.
func (d GroupNorm) Infer(in [][]int) ([]int, error) {
	x := in[0]
	if err := d.check(x); err != nil {
		return nil, err
	}
	if d.From > 0 || d.Channels < d.To || d.Channels > len(x) {
		return nil, fmt.Errorf("got groups %v and %d dimensions of channels for shape %v, want groups of the first ones", d.Groups, d.Channels, x)
	}
	_, groups, _ := d.sizes(x)
	c := d.channels().Shape(x)
	if want := [][]int{x, {2, groups}, c, c}; !slices.EqualFunc(in, want, slices.Equal) {
		return nil, fmt.Errorf("got shapes %v, want %v", in, want)
	}
	return x, nil
}

// channels returns the channels as groups.
func (d GroupNorm) channels() Groups { return Groups{To: d.Channels} }

// Diff implements Def.
func (d GroupNorm) Diff(g *Graph, n, grad *Node) []*Node {
	in := Of(n).In
	x, m, weight := in[0], in[1], in[2]
	mean, r := d.statistics(g, x, m)
	s := Shape(weight)
	dots := g.Must(Dots{Groups: d.channels()}, grad, x, g.repeated(mean, s))
	dx := g.Must(GroupNormGrad{d}, grad, x, m, weight, dots)
	return []*Node{dx, nil, g.m2(Mul, g.statistic(dots, 1, s), r), g.statistic(dots, 0, s)}
}

// statistics returns the mean of each group and the reciprocal of its standard deviation, in shapes that broadcast to x.
func (d GroupNorm) statistics(g *Graph, x, moments *Node) (mean, r *Node) {
	s := d.Shape(Shape(x))
	return g.statistic(moments, 0, s), g.m1(Reciprocal, g.m1(Sqrt, g.mc(Shift, g.statistic(moments, 1, s), d.Epsilon)))
}

// repeated is BroadcastTo for derivative rules.
func (g *Graph) repeated(x *Node, shape []int) *Node {
	y, err := g.BroadcastTo(x, shape)
	if err != nil {
		panic(err)
	}
	return y
}

// plain returns the value by other operations.
func (d GroupNorm) plain(g *Graph, x, weight *Node) *Node {
	mean, r := d.statistics(g, x, g.Must(Moments{d.Groups}, x))
	s := Shape(weight)
	return g.Must(Normalize{Groups: d.channels()}, x, g.repeated(mean, s), g.m2(Mul, r, weight), g.Fill(0, s))
}

// MomentsOf returns the Moments of x that mean and variance are the two rows of, and their groups; ok is false if there are none.
func MomentsOf(x, mean, variance *Node) (m *Node, d Groups, ok bool) {
	row := func(n *Node, i int) *Node {
		n = unshaped(n)
		if s, ok := defOf(n).(Slice); ok && s == (Slice{Axis: 0, From: i, To: i + 1}) {
			return Of(n).In[0]
		}
		return nil
	}
	m = row(mean, 0)
	if m == nil || m != row(variance, 1) {
		return nil, d, false
	}
	moments, ok := defOf(m).(Moments)
	return m, moments.Groups, ok && Of(m).In[0] == x
}

// A GroupNormGrad is the derivative of a GroupNorm by x. Its inputs are the gradient, x, the moments, the weights, and the Dots of each
// channel; the derivative by x includes that through the moments and the Dots.
type GroupNormGrad struct{ GroupNorm }

// String implements Def.
func (d GroupNormGrad) String() string {
	return fmt.Sprintf("GroupNormGrad%s(channels [:%d], epsilon %v)%s", d.Groups, d.Channels, d.Epsilon, d.then())
}

// Infer implements Def.
func (d GroupNormGrad) Infer(in [][]int) ([]int, error) {
	x := in[1]
	_, groups, _ := d.sizes(x)
	c := d.channels().Shape(x)
	if want := [][]int{x, x, {2, groups}, c, {2, tensors.Size(c)}}; !slices.EqualFunc(in, want, slices.Equal) {
		return nil, fmt.Errorf("got shapes %v, want %v", in, want)
	}
	return x, nil
}

// Diff implements Def: it differentiates the derivative of the value by other operations.
func (d GroupNormGrad) Diff(g *Graph, n, grad *Node) []*Node {
	in := Of(n).In
	stop := func(n *Node) *Node { return g.Must(Stop{}, n) } // derivatives end there
	u, x, weight := stop(in[0]), stop(in[1]), stop(in[3])
	first, err := g.pull([]*Node{d.plain(g, x, weight)}, []*Node{u}, []*Node{x})
	if err != nil {
		panic(err)
	}
	second, err := g.pull(first, []*Node{grad}, []*Node{u, x, weight})
	if err != nil {
		panic(err)
	}
	return []*Node{second[0], second[1], nil, second[2], nil}
}
