package kernels

// plain tells whether all windows lie inside, without gaps.
func (w Window) plain() bool { return w.Before == 0 && w.After == 0 && w.Dilation == 1 }

// places are the places of a pooling's windows, with what is known of them before it begins.
type places struct {
	y, x    axis
	in, out int // elements of a plane
}

// An axis is a window with its places, so many, of which it lies inside at [from, to) with all its elements.
type axis struct {
	Window
	count, from, to int
}

func newAxis(w Window) axis {
	a := axis{Window: w, count: w.Out()}
	a.from, a.to = w.inside()
	return a
}

func (s PoolShape) places() places {
	in, out := s.sizes()
	return places{newAxis(s.Y), newAxis(s.X), in, out}
}

// grain is how many planes are worth another worker.
func (p *places) grain() int { return max(1, 1<<14/(p.in+p.out)) }

// span returns how many of the window's elements lie inside at a place, and where they begin.
func (a *axis) span(place int) (n, at int) {
	if place >= a.from && place < a.to {
		return a.Kernel, place*a.Stride - a.Before
	}
	from, to, at := a.Window.span(place)
	return to - from, at
}
