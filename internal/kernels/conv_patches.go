package kernels

//lint:file-ignore U1000 the checker does not see a generic type's methods used through a generic interface

// patches are the windows of an image as a matrix that is nowhere in memory: a row for each channel and element of the
// window, a column for each pixel of a grid. Element (k, pixel), with k = (channel·len(dy) + i)·len(dx) + j and pixel =
// gy·gridCols + gx, is the channel's element at gy·strideY + dy[i], gx·strideX + dx[j], and 0 outside the image.
type patches[T Float] struct {
	image            []T // channels × height × width
	height, width    int
	strideY, strideX int
	dy, dx           []int
	gridCols         int
}

// fill writes row k of the pixels from lo on to dst.
func (p *patches[T]) fill(dst []T, k, lo int) {
	dx, k := p.dx[k%len(p.dx)], k/len(p.dx)
	dy, channel := p.dy[k%len(p.dy)], k/len(p.dy)
	plane := p.image[channel*p.height*p.width:][:p.height*p.width]
	gx, from, to := lo%p.gridCols, 0, -1
	for y := lo/p.gridCols*p.strideY + dy; len(dst) > 0; y += p.strideY {
		n := min(p.gridCols-gx, len(dst))
		x := gx*p.strideX + dx
		if gx > 0 || n < p.gridCols || to < 0 { // else as in the row before
			from, to = inside(x, p.strideX, n, p.width)
		}
		row := dst[:n]
		if y < 0 || y >= p.height || from == to {
			clear(row)
		} else {
			copyInside(row, plane[y*p.width+x+from*p.strideX:(y+1)*p.width], from, to, p.strideX)
		}
		if dst = dst[n:]; gx > 0 {
			gx, to = 0, -1
		}
	}
}

// inside returns for which i in [0, n) the position x+i·step is inside of width elements: [from, to).
func inside(x, step, n, width int) (from, to int) {
	if x < 0 {
		from = min(n, (step-1-x)/step)
	}
	return from, max(from, min(n, (width-x+step-1)/step))
}

// copyInside sets dst in [from, to) to every step-th element of src, and to 0 elsewhere.
func copyInside[T Float](dst, src []T, from, to, step int) {
	for i := range dst[:from] {
		dst[i] = 0
	}
	if step == 1 {
		copy(dst[from:to], src)
	} else {
		for i := range dst[from:to] {
			dst[from+i] = src[i*step]
		}
	}
	for i := to; i < len(dst); i++ {
		dst[i] = 0
	}
}

// pixelLines are patches as an operand whose lines are the pixels.
type pixelLines[T Float] struct{ patches[T] }

// pack implements operand: a row of all pixels at a time, cut into the panels.
func (p *pixelLines[T]) pack(dst []T, width, lo, hi, k0, k1 int) {
	depth := k1 - k0
	full := (hi - lo) / width
	row := borrow[T](hi - lo)
	defer giveBack(row)
	for k := range depth {
		p.fill(row, k0+k, lo)
		if full > 0 {
			copyRows(dst[k*width:], row, width, depth*width, width, full)
		}
		if rest := row[full*width:]; len(rest) > 0 {
			copy(dst[(full*depth+k)*width:], rest)
		}
	}
}

// tapLines are patches as an operand whose lines are the channels and the elements of the window.
type tapLines[T Float] struct{ patches[T] }

// pack implements operand.
func (p *tapLines[T]) pack(dst []T, width, lo, hi, k0, k1 int) {
	depth := k1 - k0
	rows := borrow[T](width * depth)
	defer giveBack(rows)
	for i := lo; i < hi; i += width {
		n := min(width, hi-i)
		for j := range n {
			p.fill(rows[j*depth:(j+1)*depth], i+j, k0)
		}
		transpose(dst[(i-lo)*depth:], rows, depth, width, n, depth)
	}
}

// matMulOperand computes c = a·b + beta·c.
func matMulOperand[T Float](p *Pool, c, a Matrix[T], b operand[T], beta T) {
	g := newProduct[T](isa)
	defer g.free()
	g.set(c, a, 1, beta, nil)
	g.b = b
	g.plan(p)
	g.run()
}
