package kernels

// positions are the positions of a pooling's windows.
type positions struct {
	y, x    axis
	in, out int // elements of a plane
}

// An axis is a window with count positions. At those in [from, to) all of it is inside the image.
type axis struct {
	PoolWindow
	count, from, to int
	spans           []int // what span returns, for each position; nil if that is not known
}

func newAxis(w PoolWindow) axis {
	a := axis{PoolWindow: w, count: w.Out()}
	a.from, a.to = w.inside()
	return a
}

func (s PoolShape) positions() positions {
	in, out := s.sizes()
	return positions{newAxis(s.Y), newAxis(s.X), in, out}
}

// grain returns the number of planes in a piece of work, at least.
func (p *positions) grain() int { return max(1, 1<<14/(p.in+p.out)) }

// span returns the number of the window's elements that are inside the image at a position, and the index of the first.
func (a *axis) span(position int) (n, at int) {
	if position >= a.from && position < a.to {
		return a.Kernel, position*a.Stride - a.Before
	}
	if a.spans != nil {
		return a.spans[2*position], a.spans[2*position+1]
	}
	from, to, at := a.PoolWindow.span(position)
	return to - from, at
}

// withSpans returns p with the spans of bins, which take divisions. The caller must return them with end.
func (p *positions) withSpans() positions {
	q := *p
	for _, a := range []*axis{&q.y, &q.x} {
		if a.Bins == 0 {
			continue
		}
		spans := borrowTaps(2 * a.count)
		for o := range a.count {
			spans[2*o], spans[2*o+1] = a.span(o)
		}
		a.spans = spans
	}
	return q
}

// end returns what withSpans has borrowed.
func (p *positions) end() {
	for _, a := range []*axis{&p.y, &p.x} {
		if a.spans != nil {
			giveBackTaps(a.spans)
		}
	}
}
