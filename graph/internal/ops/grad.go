package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Grad returns the derivative of the scalar y by each node of wrt. Nodes that y does not depend on get zeros.
func (g *Graph) Grad(y *Node, wrt []*Node) ([]*Node, error) {
	if tensors.Size(Shape(y)) != 1 {
		return nil, fmt.Errorf("got shape %v, want a scalar", Shape(y))
	}
	out, err := g.pull([]*Node{y}, []*Node{g.Fill(1, Shape(y))}, wrt)
	for i, n := range out {
		if n == nil {
			out[i] = g.Fill(0, Shape(wrt[i]))
		}
	}
	return out, err
}

// pull returns the derivative of the sum of the products of ys and grads by each node of wrt, nil for none. It is reverse-mode
// differentiation, which visits the nodes from the newest to the oldest (Griewank & Walther 2008, section 3.2).
func (g *Graph) pull(ys, grads, wrt []*Node) ([]*Node, error) {
	active := map[*Node]bool{} // whether the node depends on one of wrt
	for _, n := range wrt {
		active[n] = true
	}
	order := Needed(ys...)
	for _, n := range order {
		if o := Of(n); o != nil && !active[n] {
			active[n] = slices.ContainsFunc(o.In, func(in *Node) bool { return active[in] })
		}
	}
	again := g.newRecomputation(order)
	layer := g.Where == "" || g.phase != Forward // else the derivative is a part of the layer that is emitting
	defer func(where string, p Phase) { g.Where, g.phase = where, p }(g.Where, g.phase)
	g.phase = Backward
	parts := map[*Node][]*Node{} // a node's gradient is the sum of its parts
	for i, y := range ys {
		parts[y] = append(parts[y], grads[i])
	}
	for _, n := range slices.Backward(order) {
		o := Of(n)
		if o == nil || parts[n] == nil || !active[n] {
			continue
		}
		if layer {
			g.Where = o.Where
		}
		grad := g.total(parts[n])
		parts[n] = []*Node{grad}
		read := again.of(n)
		for i, d := range Of(read).Diff(g, read, grad) {
			in := o.In[i]
			switch {
			case d == nil || !active[in]:
			case !slices.Equal(Shape(d), Shape(in)):
				return nil, fmt.Errorf("%s: derivative by input %d: got shape %v, want %v", o.Def, i, Shape(d), Shape(in))
			default:
				parts[in] = append(parts[in], d)
			}
		}
	}
	out := make([]*Node, len(wrt))
	for i, n := range wrt {
		if parts[n] != nil {
			if o := Of(parts[n][0]); layer && o != nil {
				g.Where = o.Where
			}
			out[i] = g.total(parts[n])
		}
	}
	return out, nil
}
