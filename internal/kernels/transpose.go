package kernels

// turnedCols is the number of columns that Transpose takes at a time, so that the lines of the result stay in the cache.
const turnedCols = 256

// Transpose sets dst to the transposed matrix of x, which has rows × cols elements: element (j, i) of dst to element (i, j) of x. Rows
// of dst are dstStride elements apart, and those of x xStride.
func Transpose[T Float](dst, x []T, rows, cols, dstStride, xStride int) {
	checkMatrix("Transpose", len(x), rows, cols, xStride)
	checkMatrix("Transpose", len(dst), cols, rows, dstStride)
	for j := 0; j < cols && rows > 0; j += turnedCols {
		transpose(dst[j*dstStride:], x[j:], xStride, dstStride, rows, min(turnedCols, cols-j))
	}
}
