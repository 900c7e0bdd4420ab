package ops

// plan gives each op a place for its output in a Memory, which Attach provides. The ops run in their order, so plan knows when a
// value is read for the last time; its memory then goes to others. The graph's outputs keep their memory until the next run.
func (l *lowering) plan() {
	r := l.result
	values, owners := l.lifetimes()
	r.Words = arrange(values)
	at := 0
	for _, o := range owners {
		p := placed{op: o, at: values[at].at}
		at++
		if o.loop != nil {
			p.loop = values[at].at
			at++
		}
		r.owners = append(r.owners, p)
	}
}

// A lifetime is a value that needs memory from op number from to op number to.
type lifetime struct {
	words, from, to int
	at              int // its place
}

// lifetimes returns the lifetimes of the outputs of the ops that own one, each followed by that of the op's loop, if it has one.
func (l *lowering) lifetimes() (values []lifetime, owners []*Op) {
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
	for i, n := range l.nodes {
		o := Of(n)
		if o.view || o.settled {
			continue
		}
		v := lifetime{words: Words(o.size, o.DType), from: i, to: last[n]}
		if r.repeats && len(o.In) == 0 { // it runs before the others, and is read in each step
			v.from, v.to = 0, len(l.nodes)
		}
		values, owners = append(values, v), append(owners, o)
		if o.loop != nil {
			values = append(values, lifetime{words: o.loop.words(), from: v.from, to: v.from})
		}
	}
	return values, owners
}

// owner returns the node that owns the memory of n.
func owner(n *Node) *Node {
	for o := Of(n); o != nil && o.view; o = Of(n) {
		n = o.In[0]
	}
	return n
}
