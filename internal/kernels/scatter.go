package kernels

// Rows sets row i of dst to row index[i] of src. Each row has width elements. It returns the position of the first index
// that is not an integer within the rows of src, or -1 if there is none.
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

// ScatterAdd adds row i of src to row index[i] of dst, for all i in order, in the columns [lo, hi). Each row has width
// elements. It returns the position of the first index that is not an integer within the rows of dst, or -1 if there is
// none.
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

// ScatterRows sets each row r of dst in [lo, hi) to the sum of the rows i of src with index[i] = r, added up in order. Each
// row has width elements. It returns the position of the first index that is not an integer within the rows of dst, or -1
// if there is none.
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

// rowNumber returns v as an int, and whether it is an integer in [0, rows).
func rowNumber[T Float](v T, rows int) (int, bool) {
	r := int(v)
	return r, uint(r) < uint(rows) && T(r) == v
}
