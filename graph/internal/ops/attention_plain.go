package ops

import "github.com/nndiy/nndiy/internal/kernels"

// A plainAttention is attention as products and a softmax, which hold all scores: for derivatives of the derivative, and for ONNX.
// Its vectors are stacked, (batch, KeyHeads, rows, size): the rows of the queries are those of all heads that share their keys.
type plainAttention struct {
	Attend
	g       *Graph
	q, k, v *Node
	weights *Node // (batch, Heads, queries, keys); without dropout
	keep    *Node // what dropout multiplies them with; nil without dropout
}

// hidden is what the plain form adds to a score that a mask hides; its exponential is 0 beside any other score.
const hidden = -1e30

// parts returns the queries, keys and values among the sources.
func (a Attend) parts(g *Graph, sources []*Node) (q, k, v *Node) {
	part := func(x *Node, from, size int) *Node { return g.Must(Slice{Axis: 2, From: from, To: from + size}, x) }
	queries, keys, values := a.Heads*a.Size, a.KeyHeads*a.Size, a.KeyHeads*a.ValueSize
	switch a.Sources {
	case 1:
		x := sources[0]
		return part(x, 0, queries), part(x, queries, keys), part(x, queries+keys, values)
	case 2:
		return sources[0], part(sources[1], 0, keys), part(sources[1], keys, values)
	}
	return sources[0], sources[1], sources[2]
}

// plainAttention adds the plain form of the weights, from the inputs of an Attend.
func (g *Graph) plainAttention(a Attend, in []*Node) *plainAttention {
	p := &plainAttention{Attend: a, g: g}
	q, k, v := a.parts(g, in)
	batch, queries, keys := Shape(q)[0], Shape(q)[1], Shape(k)[1]
	p.q, p.k, p.v = p.stack(q, a.Heads, a.Size), p.stack(k, a.KeyHeads, a.Size), p.stack(v, a.KeyHeads, a.ValueSize)
	scores := p.outer(g.mc(Scale, p.q, a.Scale), p.k)
	var seen *Node // 1 for the keys that a query sees, where there may be none
	if a.Causal {
		seen = g.Must(Trilu{K: a.Offset}, g.Fill(1, []int{queries, keys}))
		if a.Offset == 0 && !a.Masked { // each query sees a key
			scores, seen = g.m2(Add, scores, g.m1(Log, seen)), nil
		} else {
			scores = g.m2(Add, scores, g.mc(Scale, g.mc(Shift, seen, -1), -hidden))
		}
	}
	if a.Masked {
		mask := g.Reshaped(in[a.Sources], []int{batch, 1, 1, keys})
		scores = g.m2(Add, scores, g.mc(Scale, g.mc(Shift, mask, -1), -hidden))
		if seen != nil {
			mask = g.m2(Mul, seen, mask)
		}
		seen = mask
	}
	if p.weights = g.Must(Softmax{}, scores); seen != nil {
		p.weights = g.m2(Mul, p.weights, seen)
	}
	if a.Keep > 0 { // drawn as the kernels draw it
		whole := []int{batch, a.Heads, queries, (keys + kernels.NoiseGroup - 1) / kernels.NoiseGroup * kernels.NoiseGroup}
		noise := g.Must(Random{Dist: Bernoulli, P: a.Keep, Key: a.Key, To: Encode(whole)})
		p.keep = g.mc(Scale, g.Must(Slice{Axis: 3, To: keys}, noise), 1/a.Keep)
	}
	return p
}

// plain adds the plain form of an Attention, from the inputs of its Attend.
func (a Attention) plain(g *Graph, in []*Node) *Node {
	p := g.plainAttention(a.Attend, in)
	return p.unstack(p.rows(p.drop(p.weights), p.v), a.Heads)
}

// drop applies dropout to weights or to their gradient.
func (p *plainAttention) drop(weights *Node) *Node {
	if p.keep == nil {
		return weights
	}
	return p.g.m2(Mul, weights, p.keep)
}

// stack returns vectors, (batch, times, heads·size), stacked.
func (p *plainAttention) stack(x *Node, heads, size int) *Node {
	batch, times := Shape(x)[0], Shape(x)[1]
	x = p.g.Must(Transpose{Encode([]int{0, 2, 1, 3})}, p.g.Reshaped(x, []int{batch, times, heads, size}))
	return p.g.Reshaped(x, []int{batch, p.KeyHeads, heads / p.KeyHeads * times, size})
}

// unstack is the inverse of stack.
func (p *plainAttention) unstack(x *Node, heads int) *Node {
	s := Shape(x)
	times := s[1] * s[2] / heads
	x = p.g.Must(Transpose{Encode([]int{0, 2, 1, 3})}, p.g.Reshaped(x, []int{s[0], heads, times, s[3]}))
	return p.g.Reshaped(x, []int{s[0], times, heads * s[3]})
}

// outer returns a·bᵀ of stacked vectors of queries and of keys, as weights.
func (p *plainAttention) outer(a, b *Node) *Node {
	x := p.g.Must(MatMul{TB: true}, a, b)
	s := Shape(x)
	return p.g.Reshaped(x, []int{s[0], p.Heads, s[1] * s[2] / p.Heads, s[3]})
}

// stacked returns weights as a stack of matrices.
func (p *plainAttention) stacked(weights *Node) *Node {
	s := Shape(weights)
	return p.g.Reshaped(weights, []int{s[0], p.KeyHeads, p.Heads / p.KeyHeads * s[2], s[3]})
}

// rows returns weights·b, a vector for each query; b has one for each key.
func (p *plainAttention) rows(weights, b *Node) *Node {
	return p.g.Must(MatMul{}, p.stacked(weights), b)
}

// columns returns weightsᵀ·b, a vector for each key; b has one for each query.
func (p *plainAttention) columns(weights, b *Node) *Node {
	return p.g.Must(MatMul{TA: true}, p.stacked(weights), b)
}

// sum returns the sum over the keys.
func (p *plainAttention) sum(x *Node) *Node { return p.g.Reduced(x, []int{3}, false, true) }
