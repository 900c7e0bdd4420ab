package kernels

// Rows sets row i of dst to row index[i] of src, for rows of width elements. It returns the number of the first index that
// is not a whole number of a row, or -1.
func Rows[T Float](dst, src, index []T, width int) int {
	sameLength("Rows", len(dst), len(index)*width)
	rows := len(src) / max(width, 1)
	for i, v := range index {
		r, ok := rowNumber(v, rows)
		if !ok {
			return i
		}
		copy(dst[i*width:][:width], src[r*width:][:width])
	}
	return -1
}

// ScatterAdd adds to row index[i] of dst the row i of src, for all i in their order, in the columns [lo, hi) of rows of
// width elements. It returns the number of the first index that is not a whole number of a row, or -1.
func ScatterAdd[T Float](dst, src, index []T, width, lo, hi int) int {
	sameLength("ScatterAdd", len(src), len(index)*width)
	rows := len(dst) / max(width, 1)
	for i, v := range index {
		r, ok := rowNumber(v, rows)
		if !ok {
			return i
		}
		to := dst[r*width+lo : r*width+hi]
		Add(to, to, src[i*width+lo:i*width+hi])
	}
	return -1
}

// ScatterRows sets the rows from lo up to hi of dst, of width elements, each to the sum of the rows i of src whose index[i] is
// its number, added up in their order. It returns the number of the first index that is not a whole number of a row of dst,
// or -1.
func ScatterRows[T Float](dst, src, index []T, width, lo, hi int) int {
	sameLength("ScatterRows", len(src), len(index)*width)
	rows := len(dst) / max(width, 1)
	clear(dst[lo*width : hi*width])
	for i, v := range index {
		r, ok := rowNumber(v, rows)
		if !ok {
			return i
		}
		if lo <= r && r < hi {
			to := dst[r*width:][:width]
			Add(to, to, src[i*width:][:width])
		}
	}
	return -1
}

// rowNumber returns v as the number of one of so many rows.
func rowNumber[T Float](v T, rows int) (int, bool) {
	if !(v >= 0 && v < T(rows)) || v != T(int(v)) {
		return 0, false
	}
	return int(v), true
}
