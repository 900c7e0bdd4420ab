package eval

import (
	"slices"
	"sync/atomic"
)

// A group is a convolution or nothing, followed by element-wise operators that only feed each other. It runs as one node: in one pass
// over memory, if all are of float32 and of the shape of the result. Otherwise its nodes run one by one.
type group struct {
	nodes  []*node
	head   bool  // the first node is a convolution
	act    bool  // only the node after it uses its result
	inside []int // slots of values that only the group uses
	form   atomic.Pointer[form]
}

// linked are the operators that a group may have after the convolution.
var linked = map[string]bool{
	"Abs": true, "Add": true, "Clip": true, "Div": true, "Erf": true, "Exp": true, "LeakyRelu": true, "Log": true, "Max": true, "Min": true,
	"Mul": true, "Neg": true, "Relu": true, "Sigmoid": true, "Sqrt": true, "Sub": true, "Tanh": true,
}

// mostLinked is the largest number of nodes of a group, and how far they may be apart.
const mostLinked = 24

// links reports whether a node may be in a group after its first one.
func (p *Program) links(n *node) bool {
	if !linked[n.Operator] || n.fixed || len(n.out) != 1 || n.out[0] < 0 || p.opset < 7 {
		return false
	}
	switch n.Operator {
	case "Clip":
		return !slices.Contains(n.constant[1:], false)
	case "Max", "Min":
		return len(n.in) == 2
	}
	return true
}

// Fuse joins nodes to groups. chain makes the functions that they run.
func (p *Program) Fuse(chain Chain) {
	p.chain = chain
	for _, g := range p.nested {
		p.fuse(g)
	}
	p.fuse(p.main)
}

// fuse joins nodes of a graph to groups.
func (p *Program) fuse(g *graph) {
	uses, small := make([]int, len(g.initial)), make([]bool, len(g.initial))
	maker := make([]int, len(g.initial)) // of each value: its node plus 1
	count := func(list []ref) {
		for _, r := range list {
			if r.up == 0 && r.slot >= 0 {
				uses[r.slot]++
			}
		}
	}
	for i := range g.nodes {
		n := g.nodes[i]
		count(n.in)
		count(n.captures)
		for _, slot := range n.out {
			if slot >= 0 {
				maker[slot], small[slot] = i+1, n.reduces(small)
			}
		}
	}
	count(g.outputs)
	joined := make([]bool, len(g.nodes))
	var nodes []*node
	for i := len(g.nodes) - 1; i >= 0; i-- {
		if joined[i] {
			continue
		}
		if members := p.members(g, i, uses, small, joined); len(members) > 1 {
			nodes = append(nodes, newGroup(g, members, uses))
		} else {
			nodes = append(nodes, g.nodes[i])
		}
	}
	slices.Reverse(nodes)
	g.nodes = nodes
	g.finish()
}

// reduces reports whether the node's output has probably fewer elements than other values: it is one element for each channel.
func (n *node) reduces(small []bool) bool {
	switch n.Operator {
	case "GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceMax", "ReduceSum":
		return true
	}
	return (n.Operator == "Conv" || linked[n.Operator] || n.Operator == "HardSigmoid") && n.in[0].up == 0 && n.in[0].slot >= 0 && small[n.in[0].slot]
}

// members returns the nodes of a group that ends with node i, in their order, and marks them as joined.
func (p *Program) members(g *graph, i int, uses []int, small, joined []bool) []int {
	if !p.links(g.nodes[i]) {
		return nil
	}
	list := []int{i}
	inside := map[int]int{} // how often the members use a value
	use := func(n *node) {
		for _, r := range n.in {
			if r.up == 0 && r.slot >= 0 {
				inside[r.slot]++
			}
		}
	}
	use(g.nodes[i])
	size := small[g.nodes[i].out[0]]
	for k := i - 1; k >= 0 && k > i-mostLinked; k-- {
		n := g.nodes[k]
		head := n.Operator == "Conv" && !n.fixed && len(n.out) == 1 && n.out[0] >= 0
		if joined[k] || !head && !p.links(n) {
			continue
		}
		slot := n.out[0]
		if inside[slot] == 0 || inside[slot] != uses[slot] || small[slot] != size {
			continue
		}
		list, joined[k] = append(list, k), true
		if head {
			break // what comes before it is no member
		}
		use(n)
	}
	slices.Reverse(list)
	return list
}

// newGroup returns the node that stands for some nodes of a graph.
func newGroup(g *graph, members []int, uses []int) *node {
	gr := &group{}
	for _, i := range members {
		gr.nodes = append(gr.nodes, g.nodes[i])
	}
	first, last := gr.nodes[0], gr.nodes[len(gr.nodes)-1]
	n := &node{Node: last.Node, operator: operator{raw: true, shares: sharesNone, run: runGroup}, out: last.out, index: last.index, group: gr}
	rest := gr.nodes
	if gr.head = first.Operator == "Conv"; gr.head {
		n.in, rest = append(n.in, first.in...), rest[1:]
		gr.act = uses[first.out[0]] == 1 && slices.Contains(gr.nodes[1].in, ref{0, first.out[0]})
	}
	heads := len(n.in)
	for _, m := range gr.nodes[:len(gr.nodes)-1] {
		gr.inside = append(gr.inside, m.out[0])
	}
	for _, m := range rest {
		for _, r := range m.in {
			inner := r.up == 0 && slices.Contains(gr.inside, r.slot)
			if r.slot >= 0 && !inner && !slices.Contains(n.in[heads:], r) {
				n.in = append(n.in, r)
			}
		}
	}
	return n
}
