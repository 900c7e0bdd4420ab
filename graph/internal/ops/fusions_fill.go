package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Filled is the op of sums that a GroupNorm or its derivative computes: it only has their memory.
type Filled struct{ Def }

// Bind implements Def: there is nothing to compute.
func (Filled) Bind(*Op) Kernel {
	return Kernel{F32: func([]float32, [][]float32) {}, F64: func([]float64, [][]float64) {}}
}

// fill finds the GroupNorms and their derivatives that can compute the sums that are an input of them, group by group while the
// elements are in the first-level cache. The nodes come in the order in which they run.
func (l *lowering) fill(order []*Node) {
	if l.result.repeats {
		return
	}
	place := map[*Node]int{}
	for i, n := range order {
		place[n] = i
	}
	for _, n := range order {
		o := Of(n)
		if o == nil || l.inside[n] {
			continue
		}
		f := l.fusions[n]
		if f == nil {
			f = &fusion{def: o.Def, in: o.In}
		}
		sums, filled := filling(f)
		if sums == nil || l.fusions[sums] != nil || l.inside[sums] || l.settled[sums] != l.settled[n] {
			continue
		}
		first := l.firstReader(sums, n, f, place)
		if first < place[n] { // n can run before it if its inputs do
			if slices.ContainsFunc(f.in, func(in *Node) bool { return place[in] >= first }) {
				continue
			}
			l.earlier[order[first]] = append(l.earlier[order[first]], n)
		}
		l.fusions[n] = &fusion{def: filled, in: f.in, inside: f.inside, where: f.where}
		l.fusions[sums] = &fusion{def: Filled{Of(sums).Def}}
		for _, in := range Of(sums).In {
			if _, repeat := defOf(in).(Broadcast); repeat && l.usedOnce(in) {
				l.inside[in] = true
			}
		}
	}
}

// filling returns the sums that an op can compute, nil if there are none, and the op that does so.
func filling(f *fusion) (sums *Node, filled Def) {
	switch d := f.def.(type) {
	case GroupNorm:
		d.fills = true
		if m, ok := defOf(f.in[1]).(Moments); ok && m.Groups == d.Groups && Of(f.in[1]).In[0] == f.in[0] {
			return f.in[1], d
		}
	case GroupNormGrad:
		d.fills = true
		s, ok := defOf(f.in[4]).(Dots)
		if in := Of(f.in[4]); ok && s == (Dots{Groups: d.channels()}) && slices.Equal(in.In[:2], f.in[:2]) && isMean(in.In[2], f.in[2]) {
			return f.in[4], d
		}
	}
	return nil, nil
}

// isMean reports whether n is the mean among moments, repeated.
func isMean(n, moments *Node) bool {
	for o := Of(n); o != nil; o = Of(n) {
		switch d := o.Def.(type) {
		case Broadcast, Reshape:
		case Slice:
			return d == Slice{Axis: 0, From: 0, To: 1} && o.In[0] == moments
		default:
			return false
		}
		n = o.In[0]
	}
	return false
}

// firstReader returns the place of the first op that reads sums besides f, the op of n; it is negative if that is not known.
func (l *lowering) firstReader(sums, n *Node, f *fusion, place map[*Node]int) int {
	first := len(place)
	for _, u := range l.users[sums] {
		if u == n || slices.Contains(f.inside, u) {
			continue
		}
		view := false
		switch d := Of(u).Def.(type) {
		case Reshape:
			view = true
		case Slice:
			view = tensors.Size(Shape(sums)[:d.Axis]) == 1
		case *Scan: // it may run earlier than it comes
			return -1
		}
		if view {
			first = min(first, l.firstReader(u, n, f, place))
		} else {
			first = min(first, place[u])
		}
	}
	return first
}
