package kernels

// plain tells whether all windows lie inside, without gaps.
func (w Window) plain() bool { return w.Before == 0 && w.After == 0 && w.Dilation == 1 }

// positions are the positions of a pooling's windows, with what is known of them before it begins.
type positions struct {
	y, x    axis
	in, out int // elements of a plane
}

// An axis is a window with its positions, so many, of which it lies inside at [from, to) with all its elements.
type axis struct {
	Window
	count, from, to int
}

func newAxis(w Window) axis {
	a := axis{Window: w, count: w.Out()}
	a.from, a.to = w.inside()
	return a
}

func (s PoolShape) positions() positions {
	in, out := s.sizes()
	return positions{newAxis(s.Y), newAxis(s.X), in, out}
}

// grain is how many planes are worth another worker.
func (p *positions) grain() int { return max(1, 1<<14/(p.in+p.out)) }

// span returns how many of the window's elements lie inside at a position, and where they begin.
func (a *axis) span(position int) (n, at int) {
	if position >= a.from && position < a.to {
		return a.Kernel, position*a.Stride - a.Before
	}
	from, to, at := a.Window.span(position)
	return to - from, at
}
