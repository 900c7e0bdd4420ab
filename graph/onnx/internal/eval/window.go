package eval

import "slices"

// A window describes how a window moves along the spatial axes of (batch, channels, ...).
type window struct {
	in, out, size, stride, dilation, before, after []int
}

// window returns the window of the node over x's spatial axes, which must not be changed: the node keeps it for the next run.
func (c *call) window(x *Tensor, size []int) *window {
	n := len(x.Shape) - 2
	if n < 1 {
		c.fail("got shape %v, want (batch, channels, ...)", x.Shape)
	}
	w := c.node.window.Load()
	if w == nil || !slices.Equal(w.in, x.Shape[2:]) || size != nil && !slices.Equal(w.size, size) {
		w = c.newWindow(x, n, size)
		c.node.window.Store(w)
	}
	return w
}

func (c *call) newWindow(x *Tensor, n int, size []int) *window {
	k := c.ints("kernel_shape")
	if size == nil {
		size = k
	}
	c.want(len(size) == n && (k == nil || slices.Equal(k, size)), "attribute kernel_shape: got %v, want the sizes of %d axes", k, n)
	w := &window{in: slices.Clone(x.Shape[2:]), size: slices.Clone(size), stride: c.each("strides", n, 1, 1), dilation: c.each("dilations", n, 1, 1), out: make([]int, n)}
	pads := c.each("pads", 2*n, 0, 0)
	w.before, w.after = pads[:n:n], pads[n:]
	mode := c.str("auto_pad", "NOTSET")
	c.want(slices.Contains([]string{"", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"}, mode), "attribute auto_pad: got %.16q, want NOTSET, VALID, SAME_UPPER or SAME_LOWER", mode)
	for i, d := range w.in {
		c.want(size[i] >= 1 && size[i] <= maxExtent/w.dilation[i], "got a window of %d elements, %d apart, want 1 or more and at most %d in all", size[i], w.dilation[i], maxExtent)
		extent := w.dilation[i]*(size[i]-1) + 1
		switch mode {
		case "VALID":
			w.before[i], w.after[i] = 0, 0
		case "SAME_UPPER", "SAME_LOWER":
			all := max(0, ((d+w.stride[i]-1)/w.stride[i]-1)*w.stride[i]+extent-d)
			if w.before[i], w.after[i] = all/2, all-all/2; mode == "SAME_LOWER" {
				w.before[i], w.after[i] = w.after[i], w.before[i]
			}
		}
		rest := d + w.before[i] + w.after[i] - extent
		c.want(rest >= 0, "got %d elements with padding %d and %d, want at least the %d that the window spans", d, w.before[i], w.after[i], extent)
		w.out[i] = rest/w.stride[i] + 1
		if c.flag("ceil_mode") && rest%w.stride[i] != 0 && w.out[i]*w.stride[i] < d+w.before[i] { // none begins in the padding behind
			w.out[i]++
		}
	}
	return w
}

// maxExtent is the largest span of a window, a stride or a padding.
const maxExtent = 1 << 24

// each returns an attribute that is a list of n numbers, each at least least; if it is not there, n times otherwise.
func (c *call) each(name string, n, least, otherwise int) []int {
	list := c.ints(name)
	if list == nil {
		return slices.Repeat([]int{otherwise}, n)
	}
	c.want(len(list) == n && slices.Min(list) >= least && slices.Max(list) <= maxExtent, "attribute %s: got %v, want %d numbers of %d or more", name, list, n, least)
	return slices.Clone(list)
}

// taps lists the elements that the window covers: those of output o are at[from[o]:from[o+1]], positions in the input's axes, with
// the window's own elements in kernel. counts is the number of elements in the input and its padding.
type taps struct {
	from, at, kernel, counts []int
}

// taps returns the elements that each position of the window covers.
func (c *call) taps(w *window) *taps {
	n := len(w.in)
	t := &taps{from: c.index(sizeOf(w.out) + 1)}
	c.shape(sizeOf(w.out), sizeOf(w.size), 3)
	by := strides(w.in)
	pos, k := make([]int, n), make([]int, n)
	for o := range sizeOf(w.out) {
		counted := 0
		for i := range sizeOf(w.size) {
			inside, padded, at := true, true, 0
			for d := range n {
				p := pos[d]*w.stride[d] + k[d]*w.dilation[d] - w.before[d]
				inside = inside && p >= 0 && p < w.in[d]
				padded = padded && p < w.in[d]+w.after[d]
				at += p * by[d]
			}
			if inside {
				t.at, t.kernel = append(t.at, at), append(t.kernel, i)
			}
			if padded {
				counted++
			}
			advance(k, w.size)
		}
		t.from[o+1] = len(t.at)
		t.counts = append(t.counts, counted)
		advance(pos, w.out)
	}
	return t
}

// advance moves to the next position in row-major order, and from the last to the first.
func advance(pos, shape []int) {
	for k := len(shape) - 1; k >= 0; k-- {
		if pos[k]++; pos[k] < shape[k] {
			return
		}
		pos[k] = 0
	}
}
