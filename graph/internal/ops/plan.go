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
	memory := map[*Node]span{}
	for i, n := range l.nodes {
		o := Of(n)
		if !o.view {
			at := span{r.Words, Words(o.size, o.DType)}
			if r.repeats && len(o.In) == 0 { // it runs before the others, so its memory is its own
				r.Words += at.n
			} else {
				at = free.take(at.n, &r.Words)
			}
			memory[n] = at
			p := placed{op: o, at: at.at}
			if o.loop != nil {
				s := free.take(o.loop.words(), &r.Words)
				p.loop = s.at
				free.put(s)
			}
			r.owners = append(r.owners, p)
		}
		for _, in := range append(slices.Clone(o.In), n) {
			in = owner(in)
			if s, ok := memory[in]; ok && last[in] <= i {
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

// A span is n words of the Memory.
type span struct{ at, n int }

func (s span) end() int { return s.at + s.n }

// freeSpans are the spans that no op uses any more, in their order in the Memory, with something between any two.
type freeSpans []span

// put adds a span.
func (f *freeSpans) put(s span) {
	if s.n == 0 {
		return
	}
	i, _ := slices.BinarySearchFunc(*f, s.at, func(s span, at int) int { return cmp.Compare(s.at, at) })
	from, to := i, i
	if i > 0 && (*f)[i-1].end() == s.at {
		from--
		s = span{(*f)[from].at, (*f)[from].n + s.n}
	}
	if i < len(*f) && s.end() == (*f)[i].at {
		s.n += (*f)[i].n
		to++
	}
	*f = slices.Replace(*f, from, to, s)
}

// take removes n words from the smallest span that has them, or from the end of the Memory, whose size is words.
func (f *freeSpans) take(n int, words *int) span {
	best := -1
	for i, s := range *f {
		if s.n >= n && (best < 0 || s.n < (*f)[best].n) {
			best = i
		}
	}
	if k := len(*f) - 1; best < 0 && k >= 0 && (*f)[k].end() == *words {
		best = k
		*words = (*f)[k].at + n
		(*f)[k].n = n
	}
	if best < 0 {
		*words += n
		return span{*words - n, n}
	}
	s := &(*f)[best]
	taken := span{s.at, n}
	if *s = (span{s.at + n, s.n - n}); s.n == 0 {
		*f = slices.Delete(*f, best, best+1)
	}
	return taken
}
