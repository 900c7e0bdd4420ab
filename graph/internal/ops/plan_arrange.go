package ops

import (
	"cmp"
	"slices"
)

// fewValues is the number of values up to which arrange also tries what takes time in the square of them.
const fewValues = 512

// arrange gives values their places, so that two of them share memory only if their lifetimes do not meet, and returns the words
// of all.
func arrange(values []lifetime) (words int) {
	words = inOrder(values)
	if len(values) <= fewValues {
		other := slices.Clone(values)
		if n := bySize(other); n < words {
			copy(values, other)
			words = n
		}
	}
	return words
}

// bySize places the largest values first, each at the first place where all that are alive with it leave room.
func bySize(values []lifetime) (words int) {
	order := make([]*lifetime, len(values))
	for i := range values {
		order[i] = &values[i]
	}
	slices.SortStableFunc(order, func(a, b *lifetime) int { return cmp.Compare(b.words, a.words) })
	var below []*lifetime // those placed, in the order of their places
	for _, v := range order {
		v.at = 0
		for _, p := range below {
			if p.from > v.to || p.to < v.from {
				continue
			}
			if p.at >= v.at+v.words {
				break
			}
			v.at = max(v.at, p.at+p.words)
		}
		i, _ := slices.BinarySearchFunc(below, v.at, func(p *lifetime, at int) int { return cmp.Compare(p.at, at) })
		below = slices.Insert(below, i, v)
		words = max(words, v.at+v.words)
	}
	return words
}

// inOrder places values in the order in which their lifetimes begin, each in the smallest free span that is large enough.
func inOrder(values []lifetime) (words int) {
	var free freeSpans
	ends := map[int][]*lifetime{} // the values that are alive, by the ends of their lifetimes
	now := 0
	order := make([]*lifetime, len(values))
	for i := range values {
		order[i] = &values[i]
	}
	slices.SortStableFunc(order, func(a, b *lifetime) int { return cmp.Compare(a.from, b.from) })
	for _, v := range order {
		for ; now < v.from; now++ {
			for _, old := range ends[now] {
				free.put(span{old.at, old.words})
			}
			delete(ends, now)
		}
		v.at = free.take(v.words, &words).at
		ends[v.to] = append(ends[v.to], v)
	}
	return words
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
