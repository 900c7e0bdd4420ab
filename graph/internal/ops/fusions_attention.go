package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

// An Attended is an Attend whose other numbers nothing needs. Its output is the results, (batch, queries, Heads, ValueSize). Lower makes
// it from products and a softmax.
type Attended struct{ Attend }

// String implements Def.
func (a Attended) String() string { return a.Attend.String() }

// Bind implements Def.
func (a Attended) Bind(o *Op) Kernel {
	return Kernel{F32: bindAttended[float32](a, o), F64: bindAttended[float64](a, o)}
}

func bindAttended[T kernels.Float](a Attended, o *Op) func(out []T, in [][]T) {
	shapes := inShapes(o)
	for i, s := range shapes { // the heads apart or side by side
		shapes[i] = []int{s[0], s[1], sizeOf(o.In[i]) / max(s[0]*s[1], 1)}
	}
	k := new(kernels.Attention[T])
	stats := make([]T, a.stats(shapes))
	return func(out []T, in [][]T) {
		*k = attention[T](a.Attend, shapes, o.env)
		q, keys, values := attentionParts(a.Attend, in)
		k.Forward(o.env.Pool, kernels.Vectors[T]{Data: out, Stride: a.Heads * a.ValueSize}, stats, q, keys, values, nil)
	}
}

// attention matches softmax(c·Q·Kᵀ)·V with the heads brought back behind the queries, when nothing else uses what is inside, as in
// inference.
func (l *lowering) attention(n *Node) *fusion {
	f := fusion{where: Of(n).Where}
	if !l.swapsHeads(n) {
		return nil
	}
	weighted := l.only(&f, Of(n).In[0])
	if weighted == nil || weighted.Def != (MatMul{}) {
		return nil
	}
	weights := l.only(&f, weighted.In[0])
	if weights == nil || weights.Def != (Softmax{}) {
		return nil
	}
	scores, scale := weights.In[0], 1.0
	for {
		in, c, ok := factor(scores)
		if !ok {
			break
		}
		if l.only(&f, scores) == nil {
			return nil
		}
		scores, scale = in, scale*c
	}
	product := l.only(&f, scores)
	if product == nil || product.Def != (MatMul{TB: true}) {
		return nil
	}
	parts := []*Node{product.In[0], product.In[1], weighted.In[1]}
	for i, p := range parts {
		if o := l.only(&f, p); o == nil || !l.swapsHeads(p) {
			return nil
		} else if parts[i] = o.In[0]; l.usedOnce(parts[i]) {
			if flat := unshaped(parts[i]); flat != parts[i] && len(Shape(flat)) == 3 && slices.Equal(Shape(flat)[:2], Shape(parts[i])[:2]) {
				f.inside = append(f.inside, parts[i])
				parts[i] = flat
			}
		}
	}
	q, v := Shape(product.In[0]), Shape(weighted.In[1])
	a := Attend{Heads: q[1], KeyHeads: q[1], Size: q[3], ValueSize: v[3], Scale: scale, Sources: 3}
	if q[1] < 1 || q[3] < 1 || v[3] < 1 {
		return nil
	}
	f.in = parts
	if slices.ContainsFunc(parts, func(p *Node) bool { return len(Shape(p)) != 3 || !l.usedOnce(p) }) {
		f.def = Attended{a}
		return &f
	}
	if x := sideBySide(parts...); x != nil {
		f.inside = append(f.inside, parts...)
		f.in, a.Sources = []*Node{x}, 1
	}
	f.def = Attended{a}
	return &f
}

// takes reports whether only one node needs n, which the fusion then computes inside.
func (l *lowering) takes(f *fusion, n *Node) bool {
	f.inside = append(f.inside, n)
	return l.usedOnce(n)
}

// only returns the op of a node that the fusion takes, nil if it cannot.
func (l *lowering) only(f *fusion, n *Node) *Op {
	if !l.takes(f, n) {
		return nil
	}
	return Of(n)
}

// swapsHeads reports whether n exchanges the second and the third of four dimensions.
func (l *lowering) swapsHeads(n *Node) bool {
	o := Of(n)
	return o != nil && o.Def == Transpose{Encode([]int{0, 2, 1, 3})}
}

// factor returns the input of a node that multiplies it by a number, and the number.
func factor(n *Node) (in *Node, c float64, ok bool) {
	o := Of(n)
	if o == nil {
		return nil, 0, false
	}
	m, ok := o.Def.(Map)
	switch {
	case !ok:
	case m.Code == Scale:
		return o.In[0], m.A, true
	case m.Code == Mul || m.Code == Div:
		if c, ok := number(o.In[1]); ok && slices.Equal(Shape(o.In[0]), o.Shape) {
			if m.Code == Div {
				c = 1 / c
			}
			return o.In[0], c, true
		}
	}
	return nil, 0, false
}

// number returns the value of a constant of one element.
func number(n *Node) (float64, bool) {
	if c, ok := constant(n); ok {
		return c, true
	}
	if o := Of(n); o != nil {
		if c, ok := o.Def.(*Constant); ok && len(c.values) == 1 {
			return c.values[0], true
		}
	}
	return 0, false
}
