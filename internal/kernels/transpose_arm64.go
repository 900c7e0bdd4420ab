//go:build !noasm

package kernels

// vectorTranspose is Transpose for at least eight rows and columns; it returns true. The last eight rows overlap those before if the
// number of rows is not a multiple of eight.
func vectorTranspose[T Float](dst, x []T, rows, cols, dstStride, xStride int) bool {
	to, from := checkedPointer(dst, (cols-1)*dstStride+rows), checkedPointer(x, (rows-1)*xStride+cols)
	tileTurnNEON(to, from, 4*dstStride, 4*xStride, 4*dstStride, 4, 32, 32*xStride, cols, rows/8)
	if rows%8 != 0 {
		to, from = checkedPointer(dst[rows-8:], 1), checkedPointer(x[(rows-8)*xStride:], 1)
		tileTurnNEON(to, from, 4*dstStride, 4*xStride, 4*dstStride, 4, 32, 32*xStride, cols, 1)
	}
	return true
}
