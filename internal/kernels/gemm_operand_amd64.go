//go:build !noasm

package kernels

//lint:file-ignore U1000 the checker does not see a generic type's methods used through a generic interface

import "unsafe"

// vectorPack returns false: panels are packed one by one.
func vectorPack[T Float](*lines[T], []T, int, int, int, int, int) bool { return false }

// copyRows copies rows of n elements from one matrix to another.
func copyRows[T Float](dst, src []T, srcRow, dstRow, n, rows int) {
	size := sizeof[T]()
	kernel := copyKernel(n * size)
	if isa == Generic || n*rows == 0 {
		copyRowsGeneric(dst, src, srcRow, dstRow, n, rows)
		return
	}
	_, _ = dst[(rows-1)*dstRow+n-1], src[(rows-1)*srcRow+n-1]
	if kernel == nil {
		copyRowsAny(unsafe.Pointer(&dst[0]), unsafe.Pointer(&src[0]), srcRow*size, dstRow*size, n*size, rows)
		return
	}
	kernel(unsafe.Pointer(&dst[0]), unsafe.Pointer(&src[0]), srcRow*size, dstRow*size, rows)
}

// copyKernel returns the function that copies rows of the given number of bytes, or nil.
func copyKernel(bytes int) func(dst, src unsafe.Pointer, srcRow, dstRow, rows int) {
	switch bytes {
	case 24:
		return copyRows24
	case 48:
		return copyRows48
	case 64:
		return copyRows64
	case 96:
		return copyRows96
	case 128:
		return copyRows128
	}
	return nil
}

// transpose writes the transpose of a rows × cols matrix to dst. If the size is not a multiple of a block's, the last block
// overlaps the one before.
func transpose[T Float](dst, src []T, srcRow, dstRow, rows, cols int) {
	size := sizeof[T]()
	kernel, n := transposeF64x4, 4
	switch {
	case single[T]() && min(rows, cols) >= 8:
		kernel, n = transposeF32x8, 8
	case single[T]():
		kernel = transposeF32x4
	}
	if isa == Generic || min(rows, cols) < n {
		transposeGeneric(dst, src, srcRow, dstRow, rows, cols)
		return
	}
	_, _ = dst[(cols-1)*dstRow+rows-1], src[(rows-1)*srcRow+cols-1]
	for i := 0; i < rows; i += n {
		i = min(i, rows-n)
		from, to := src[i*srcRow:], dst[i:]
		kernel(unsafe.Pointer(&to[0]), unsafe.Pointer(&from[0]), srcRow*size, dstRow*size, cols/n)
		if cols%n != 0 {
			from, to = from[cols-n:], to[(cols-n)*dstRow:]
			kernel(unsafe.Pointer(&to[0]), unsafe.Pointer(&from[0]), srcRow*size, dstRow*size, 1)
		}
	}
}

//go:noescape
func copyRowsAny(dst, src unsafe.Pointer, srcRow, dstRow, bytes, rows int)

//go:noescape
func copyRows24(dst, src unsafe.Pointer, srcRow, dstRow, rows int)

//go:noescape
func copyRows48(dst, src unsafe.Pointer, srcRow, dstRow, rows int)

//go:noescape
func copyRows64(dst, src unsafe.Pointer, srcRow, dstRow, rows int)

//go:noescape
func copyRows96(dst, src unsafe.Pointer, srcRow, dstRow, rows int)

//go:noescape
func copyRows128(dst, src unsafe.Pointer, srcRow, dstRow, rows int)

//go:noescape
func transposeF32x8(dst, src unsafe.Pointer, srcRow, dstRow, blocks int)

//go:noescape
func transposeF64x4(dst, src unsafe.Pointer, srcRow, dstRow, blocks int)

//go:noescape
func transposeF32x4(dst, src unsafe.Pointer, srcRow, dstRow, blocks int)
