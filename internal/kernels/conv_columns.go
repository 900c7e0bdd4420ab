package kernels

import "slices"

// columns hold, for some channels of an image and an area of a grid, the elements that each tap meets, pixel by pixel
// without gaps. Those of tap k begin taps[k] bytes after the start of data. The taps of one column of the kernel share
// their lines, which takes much less memory than a row for each tap. Where the elements of the image already lie like this,
// data is the image itself.
type columns[T Float] struct {
	grid        *grid
	area        area
	rows        []int // of the image, that the lines of one channel and kernel column come from
	first       []int // for each dy, the line of the first row of the area
	data        []T
	taps        []int
	tapChannels int // number of channels that taps is valid for
	store       []T
}

// borrowColumns returns columns without an area. The caller must free them.
func borrowColumns[T Float](g *grid) *columns[T] {
	c, ok := scratchOf[T]().columns.pop()
	if !ok {
		c = new(columns[T])
	}
	c.grid, c.area, c.tapChannels = g, area{}, 0
	return c
}

// free returns c for reuse; it drops the caller's slices.
func (c *columns[T]) free() {
	giveBack(c.store)
	c.grid, c.data, c.store = nil, nil, nil
	scratchOf[T]().columns.push(c)
}

// setArea sets the area. Rows that are a stride apart in the image become neighbours.
func (c *columns[T]) setArea(at area) {
	if at == c.area {
		return
	}
	c.tapChannels = 0
	g := c.grid
	c.area, c.rows, c.first = at, c.rows[:0], slices.Grow(c.first[:0], len(g.dy))[:len(g.dy)]
	for phase := range g.strideY {
		lo, hi, base := 0, -1, len(c.rows)
		for i, d := range g.dy {
			if q, r := floorDiv(d, g.strideY); r == phase {
				if hi < lo {
					lo, hi = q, q
				}
				lo, hi = min(lo, q), max(hi, q)
				c.first[i] = q
			}
		}
		for i, d := range g.dy {
			if _, r := floorDiv(d, g.strideY); r == phase {
				c.first[i] += base - lo
			}
		}
		for q := lo; q <= hi+at.y1-at.y0-1 && lo <= hi; q++ {
			c.rows = append(c.rows, (at.y0+q)*g.strideY+phase)
		}
	}
}

// floorDiv returns a/b, rounded down, and the remainder, which is never negative.
func floorDiv(a, b int) (q, r int) {
	q, r = a/b, a%b
	if r < 0 {
		q, r = q-1, r+b
	}
	return q, r
}

// load loads the channels [lo, hi) of an image and sets the taps.
func (c *columns[T]) load(image []T, lo, hi int) {
	g, size := c.grid, sizeof[T]()
	plane, width := g.height*g.width, c.area.x1-c.area.x0
	image = image[lo*plane : hi*plane]
	in, lines := c.inPlace(), len(c.rows)*width
	if c.tapChannels != hi-lo {
		c.tapChannels = hi - lo
		c.taps = c.taps[:0]
		for ch := range hi - lo {
			for _, l := range c.first {
				for j, dx := range g.dx {
					tap := (ch*len(g.dx)+j)*lines + l*width
					if in {
						tap = ch*plane + c.rows[l]*g.width + c.area.x0 + dx
					}
					c.taps = append(c.taps, tap*size)
				}
			}
		}
	}
	if c.data = image; in {
		return
	}
	if n := (hi - lo) * len(g.dx) * lines; cap(c.store) < n {
		giveBack(c.store)
		c.store = borrow[T](n)
	}
	c.data = c.store[:(hi-lo)*len(g.dx)*lines]
	if c.area.pixels() == g.rows*g.cols && g.everySecondPixel() {
		takePixels(g, c.data, image)
		return
	}
	for ch := range hi - lo {
		for j, dx := range g.dx {
			c.fill(c.data[(ch*len(g.dx)+j)*lines:][:lines], image[ch*plane:(ch+1)*plane], dx)
		}
	}
}

