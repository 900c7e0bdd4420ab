package eval

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// newForm returns the form for the shapes of the inputs.
func (c *call) newForm(g *group) *form {
	f := &form{shapes: make([][]int, len(c.inputs))}
	for i, x := range c.inputs {
		f.shapes[i] = slices.Clone(x.Shape)
	}
	number, shapes := map[ref]int{}, [][]int(nil) // of the values of the chain
	add := func(r ref, shape []int) {
		number[r] = len(shapes)
		shapes = append(shapes, shape)
	}
	nodes, feeds := g.nodes, c.node.in
	if g.head {
		head := c.first(g)
		x, w := c.inputs[0], c.inputs[1]
		if len(x.Shape) != len(w.Shape) || len(x.Shape) < 3 || len(x.Shape) > 4 || x.Size() == 0 {
			return f
		}
		add(ref{0, head.node.out[0]}, append([]int{x.Shape[0], w.Shape[0]}, head.window(x, w.Shape[2:]).out...))
		nodes, feeds = nodes[1:], feeds[len(head.inputs):]
		if l, ok := c.link(nodes[0], number); ok && g.act && f.after.set(l) {
			number[ref{0, nodes[0].out[0]}] = 0
			nodes = nodes[1:]
		}
	}
	for i, r := range feeds {
		add(r, c.inputs[len(c.inputs)-len(feeds)+i].Shape)
	}
	in, links := slices.Clone(shapes), []Link(nil)
	for _, n := range nodes {
		l, ok := c.link(n, number)
		if !ok {
			return f
		}
		shape, ok := joined(shapes[l.Args[0]], shapes[l.Args[1]])
		if !ok {
			return f
		}
		links = append(links, l)
		add(ref{0, n.out[0]}, shape)
	}
	all := shapes[len(in):]
	if g.head {
		all = append(all, shapes[0])
	}
	for _, shape := range all {
		if !slices.Equal(shape, all[0]) {
			return f
		}
	}
	if sizeOf(all[0]) == 0 {
		return f
	}
	if f.out = all[0]; len(links) > 0 {
		f.chain = c.program.chain(links, f.out, in)
	}
	return f
}

// first returns the call of the convolution of a group.
func (c *call) first(g *group) *call {
	return &call{frame: c.frame, node: g.nodes[0], opset: c.opset, inputs: c.inputs[:len(g.nodes[0].in)]}
}

// joined returns the shape that two shapes broadcast to, if they do.
func joined(a, b []int) (out []int, ok bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out = slices.Clone(a)
	for i, d := range b {
		o := &out[len(a)-len(b)+i]
		if d != *o && d != 1 && *o != 1 {
			return nil, false
		}
		if *o == 1 {
			*o = d
		}
	}
	return out, true
}

// link returns the function of a node. number has the values that it may use. It is not ok if the node needs another form.
func (c *call) link(n *node, number map[ref]int) (l Link, ok bool) {
	l = Link{Operator: n.Operator, Args: [2]int{number[n.in[0]], number[n.in[0]]}}
	sub := &call{frame: c.frame, node: n, opset: c.opset}
	switch n.Operator {
	case "LeakyRelu":
		l.A = sub.float("alpha", 0.01)
		return l, l.A >= 0 && !math.IsInf(l.A, 1)
	case "Clip":
		sub.inputs = make([]*Tensor, len(n.in))
		for i, r := range n.in {
			sub.inputs[i] = c.value(r)
		}
		least, most := sub.ends(c.inputs[0])
		l.A, l.B = float64(least), float64(most)
		return l, least == least && most == most
	case "Max", "Min":
		for i, r := range n.in {
			t := c.value(r)
			if !n.constant[i] || t.Type() != proto.Float32 || t.Size() != 1 || len(t.Shape) > 1 {
				continue
			}
			other := number[n.in[1-i]]
			v := float64(t.data.(list[float32])[0])
			l = Link{Operator: "Clip", A: v, B: math.Inf(1), Args: [2]int{other, other}}
			if n.Operator == "Min" {
				l.A, l.B = math.Inf(-1), v
			}
			return l, v == v
		}
	}
	if len(n.in) == 2 {
		l.Args[1] = number[n.in[1]]
	}
	return l, true
}

// set makes a link the function that a convolution applies. It reports whether there is such a function.
func (a *after) set(l Link) bool {
	acts := map[string]kernels.Activation{
		"Relu": kernels.ActReLU, "LeakyRelu": kernels.ActLeakyReLU, "Clip": kernels.ActClip, "Sigmoid": kernels.ActSigmoid, "Tanh": kernels.ActTanh,
	}
	act, ok := acts[l.Operator]
	if ok {
		*a = after{act, float32(l.A), float32(l.A), float32(l.B)}
	}
	return ok
}
