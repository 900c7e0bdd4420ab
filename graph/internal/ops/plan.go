package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// plan gives each op a place for its output in a Memory, which Attach provides. The ops run in their order, so plan knows when a
// value is read for the last time; its memory then goes to others. The graph's outputs keep their memory until the next run.
func (l *lowering) plan() {
	r := l.result
	values, owners := l.lifetimes()
	r.Words = arrange(values)
	for _, o := range owners {
		p := placed{op: o.op, at: values[o.value].at}
		if o.op.loop != nil {
			p.loop = values[o.loop].at
		}
		r.owners = append(r.owners, p)
	}
}

// A lifetime is a value that needs memory from op number from to op number to.
type lifetime struct {
	words, from, to int
	at              int // its place
}

// An ownerOf a value is the op whose output it is. loop is the number of the value that is the memory of the op's loop.
type ownerOf struct {
	op          *Op
	value, loop int
}

// lifetimes returns the lifetimes of the outputs of the ops that own one, and of their loops. An op that writes over an input has
// the value of that.
func (l *lowering) lifetimes() (values []lifetime, owners []ownerOf) {
	r := l.result
	last := map[*Node]int{} // number of the last op that reads the memory of this one
	for i, n := range l.nodes {
		last[n] = max(last[n], i)
		for _, in := range Of(n).In {
			last[owner(in)] = i
		}
	}
	for _, out := range r.outputs {
		last[owner(out.n)] = len(l.nodes)
	}
	number := map[*Node]int{} // of the values
	for i, n := range l.nodes {
		o := Of(n)
		if o.view || o.settled {
			continue
		}
		if in := l.overwritten(n, func(in *Node) bool { return last[in] == i }); in != nil {
			at := number[in]
			values[at].to = last[n]
			number[n], owners = at, append(owners, ownerOf{op: o, value: at})
			continue
		}
		v := lifetime{words: Words(o.size, o.DType), from: i, to: last[n]}
		if r.repeats && len(o.In) == 0 { // it runs before the others, and is read in each step
			v.from, v.to = 0, len(l.nodes)
		}
		at := len(values)
		values, number[n] = append(values, v), at
		if o.loop != nil {
			values = append(values, lifetime{words: o.loop.words(), from: v.from, to: v.from})
		}
		owners = append(owners, ownerOf{op: o, value: at, loop: at + 1})
	}
	return values, owners
}

// overwritten returns the owner of an input that an element-wise op can write its output over: nothing reads it later, it has the
// output's size, and the op reads no other part of that memory. It returns nil if there is none. The steps of a loop leave their
// values where they are.
func (l *lowering) overwritten(n *Node, ends func(*Node) bool) *Node {
	o := Of(n)
	full := func(i int) bool { return newLayout(o.InShape(i), o.Shape).full() }
	switch o.Def.(type) {
	case Chain, Normalize:
	case NormalizeChain: // the shape of the output has other dimensions
		full = func(i int) bool { return tensors.Size(o.InShape(i)) == o.size }
	case GroupNorm, GroupNormGrad: // what follows reads its inputs when the output holds the normalized values
		full = func(i int) bool {
			return tensors.Size(o.InShape(i)) == o.size && !slices.ContainsFunc(later(o), func(n *Node) bool { return owner(n) == owner(o.In[i]) })
		}
	default:
		return nil
	}
	for i, in := range o.In {
		m := owner(in)
		x := Of(m)
		if x == nil || x.settled || l.result.repeats || !ends(m) || x.size != o.size || !full(i) {
			continue
		}
		if !slices.ContainsFunc(o.In, func(other *Node) bool { return other != in && owner(other) == m }) {
			return m
		}
	}
	return nil
}

// later returns the inputs of a GroupNorm or GroupNormGrad that the functions after it read.
func later(o *Op) []*Node {
	switch d := o.Def.(type) {
	case GroupNorm:
		return o.In[len(o.In)-max(d.after.Inputs-1, 0):]
	case GroupNormGrad:
		return o.In[len(o.In)-max(d.after.Inputs-1, 0):]
	}
	return nil
}

// owner returns the node that owns the memory of n.
func owner(n *Node) *Node {
	for o := Of(n); o != nil && o.view; o = Of(n) {
		n = o.In[0]
	}
	return n
}
