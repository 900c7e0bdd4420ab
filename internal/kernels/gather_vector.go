//go:build !noasm && (amd64 || arm64)

package kernels

import "unsafe"

// vectorGather is GatherRows for rows of at least 64 bytes. While it copies one row, it prefetches the next: rows of a
// large set are in no cache, and the processor cannot predict where they are.
func vectorGather[T Float](dst, src []T, width int, index []int) {
	pointer := func(r int) *byte { return (*byte)(unsafe.Pointer(&src[r*width:][:width][0])) }
	for i := range index {
		row := pointer(index[i])
		next := row
		if i+1 < len(index) {
			next = pointer(index[i+1])
		}
		copyRow((*byte)(unsafe.Pointer(&dst[i*width])), row, next, width*sizeof[T]())
	}
}
