//go:build !amd64 || noasm

package kernels

// copyRows copies rows of n elements from one matrix to another.
func copyRows[T Float](dst, src []T, srcRow, dstRow, n, rows int) {
	copyRowsGeneric(dst, src, srcRow, dstRow, n, rows)
}

// transpose writes the transpose of a rows × cols matrix to dst.
func transpose[T Float](dst, src []T, srcRow, dstRow, rows, cols int) {
	transposeGeneric(dst, src, srcRow, dstRow, rows, cols)
}
