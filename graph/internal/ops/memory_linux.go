package ops

import (
	"syscall"
	"unsafe"

	"github.com/nndiy/nndiy/internal/kernels"
)

// populate asks the kernel for the pages of a large memory, in pieces that the workers divide among them. That takes a fifth less
// time than to get each page when it is first written, which for the values of a long loop is a third of a second. Kernels
// before 5.14 refuse.
func populate(m []float64) {
	const (
		large         = 64 << 20
		piece         = 8 << 20
		populateWrite = 23 // MADV_POPULATE_WRITE
	)
	if len(m)*8 < large {
		return
	}
	page := syscall.Getpagesize()
	skip := (page - int(uintptr(unsafe.Pointer(unsafe.SliceData(m))))%page) % page
	pages := unsafe.Slice((*byte)(unsafe.Pointer(&m[skip/8])), (len(m)*8-skip)/page*page)
	kernels.Default().For(len(pages), piece, func(lo, hi int) {
		_ = syscall.Madvise(pages[lo:hi], populateWrite)
	})
}

// hugePage is the size of a large page of memory in words.
const hugePage = 2 << 20 / 8

// spare returns how many words more a memory gets, for a part of it to begin at a large page and to end at one. Of a memory of less than
// half a page they would be too many.
func spare(words int) int {
	if words < hugePage/2 {
		return 0
	}
	return (words+hugePage-1)/hugePage*hugePage - words + hugePage
}

// hugePages returns the memory from its first large page on, and asks the kernel for large pages. Then the processor finds where the lines
// of many planes lie without reading its tables of small pages. Kernels that have none, or are set to give none, refuse.
func hugePages(m []float64) []float64 {
	skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(m))) / 8 % hugePage)
	n := (len(m) - skip) / hugePage * hugePage
	if n <= 0 {
		return m
	}
	_ = syscall.Madvise(unsafe.Slice((*byte)(unsafe.Pointer(&m[skip])), n*8), syscall.MADV_HUGEPAGE)
	return m[skip:]
}