// inPlace reports whether the image itself can be the columns: all elements are inside it and without gaps.
func (c *columns[T]) inPlace() bool {
	g := c.grid
	if len(g.dx) == 0 || len(c.rows) == 0 || g.strideX != 1 {
		return false
	}
	left, right := slices.Min(g.dx), slices.Max(g.dx)
	if c.area.y1-c.area.y0 > 1 && (g.strideY != 1 || g.cols != g.width || left != right) {
		return false
	}
	return slices.Min(c.rows) >= 0 && slices.Max(c.rows) < g.height && c.area.x0+left >= 0 && c.area.x1+right <= g.width
}

// fill writes the lines of one column of the kernel.
func (c *columns[T]) fill(dst, plane []T, dx int) {
	g, width := c.grid, c.area.x1-c.area.x0
	if g.strideX == 1 && g.strideY == 1 && width == g.width && c.area.x0 == 0 { // all rows at once
		lo, hi := max(0, -c.rows[0]), min(len(c.rows), g.height-c.rows[0])
		lo, hi = min(lo, len(c.rows)), max(hi, min(lo, len(c.rows)))
		clear(dst[:lo*width])
		clear(dst[hi*width:])
		if lo < hi {
			at := c.rows[lo] * width
			shiftLines(dst[lo*width:hi*width], plane[at:at+(hi-lo)*width], width, dx)
		}
		return
	}
	x := c.area.x0*g.strideX + dx
	from, to := inside(x, g.strideX, width, g.width)
	pairs := g.strideX == 2 && g.strideY == 2 && len(g.dy) == 1 && x == 0 && 2*width == g.width
	for i, n := 0, 0; i < len(c.rows); i += n {
		r := c.rows[i]
		n = 1
		switch {
		case r < 0 || r >= g.height || from == to:
			clear(dst[i*width:][:width])
		case pairs && i+1 < len(c.rows) && r+2 <= g.height:
			// The line between two is read, too, and written over by the next: memory is read ahead only where it is read without gaps.
			takeSecond(dst[i*width:][:2*width], plane[r*g.width:][:2*g.width])
		default:
			for i+n < len(c.rows) && c.rows[i+n] == r+n*g.strideY && c.rows[i+n] < g.height {
				n++
			}
			copyInside(dst[i*width:][:n*width], plane[r*g.width+x+from*g.strideX:(r+(n-1)*g.strideY+1)*g.width], n, from, to, g.strideX, g.strideY*g.width)
		}
	}
}

// shiftLines sets each line of dst to that of src shifted by dx, with 0 where there is no element.
func shiftLines[T Float](dst, src []T, width, dx int) {
	switch {
	case dx >= width || dx <= -width:
		clear(dst)
	case dx >= 0:
		copy(dst, src[dx:])
		for i := width; dx > 0 && i <= len(dst); i += width {
			clearFew(dst[i-dx : i])
		}
	default:
		copy(dst[-dx:], src)
		for i := 0; i < len(dst); i += width {
			clearFew(dst[i : i-dx])
		}
	}
}

// clearFew clears a few elements, without the call that clear makes.
func clearFew[T Float](x []T) {
	for i := 0; i < len(x); i++ {
		x[i] = 0
	}
}

// inside returns the range [from, to) of i in [0, n) for which x+i·stride is in [0, width).
func inside(x, stride, n, width int) (from, to int) {
	if x < 0 {
		from = min(n, (stride-1-x)/stride)
	}
	return from, max(from, min(n, (width-x+stride-1)/stride))
}

// copyInside sets the elements [from, to) of n lines of dst to every stride-th element of lines of src, which are apart elements from each
// other, and the rest to 0.
func copyInside[T Float](dst, src []T, n, from, to, stride, apart int) {
	width := len(dst) / n
	for i := range n {
		line := dst[i*width:][:width]
		clearFew(line[:from])
		clearFew(line[to:])
	}
	if stride == 1 {
		copyRows(dst[from:], src, apart, width, to-from, n)
		return
	}
	for i := range n {
		to, from := dst[i*width:][from:to], src[i*apart:]
		if stride == 2 {
			takeSecond(to, from)
			continue
		}
		for j := range to {
			to[j] = from[j*stride]
		}
	}
}
