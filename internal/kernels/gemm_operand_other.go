//go:build (!amd64 && !js && !arm64) || noasm

package kernels

// vectorPack returns false: panels are packed one by one.
func vectorPack[T Float](*lines[T], []T, int, int, int, int, int) bool { return false }

// copyRows copies rows of n elements from one matrix to another.
func copyRows[T Float](dst, src []T, srcRow, dstRow, n, rows int) {
	copyRowsGeneric(dst, src, srcRow, dstRow, n, rows)
}

// transpose writes the transpose of a rows × cols matrix to dst.
func transpose[T Float](dst, src []T, srcRow, dstRow, rows, cols int) {
	transposeGeneric(dst, src, srcRow, dstRow, rows, cols)
}
