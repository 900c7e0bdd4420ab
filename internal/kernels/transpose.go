package kernels

// transposeBlock is the number of columns that portable Go transposes at a time: as many lines of the result stay in the cache.
const transposeBlock = 16

// Transpose sets dst to the transposed matrix of x, which has rows × cols elements: element (j, i) of dst to element (i, j) of x. Rows
// of dst are dstStride elements apart, and those of x xStride.
func Transpose[T Float](dst, x []T, rows, cols, dstStride, xStride int) {
	checkMatrix("Transpose", len(x), rows, cols, xStride)
	checkMatrix("Transpose", len(dst), cols, rows, dstStride)
	if rows >= 8 && cols >= 8 && single[T]() && isa != Generic && vectorTranspose(dst, x, rows, cols, dstStride, xStride) {
		return
	}
	for from := 0; from < cols; from += transposeBlock {
		to := min(from+transposeBlock, cols)
		for i := range rows {
			at := from*dstStride + i
			for _, v := range x[i*xStride+from : i*xStride+to] {
				dst[at] = v
				at += dstStride
			}
		}
	}
}
