package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// AttentionGrad is the derivative of an Attention by its sources: in the shape of the source if there is one, else flat, one after
// the other. Its inputs are those of the Attend, the output of that, and the gradient of the Attention.
type AttentionGrad struct{ Attend }

// String implements Def.
func (a AttentionGrad) String() string { return fmt.Sprintf("AttentionGrad%+v", a.fields()) }

// Infer implements Def.
func (a AttentionGrad) Infer(in [][]int) ([]int, error) {
	if len(in) < 3 {
		return nil, fmt.Errorf("got %d inputs, want at least 3", len(in))
	}
	if err := a.check(in[:len(in)-2]); err != nil {
		return nil, err
	}
	if a.Sources == 1 {
		return in[0], nil
	}
	n := 0
	for _, s := range in[:a.Sources] {
		n += tensors.Size(s)
	}
	return []int{n}, nil
}

// Diff implements Def: the plain form of attention, with all of its scores, has the derivatives of its derivative. With weights P
// that keep M multiplies, values V, dP = M∘(A·Vᵀ), D = Σ P∘dP and dS = P∘(dP - D), the op computes dQ = s·dS·K, dK = s·dSᵀ·Q and
// dV = (M∘P)ᵀ·A of the gradient A. X, Y and Z are the gradients of these.
func (a AttentionGrad) Diff(g *Graph, n, grad *Node) []*Node {
	in := Of(n).In
	last := len(in) - 1
	p := g.plainAttention(a.Attend, in[:last-1])
	x, y, z := a.split(g, in, grad)
	da := p.stack(in[last], a.Heads, a.ValueSize)
	x, y, z = p.stack(x, a.Heads, a.Size), p.stack(y, a.KeyHeads, a.Size), p.stack(z, a.KeyHeads, a.ValueSize)

	dp, off, ds := p.scoresGrad(da)
	u := g.mc(Scale, g.m2(Add, p.outer(x, p.k), p.outer(p.q, y)), a.Scale) // the gradient of dS
	pu := p.sum(g.m2(Mul, p.weights, u))
	c := p.drop(g.m2(Mul, p.weights, g.m2(Sub, u, pu))) // of A·Vᵀ
	r := g.m2(Add, g.m2(Sub, g.m2(Mul, u, off), g.m2(Mul, pu, dp)), p.drop(p.outer(da, z)))
	t := g.m2(Mul, p.weights, g.m2(Sub, r, p.sum(g.m2(Mul, p.weights, r)))) // of the scores

	dq := g.mc(Scale, g.m2(Add, p.rows(ds, y), p.rows(t, p.k)), a.Scale)
	dk := g.mc(Scale, g.m2(Add, p.columns(ds, x), p.columns(t, p.q)), a.Scale)
	dv := p.columns(c, da)
	out := make([]*Node, len(in))
	copy(out, a.join(g, p.unstack(dq, a.Heads), p.unstack(dk, a.KeyHeads), p.unstack(dv, a.KeyHeads)))
	out[last] = p.unstack(g.m2(Add, p.rows(p.drop(p.weights), z), p.rows(c, p.v)), a.Heads)
	return out
}

// scoresGrad returns dP, dP - D and dS for the stacked gradient of the output.
func (p *plainAttention) scoresGrad(da *Node) (dp, off, ds *Node) {
	dp = p.drop(p.outer(da, p.v))
	off = p.g.m2(Sub, dp, p.sum(p.g.m2(Mul, p.weights, dp)))
	return dp, off, p.g.m2(Mul, p.weights, off)
}

// plain adds the plain form of the op.
func (a AttentionGrad) plain(g *Graph, in []*Node) *Node {
	last := len(in) - 1
	p := g.plainAttention(a.Attend, in[:last-1])
	da := p.stack(in[last], a.Heads, a.ValueSize)
	_, _, ds := p.scoresGrad(da)
	ds = g.mc(Scale, ds, a.Scale)
	grads := a.join(g, p.unstack(p.rows(ds, p.k), a.Heads), p.unstack(p.columns(ds, p.q), a.KeyHeads), p.unstack(p.columns(p.drop(p.weights), da), a.KeyHeads))
	if a.Sources == 1 {
		return grads[0]
	}
	for i, x := range grads {
		grads[i] = g.Reshaped(x, []int{tensors.Size(Shape(x))})
	}
	return g.Must(Concat{Axis: 0}, grads...)
}

// split returns the gradients of dQ, dK and dV among grad, the gradient of the op with the given inputs.
func (a AttentionGrad) split(g *Graph, in []*Node, grad *Node) (q, k, v *Node) {
	parts := []*Node{grad}
	if a.Sources > 1 {
		parts = nil
		at := 0
		for _, x := range in[:a.Sources] {
			size := tensors.Size(Shape(x))
			parts = append(parts, g.Reshaped(g.Must(Slice{Axis: 0, From: at, To: at + size}, grad), Shape(x)))
			at += size
		}
	}
	return a.parts(g, parts)
}

// join returns the gradients of the sources from those of the queries, keys and values.
func (a AttentionGrad) join(g *Graph, q, k, v *Node) []*Node {
	switch a.Sources {
	case 1:
		return []*Node{g.Must(Concat{Axis: 2}, q, k, v)}
	case 2:
		return []*Node{q, g.Must(Concat{Axis: 2}, k, v)}
	}
	return []*Node{q, k, v}
}

// Bind implements Def.
func (a AttentionGrad) Bind(o *Op) Kernel {
	return Kernel{F32: bindAttentionGrad[float32](a.Attend, o), F64: bindAttentionGrad[float64](a.Attend, o)}
}

func bindAttentionGrad[T kernels.Float](a Attend, o *Op) func(out []T, in [][]T) {
	shapes := inShapes(o)
	results := tensors.Size(shapes[len(shapes)-1])
	k, grads := new(kernels.Attention[T]), make([][]T, a.Sources)
	return func(out []T, in [][]T) {
		*k = attention[T](a, shapes, o.env)
		at := 0
		for i := range grads {
			size := tensors.Size(shapes[i])
			grads[i] = out[at : at+size]
			at += size
		}
		flat, dout := in[len(in)-2], in[len(in)-1]
		y, dy := kernels.Vectors[T]{Data: flat[:results], Stride: a.Heads * a.ValueSize}, kernels.Vectors[T]{Data: dout, Stride: a.Heads * a.ValueSize}
		q, keys, values := attentionParts(a, in)
		dq, dk, dv := attentionParts(a, grads)
		k.Backward(o.env.Pool, dq, dk, dv, dy, y, flat[results:], q, keys, values, attentionMask(a, in))
	}
}
