package kernels

// Columns of a matrix are summed row by row, in the order of memory: within a stripe of rows in the element type, and over the
// stripes in double precision.
const (
	stripeRows = 32
	stripeCols = 512
)

// A columnSum selects the terms that columnSums adds up.
type columnSum int

const (
	ofColumns columnSum = iota // sum: x
	ofSquares                  // sum: (x-mean[j])²
	ofDots                     // sum: d, dot: d·(x-mean[j])
	ofRowDots                  // sum: d, dot: d·(x-mean[i])·scale[i]
)

// columnSums sets sum[j], and dot[j] for the kinds that have two sums, for the columns [lo, hi).
func columnSums[T Float](kind columnSum, sum, dot, d, x, mean, scale []T, rows, cols, lo, hi int) {
	part, total := borrow[T](2*stripeCols), borrow[float64](2*stripeCols)
	defer giveBack(part)
	defer giveBack(total)
	for from := lo; from < hi; from += stripeCols {
		width := min(stripeCols, hi-from)
		part, total := part[:2*width], total[:2*width]
		clear(total)
		for top := 0; top < rows; top += stripeRows {
			clear(part)
			s, t := part[:width], part[width:]
			end, done := min(top+stripeRows, rows), 0
			if kind == ofRowDots {
				at := top*cols + from
				done = rowDotsColumns(s, t, d[at:], x[at:], mean[top:end], scale[top:end], cols)
			}
			s, t = s[done:], t[done:]
			for i := top; i < end && done < width; i++ {
				at := i*cols + from + done
				switch xi := x[at:][:width-done]; kind {
				case ofColumns:
					Add(s, s, xi)
				case ofSquares:
					addSquares(s, xi, mean[from:][:width])
				case ofDots:
					addDots(s, t, d[at:][:width], xi, mean[from:][:width])
				case ofRowDots:
					addRowDots(s, t, d[at:][:width-done], xi, mean[i], scale[i])
				}
			}
			for j, v := range part {
				total[j] += float64(v)
			}
		}
		for j := range width {
			sum[from+j] = T(total[j])
			if dot != nil {
				dot[from+j] = T(total[width+j])
			}
		}
	}
}

// addSquares sets sum += (x-mean)².
func addSquares[T Float](sum, x, mean []T) {
	sameLengths("Moments", len(sum), len(x), len(mean))
	if vectorised[T](len(x)) {
		vectorAddSquares(pointer(sum), pointer(x), pointer(mean), len(x))
		return
	}
	for i, v := range x {
		v -= mean[i]
		sum[i] += T(v * v)
	}
}

// addDots sets sum += d and dot += d·(x-mean).
func addDots[T Float](sum, dot, d, x, mean []T) {
	sameLengths("Dots", len(sum), len(dot), len(d), len(x), len(mean))
	if vectorised[T](len(x)) {
		vectorAddDots(pointer(sum), pointer(dot), pointer(d), pointer(x), pointer(mean), len(x))
		return
	}
	for i, v := range d {
		sum[i] += v
		dot[i] += T(v * (x[i] - mean[i]))
	}
}

// addRowDots sets sum += d and dot += d·(x-mean)·scale.
func addRowDots[T Float](sum, dot, d, x []T, mean, scale T) {
	sameLengths("ColumnDots", len(sum), len(dot), len(d), len(x))
	if vectorised[T](len(x)) {
		vectorAddRowDots(pointer(sum), pointer(dot), pointer(d), pointer(x), len(x), float32(mean), float32(scale))
		return
	}
	for i, v := range d {
		sum[i] += v
		dot[i] += T(v * T((x[i]-mean)*scale))
	}
}
