package ops

import (
	"cmp"
	"slices"
)

// plan gives each op a place for its output in a Memory, which Attach provides. The ops run in their order, so plan knows when a
// value is read for the last time; its memory then goes to the next op that fits in it. The graph's outputs keep their memory
// until the next run.
func (l *lowering) plan() {
	r := l.result
	last := map[*Node]int{} // number of the last op that reads the memory of this one
	for i, n := range l.nodes {
		for _, in := range Of(n).In {
			last[owner(in)] = i
		}
	}
	for _, n := range l.nodes {
		if r.repeats && len(Of(n).In) == 0 {
			last[n] = len(l.nodes)
		}
	}
	for _, out := range r.outputs {
		last[owner(out.n)] = len(l.nodes)
	}
	var free freeSpans
	memory := map[*Node]*span{}
	for i, n := range l.nodes {
		o := Of(n)
		if !o.view {
			once := r.repeats && len(o.In) == 0 // it runs before the others, so its memory is its own
			place := func(size int) *span {
				s := new(span)
				if !once {
					s = free.take(size)
				}
				if s.n == 0 {
					s.n, s.at = size, r.Words
					r.Words += Words(s.n, o.DType)
				}
				return s
			}
			memory[n] = place(o.size)
			p := placed{op: o, at: memory[n].at}
			if o.loop != nil {
				s := place(o.loop.words() * 8 / int(o.DType.Size()))
				p.loop = s.at
				free.put(s)
			}
			r.owners = append(r.owners, p)
		}
		for _, in := range append(slices.Clone(o.In), n) {
			in = owner(in)
			if s := memory[in]; s != nil && last[in] <= i {
				delete(memory, in)
				free.put(s)
			}
		}
	}
}

// owner returns the node that owns the memory of n.
func owner(n *Node) *Node {
	for o := Of(n); o != nil && o.view; o = Of(n) {
		n = o.In[0]
	}
	return n
}

// A span is memory for n elements, from a word of the Memory on.
type span struct{ n, at int }

// freeSpans are the spans that no op uses any more, the smallest first.
type freeSpans []*span

func compareSpan(s *span, n int) int { return cmp.Compare(s.n, n) }

// put adds a span.
func (f *freeSpans) put(s *span) {
	i, _ := slices.BinarySearchFunc(*f, s.n+1, compareSpan) // after those of the same size
	*f = slices.Insert(*f, i, s)
}

// take removes and returns the smallest free span that fits n elements without wasting more than half, or a new empty one.
func (f *freeSpans) take(n int) *span {
	i, _ := slices.BinarySearchFunc(*f, n, compareSpan)
	if i == len(*f) || (*f)[i].n > 2*n+64 {
		return &span{}
	}
	s := (*f)[i]
	*f = slices.Delete(*f, i, i+1)
	return s
}
