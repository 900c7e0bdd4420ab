package kernels

import "fmt"

// A Window describes how a window moves along one spatial dimension of an image: over In elements, with Before and After
// zeros around them, by Stride elements at a time. It covers Kernel elements, Dilation apart.
type Window struct{ In, Kernel, Stride, Dilation, Before, After int }

// Extent returns the number of elements that the window spans, both ends included.
func (w Window) Extent() int { return w.Dilation*(w.Kernel-1) + 1 }

// Out returns the number of positions of the window.
func (w Window) Out() int { return (w.In+w.Before+w.After-w.Extent())/w.Stride + 1 }

// Check returns an error unless the window has at least one position.
func (w Window) Check() error {
	switch {
	case w.In < 1 || w.Kernel < 1 || w.Stride < 1 || w.Dilation < 1:
		return fmt.Errorf("got %d elements, kernel %d, stride %d, dilation %d, want 1 or more", w.In, w.Kernel, w.Stride, w.Dilation)
	case w.Before < 0 || w.After < 0:
		return fmt.Errorf("got padding %d, %d, want 0 or more", w.Before, w.After)
	case w.In+w.Before+w.After < w.Extent():
		return fmt.Errorf("got %d elements with padding %d, %d, want at least the %d that the window spans", w.In, w.Before, w.After, w.Extent())
	}
	return nil
}

// offsets returns where the window's elements are, relative to the position times Stride.
func (w Window) offsets() []int { return knownOffsets.get(w) }

var knownOffsets = memo[Window, []int]{compute: newOffsets}

func newOffsets(w Window) []int {
	list := make([]int, w.Kernel)
	for i := range list {
		list[i] = i*w.Dilation - w.Before
	}
	return list
}

// span returns which of the window's elements are inside the image at position o, [from, to), and the index at of the
// first.
func (w Window) span(o int) (from, to, at int) {
	at = o*w.Stride - w.Before
	if at < 0 {
		from = min(w.Kernel, (-at+w.Dilation-1)/w.Dilation)
	}
	to = max(from, min(w.Kernel, (w.In-at+w.Dilation-1)/w.Dilation))
	return from, to, at + from*w.Dilation
}

// inside returns the positions [from, to) at which the whole window is inside the image.
func (w Window) inside() (from, to int) {
	from = min((w.Before+w.Stride-1)/w.Stride, w.Out())
	if last := w.In + w.Before - w.Extent(); last >= 0 {
		to = min(last/w.Stride+1, w.Out())
	}
	return from, max(from, to)
}

// plain reports whether all windows are inside the image and have no gaps.
func (w Window) plain() bool { return w.Before == 0 && w.After == 0 && w.Dilation == 1 }

// Tiles reports whether each element belongs to exactly one position of the window.
func (w Window) Tiles() bool { return w.plain() && w.Stride == w.Kernel && w.In%w.Kernel == 0 }
