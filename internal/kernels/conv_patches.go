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
	gx := lo % p.gridCols
	for y := lo/p.gridCols*p.strideY + dy; len(dst) > 0; y += p.strideY {
		n := min(p.gridCols-gx, len(dst))
		if y < 0 || y >= p.height {
			clear(dst[:n])
		} else {
			fillRow(dst[:n], plane[y*p.width:][:p.width], gx*p.strideX+dx, p.strideX)
		}
		dst, gx = dst[n:], 0
	}
}

// fillRow sets dst[i] to row[x+i·step], and to 0 where that is outside of row.
func fillRow[T Float](dst, row []T, x, step int) {
	from := 0
	if x < 0 {
		from = min(len(dst), (step-1-x)/step)
	}
	to := max(from, min(len(dst), (len(row)-x+step-1)/step))
	clear(dst[:from])
	clear(dst[to:])
	if step == 1 {
		copy(dst[from:to], row[max(x, 0):])
		return
	}
	for i := from; i < to; i++ {
		dst[i] = row[x+i*step]
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
