package kernels

import "fmt"

// A PoolWindow is the window of a pooling along one spatial dimension.
type PoolWindow struct {
	Window
	Bins int // if set, there are so many windows, and each is a bin; Kernel, Stride and Dilation must be 1 and the padding 0
	Over int // elements behind the padding that the last window may reach; unlike padding they do not count in an average
}

// Ceil returns w with as many positions as a division by Stride that is rounded up gives, without one that begins after the
// elements and the padding before them (PyTorch's ceil_mode).
func (w PoolWindow) Ceil() PoolWindow {
	rest := w.In + w.Before + w.After - w.Extent()
	if rest <= 0 || rest%w.Stride == 0 {
		return w
	}
	if up := (rest/w.Stride + 1) * w.Stride; up < w.In+w.Before {
		w.Over = up - rest
	}
	return w
}

// Out returns the number of positions of the window.
func (w PoolWindow) Out() int {
	if w.Bins > 0 {
		return w.Bins
	}
	w.After += w.Over
	return w.Window.Out()
}

// Check returns an error unless the window has at least one position.
func (w PoolWindow) Check() error {
	if w.Bins > 0 && w.Window != (Window{In: max(w.In, 1), Kernel: 1, Stride: 1, Dilation: 1}) || w.Bins < 0 || w.Over < 0 {
		return fmt.Errorf("got %d bins and a window %v that reaches %d too far, want only bins or only a window", w.Bins, w.Window, w.Over)
	}
	return w.Window.Check()
}

// Empty returns the first position at which the window has no element of the image, -1 if there is none. Padding that is less than the
// window spans leaves an element in each, unless the distance between two elements is larger than the image.
func (w PoolWindow) Empty() int {
	if w.Dilation <= w.In {
		return -1
	}
	for o := range w.Out() {
		if from, to, _ := w.span(o); from >= to {
			return o
		}
	}
	return -1
}

// span is Window.span. Bin o has the elements from o·In/Bins, rounded down, to (o+1)·In/Bins, rounded up (PyTorch's adaptive
// pooling).
func (w PoolWindow) span(o int) (from, to, at int) {
	if w.Bins > 0 {
		at = o * w.In / w.Bins
		return 0, ((o+1)*w.In+w.Bins-1)/w.Bins - at, at
	}
	return w.Window.span(o)
}

// Span returns the elements [from, to) that a window covers at position o, without those in the padding. It is for windows
// without dilation.
func (w PoolWindow) Span(o int) (from, to int) {
	first, last, at := w.span(o)
	return at, at + last - first
}

// Counted returns how many of a window's elements an average counts at position o: those inside the image, and with padded
// those in its padding.
func (w PoolWindow) Counted(o int, padded bool) int {
	from, to, _ := w.span(o)
	if padded {
		return w.padded(o, to-from)
	}
	return to - from
}

// padded returns the number of the window's elements at position o, of which n are inside the image, that are inside the
// image or its padding.
func (w PoolWindow) padded(o, n int) int {
	if w.Bins > 0 {
		return n
	}
	return min(w.Kernel, (w.In+w.After-o*w.Stride+w.Before+w.Dilation-1)/w.Dilation)
}

// inside is Window.inside. No bin counts as inside, since their sizes differ.
func (w PoolWindow) inside() (from, to int) {
	if w.Bins > 0 {
		return 0, 0
	}
	w.After += w.Over
	return w.Window.inside()
}

// plain is Window.plain.
func (w PoolWindow) plain() bool { return w.Window.plain() && w.Bins == 0 && w.Over == 0 }

// Tiles is Window.Tiles.
func (w PoolWindow) Tiles() bool { return w.plain() && w.Window.Tiles() }
