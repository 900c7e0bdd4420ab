package kernels

// The functions in this file work on the columns lo to hi of matrices whose rows have width elements. Columns are independent
// of each other.

// ArgExtreme sets the elements of dst, one for each column, to the position of the largest element of the column of x, or of
// the smallest one: of several the first. A NaN counts as the extreme, as in NumPy.
func ArgExtreme[T Float](dst, x []T, width, lo, hi int, smallest bool) {
	clear(dst[lo:hi])
	for i := width; i < len(x); i += width {
		row := T(i / width)
		for c := lo; c < hi; c++ {
			v, best := x[i+c], x[int(dst[c])*width+c]
			if v > best && !smallest || v < best && smallest || v != v && best == best {
				dst[c] = row
			}
		}
	}
}

// columnsAtOnce is the number of columns whose sums are in registers or in the first-level cache.
const columnsAtOnce = 32

// CumSum sets the element of dst in each row to the sum of the elements of x in the column up to that row, or with exclusive
// before it; with reverse from the last row. Sums are computed in float64.
func CumSum[T Float](dst, x []T, width, lo, hi int, exclusive, reverse bool) {
	sameLength("CumSum", len(dst), len(x))
	var sums [columnsAtOnce]float64
	first, step := ends(len(x), width, reverse)
	for ; lo < hi; lo += columnsAtOnce {
		sum := sums[:min(hi-lo, columnsAtOnce)]
		clear(sum)
		for i := first; i >= 0 && i < len(x); i += step {
			to, from := dst[i+lo:][:len(sum)], x[i+lo:][:len(sum)]
			for c, v := range from {
				before := sum[c]
				sum[c] += float64(v)
				if to[c] = T(sum[c]); exclusive {
					to[c] = T(before)
				}
			}
		}
	}
}

// Recurrence sets the first row of dst to that of b, and each other row to b + a·(the row of dst before it); with reverse it
// begins with the last row. Results are computed in float64. The first row of a does not matter.
func Recurrence[T Float](dst, a, b []T, width, lo, hi int, reverse bool) {
	sameLengths("Recurrence", len(dst), len(a), len(b))
	var values [columnsAtOnce]float64
	first, step := ends(len(b), width, reverse)
	for ; lo < hi; lo += columnsAtOnce {
		value := values[:min(hi-lo, columnsAtOnce)]
		for i := first; i >= 0 && i < len(b); i += step {
			to, factor, from := dst[i+lo:][:len(value)], a[i+lo:][:len(value)], b[i+lo:][:len(value)]
			for c, v := range from {
				if next := float64(v); i == first {
					value[c] = next
				} else {
					value[c] = float64(float64(factor[c])*value[c]) + next
				}
				to[c] = T(value[c])
			}
		}
	}
}

// ends returns where the first row of a loop over the rows of a matrix begins, and the step to the next one.
func ends(size, width int, reverse bool) (first, step int) {
	if reverse {
		return size - width, -width
	}
	return 0, width
}

// Trilu copies the elements of the rows lo to hi of a matrix of width columns that are on diagonal k and above it, or on it and
// below it, and sets the others to 0. Diagonal 0 is the main one, a larger k is further above. first is the number of the row lo.
func Trilu[T Float](dst, x []T, width, first, k int, upper bool) {
	sameLength("Trilu", len(dst), len(x))
	for i := 0; i < len(x); i += width {
		to, from := dst[i:][:width], x[i:][:width]
		at := min(max(first+i/width+k, 0), width) // of the diagonal in this row
		if !upper {
			at = min(max(first+i/width+k+1, 0), width)
			copy(to[:at], from)
			clear(to[at:])
			continue
		}
		clear(to[:at])
		copy(to[at:], from[at:])
	}
}
