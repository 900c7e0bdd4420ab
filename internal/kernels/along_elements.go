package kernels

// GatherElements sets the element of dst in row i and column c to that of x in row index[i, c] and column c, for the columns lo to
// hi of matrices whose rows have width elements. It returns the position of the first index that is not an integer within the rows
// of x, or -1 if there is none.
func GatherElements[T Float](dst, x, index []T, width, lo, hi int) int {
	sameLength("GatherElements", len(dst), len(index))
	rows := len(x) / width
	for i := lo; i < len(index); i += width {
		to, at := dst[i:][:hi-lo], index[i:][:hi-lo]
		for c, v := range at {
			r, ok := rowNumber(v, rows)
			if !ok {
				return i + c
			}
			to[c] = x[r*width+lo+c]
		}
	}
	return -1
}

// GatherElementsRows sets the elements of each row of dst, of n elements, to those of the row of x, of m elements, at the positions in
// the row of index. It returns the position of the first index that is not an integer within a row of x, or -1 if there is none.
func GatherElementsRows[T Float](dst, x, index []T, n, m int) int {
	sameLengths("GatherElementsRows", len(dst)/n*m, len(index)/n*m, len(x))
	for i := 0; i < len(index); i += n {
		row := x[:m]
		x = x[m:]
		to, at := dst[i:][:n], index[i:][:n]
		for j, v := range at {
			p, ok := rowNumber(v, m)
			if !ok {
				return i + j
			}
			to[j] = row[p]
		}
	}
	return -1
}

// ScatterElements sets dst to zeros, and then adds each element of src, in the order of the rows, to the element of dst in row
// index[i, c] and column c, for the columns lo to hi. It returns the position of the first index that is not an integer within the
// rows of dst, or -1 if there is none.
func ScatterElements[T Float](dst, src, index []T, width, lo, hi int) int {
	sameLength("ScatterElements", len(src), len(index))
	rows := len(dst) / width
	if hi-lo == width {
		clear(dst)
	} else {
		for i := lo; i < len(dst); i += width {
			clear(dst[i:][:hi-lo])
		}
	}
	for i := lo; i < len(index); i += width {
		from, at := src[i:][:hi-lo], index[i:][:hi-lo]
		for c, v := range at {
			r, ok := rowNumber(v, rows)
			if !ok {
				return i + c
			}
			dst[r*width+lo+c] += from[c]
		}
	}
	return -1
}

// ScatterElementsRows sets dst to zeros, and then adds each element of a row of src, of n elements, in their order, to the element of
// the row of dst, of m elements, at the position in the row of index. It returns the position of the first index that is not an
// integer within a row of dst, or -1 if there is none.
func ScatterElementsRows[T Float](dst, src, index []T, n, m int) int {
	sameLengths("ScatterElementsRows", len(dst), len(src)/n*m, len(index)/n*m)
	clear(dst)
	for i := 0; i < len(index); i += n {
		row := dst[:m]
		dst = dst[m:]
		from, at := src[i:][:n], index[i:][:n]
		for j, v := range at {
			p, ok := rowNumber(v, m)
			if !ok {
				return i + j
			}
			row[p] += from[j]
		}
	}
	return -1
}
