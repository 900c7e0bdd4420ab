package ops

import (
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/nndiy/nndiy/internal/tensors"
)

// plan gives each op memory for its output. The tape machine runs the nodes in the reverse order of gorgonia.Sort, so plan
// knows when a value is read for the last time; its memory then goes to the next op that fits in it. The graph's outputs keep
// their memory until the next run. What plan gives are places in a Memory, which Attach provides.
func (l *Lowered) plan() error {
	order, err := gorgonia.Sort(l.G)
	if err != nil {
		return err
	}
	slices.Reverse(order)
	last := map[*Node]int{} // position of the last node that reads the memory of this one
	for i, n := range order {
		if o := Of(n); o != nil {
			for _, in := range o.In {
				last[owner(in)] = i
			}
		}
	}
	for _, n := range l.Outputs {
		last[owner(n)] = len(order)
	}
	var free freeSpans
	memory := map[*Node]*span{}
	for i, n := range order {
		o := Of(n)
		if o == nil {
			continue
		}
		if !o.view {
			s := free.take(tensors.Size(o.Shape))
			if s.n == 0 {
				s.n, s.at = tensors.Size(o.Shape), l.Words
				l.Words += Words(s.n, o.DType)
			}
			memory[n] = s
			l.owners = append(l.owners, placed{o, s.at})
		}
		for _, in := range append(slices.Clone(o.In), n) {
			in = owner(in)
			if s := memory[in]; s != nil && last[in] <= i {
				delete(memory, in)
				free = append(free, s)
			}
		}
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

// A span is memory for n elements, from a word of the Memory on.
type span struct{ n, at int }

// freeSpans are the spans that no op uses any more.
type freeSpans []*span

// take removes and returns the smallest free span that fits n elements without wasting more than half, or a new empty one.
func (f *freeSpans) take(n int) *span {
	best := -1
	for i, s := range *f {
		if s.n >= n && s.n <= 2*n+64 && (best < 0 || s.n < (*f)[best].n) {
			best = i
		}
	}
	if best < 0 {
		return &span{}
	}
	s := (*f)[best]
	*f = slices.Delete(*f, best, best+1)
	return s
}
