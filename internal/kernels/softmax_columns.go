package kernels

// The functions in this file normalize columns: the operands are matrices of rows × width elements, one after the other, and their columns
// are numbered from the first matrix to the last. They work on the columns [lo, hi), a block at a time, each step on a row of the block.
// Columns are independent of each other.

const (
	softmaxBlock = 1 << 15 // elements of a block, which stay in the second-level cache from step to step
	fewColumns   = 64      // matrices of fewer columns are copied into a block together
	fewCopied    = 8       // elements that a loop copies faster than copy
)

// SoftmaxColumns is Softmax of columns, or with log LogSoftmax. dst may be x.
func SoftmaxColumns[T Float](dst, x []T, rows, width, lo, hi int, log bool) {
	sameLength("SoftmaxColumns", len(dst), len(x))
	eachColumnBlock(rows, width, lo, hi, func(at, n int) {
		softmaxColumns(dst[at:], x[at:], rows, n, width, log)
	}, func(lo, n int) {
		block := borrow[T](rows * n)
		defer giveBack(block)
		copyColumns(block, x, rows, width, lo, n, false)
		softmaxColumns(block, block, rows, n, n, log)
		copyColumns(block, dst, rows, width, lo, n, true)
	})
}

// SoftmaxColumnsGrad is SoftmaxGrad of columns, or with log LogSoftmaxGrad. dst may be g or y.
func SoftmaxColumnsGrad[T Float](dst, g, y []T, rows, width, lo, hi int, log bool) {
	sameLengths("SoftmaxColumnsGrad", len(dst), len(g), len(y))
	eachColumnBlock(rows, width, lo, hi, func(at, n int) {
		softmaxColumnsGrad(dst[at:], g[at:], y[at:], rows, n, width, log)
	}, func(lo, n int) {
		block := borrow[T](2 * rows * n)
		defer giveBack(block)
		gb, yb := block[:rows*n], block[rows*n:]
		copyColumns(gb, g, rows, width, lo, n, false)
		copyColumns(yb, y, rows, width, lo, n, false)
		softmaxColumnsGrad(gb, gb, yb, rows, n, n, log)
		copyColumns(gb, dst, rows, width, lo, n, true)
	})
}

// eachColumnBlock cuts the columns [lo, hi) into blocks. wide gets the place of a block's first element and its number of columns, all
// in one matrix; narrow gets the first of the columns, which lie in several matrices of few columns, and their number.
func eachColumnBlock(rows, width, lo, hi int, wide, narrow func(first, n int)) {
	if rows == 0 {
		return
	}
	most := max(fewColumns, softmaxBlock/rows)
	for n := 0; lo < hi; lo += n {
		if width >= fewColumns {
			n = min(hi-lo, width-lo%width, most)
			wide(lo/width*rows*width+lo%width, n)
		} else {
			n = min(hi-lo, most-16) // rows of a power of two would share few places of a cache
			narrow(lo, n)
		}
	}
}

// copyColumns copies n columns of x, from lo on, to a block of rows × n elements, or back.
func copyColumns[T Float](block, x []T, rows, width, lo, n int, back bool) {
	for done := 0; done < n; {
		from := (lo + done) % width
		k := min(n-done, width-from)
		at := (lo+done)/width*rows*width + from
		for i := range rows {
			b, v := block[i*n+done:][:k], x[at+i*width:][:k]
			if back {
				b, v = v, b
			}
			if k >= fewCopied {
				copy(b, v)
				continue
			}
			for j := range b {
				b[j] = v[j]
			}
		}
		done += k
	}
}

// softmaxColumns is SoftmaxColumns for a block of matrices of a stride.
func softmaxColumns[T Float](dst, x []T, rows, cols, stride int, log bool) {
	scratch := borrow[T](cols)
	defer giveBack(scratch)
	copy(scratch, x[:cols])
	for i := 1; i < rows; i++ {
		Max(scratch, scratch, x[i*stride:][:cols])
	}
	for i := range rows {
		Sub(dst[i*stride:][:cols], x[i*stride:][:cols], scratch)
	}
	if !log {
		expRows(dst, dst, rows, cols, stride, stride)
		sumsOfExps(scratch, dst, rows, cols, stride, false)
		for i := range rows {
			Mul(dst[i*stride:][:cols], dst[i*stride:][:cols], scratch)
		}
		return
	}
	e := borrow[T](rows * cols)
	expRows(e, dst, rows, cols, cols, stride)
	sumsOfExps(scratch, e, rows, cols, cols, true)
	giveBack(e)
	for i := range rows {
		Sub(dst[i*stride:][:cols], dst[i*stride:][:cols], scratch)
	}
}

// expRows sets the rows of dst to eˣ.
func expRows[T Float](dst, x []T, rows, cols, to, from int) {
	if cols == to && cols == from {
		Exp(dst[:rows*cols], x[:rows*cols])
		return
	}
	for i := range rows {
		Exp(dst[i*to:][:cols], x[i*from:][:cols])
	}
}

// sumsOfExps sets dst to the reciprocals of the sums of columns, or with log to their logarithms.
func sumsOfExps[T Float](dst, x []T, rows, cols, stride int, log bool) {
	for j := 0; j < cols; j += sumCols {
		var lane [sumCols]float64
		addLanes(&lane, x, rows, min(sumCols, cols-j), stride, j)
		for k := range dst[j:min(j+sumCols, cols)] {
			if s := lane[k]; log {
				dst[j+k] = T(steadyLog(s))
			} else {
				dst[j+k] = T(1 / s)
			}
		}
	}
}

// softmaxColumnsGrad is SoftmaxColumnsGrad for a block of matrices of a stride.
func softmaxColumnsGrad[T Float](dst, g, y []T, rows, cols, stride int, log bool) {
	scratch := borrow[T](2 * cols)
	defer giveBack(scratch)
	sums, t := scratch[:cols], scratch[cols:]
	if log {
		ColSum(sums, g, rows, cols, stride)
	} else {
		columnDots(sums, g, y, rows, cols, stride)
	}
	for i := range rows {
		di, gi, yi := dst[i*stride:][:cols], g[i*stride:][:cols], y[i*stride:][:cols]
		if log {
			Exp(t, yi)
			Mul(t, t, sums)
			Sub(di, gi, t)
		} else {
			Sub(t, gi, sums)
			Mul(di, t, yi)
		}
	}
}

// columnDots sets dst to the sums of the products of columns: of stripeRows rows in the element type, and of those sums in double precision.
func columnDots[T Float](dst, a, b []T, rows, cols, stride int) {
	add := func(dst []T, lo, hi int) {
		Mul(dst, a[lo*stride:][:cols], b[lo*stride:][:cols])
		for i := lo + 1; i < hi; i++ {
			MulAdd(dst, a[i*stride:][:cols], b[i*stride:][:cols], dst)
		}
	}
	if rows <= stripeRows {
		add(dst, 0, rows)
		return
	}
	part, total := borrow[T](cols), borrow[float64](cols)
	defer giveBack(part)
	defer giveBack(total)
	clear(total)
	for lo := 0; lo < rows; lo += stripeRows {
		add(part, lo, min(lo+stripeRows, rows))
		for j, v := range part {
			total[j] += float64(v)
		}
	}
	for j, v := range total {
		dst[j] = T(v)
	}
}
