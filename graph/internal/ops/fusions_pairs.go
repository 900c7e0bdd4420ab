package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A pair is one op of the lowered graph that computes two nodes of the original one. Its output holds both, one after the other.
type pair struct {
	fusion
	nodes [2]*Node
	op    *Node // of the lowered graph, once it is there
}

// pairMatchers are all kinds of pairs: each returns the pair that has node n, nil if there is none.
var pairMatchers = []func(l *lowering, n *Node) *pair{
	// GELU(A·B + bias), and its derivative, which a gradient needs → Affine with Slopes: both functions have most of their steps in common.
	(*lowering).geluPair,
	// Aᵀ·B and the sums of B's columns, the gradients of a weight and a bias → ProductSums: B is read once.
	(*lowering).sumsPair,
}

// findPairs finds the pairs among nodes, inputs before outputs. A pair runs in place of the first of its nodes, when the inputs of both
// must be there.
func (l *lowering) findPairs(order []*Node) {
	l.pairs = map[*Node]*pair{}
	if l.result.repeats {
		return
	}
	at := make(map[*Node]int, len(order))
	for i, n := range order {
		at[n] = i
	}
	for _, n := range order {
		for _, match := range pairMatchers {
			if Of(n) == nil || l.settled[n] || l.pairs[n] != nil {
				break
			}
			p := match(l, n)
			if p == nil || slices.ContainsFunc(p.in, func(in *Node) bool { return l.inside[in] || at[in] > min(at[p.nodes[0]], at[p.nodes[1]]) }) {
				continue
			}
			for _, m := range p.nodes {
				l.pairs[m] = p
				delete(l.inside, m)
			}
			for _, in := range p.inside {
				l.inside[in] = true
			}
		}
	}
}

// lowerPair adds the node n of a pair, as a view of the pair's op.
func (l *lowering) lowerPair(n *Node, p *pair) *Node {
	from := 0
	if n == p.nodes[1] {
		from = sizeOf(p.nodes[0])
	}
	if p.op == nil {
		both := *Of(n)
		both.Shape = []int{sizeOf(p.nodes[0]) + sizeOf(p.nodes[1])}
		p.op = l.add(p.def, &both, p.in)
		Of(p.op).Where = p.where
		l.done[p.op] = p.op
	}
	m := l.add(Slice{0, from, from + sizeOf(n)}, Of(n), []*Node{p.op})
	Of(m).silent = true
	return m
}

// geluPair matches the derivative n of GELU at a product with or without a bias, if only it and the GELU read that.
func (l *lowering) geluPair(n *Node) *pair {
	if mapOf(n).Code != GELUSlope {
		return nil
	}
	x := Of(n).In[0]
	users := slices.DeleteFunc(slices.Clone(l.users[x]), func(u *Node) bool { return u == n })
	if len(users) != 1 || mapOf(users[0]).Code != GELU || l.keep[x] || Of(x) == nil {
		return nil
	}
	var f *fusion
	switch {
	case mapOf(x).Code == Add:
		f = l.biased(x, Epilogue{})
	case takesEpilogue(x) && (unshaped(x) == x || l.usedOnce(unshaped(x))):
		f = withEpilogue(x, Epilogue{})
	}
	if f == nil || !isAffine(f) {
		return nil
	}
	a := f.def.(Affine)
	a.Act, a.Slopes = kernels.ActGELU, true
	f.def, f.inside = a, append(f.inside, x)
	return &pair{fusion: *f, nodes: [2]*Node{users[0], n}}
}

// sumsPair matches a product Aᵀ·B of matrices that has a sum over the rows of B beside it.
func (l *lowering) sumsPair(n *Node) *pair {
	o := Of(n)
	if m, ok := o.Def.(MatMul); !ok || m != (MatMul{TA: true}) || len(o.Shape) != 2 {
		return nil
	}
	b := unshaped(o.In[1])
	for _, u := range l.users[b] {
		r, ok := Of(u).Def.(Reduce)
		if s := Shape(b); !ok || r.Max || l.pairs[u] != nil || l.inside[u] || tensors.Size(s[:r.From]) != 1 || tensors.Size(s[r.To:]) != o.Shape[1] {
			continue
		}
		p := &pair{fusion: fusion{def: ProductSums{}, in: []*Node{o.In[0], b}, where: o.Where}, nodes: [2]*Node{n, u}}
		if v := l.users[u]; len(v) == 1 && !l.keep[u] && unshaped(v[0]) == u {
			p.nodes[1], p.inside = v[0], []*Node{u}
		}
		return p
	}
	return nil
}
