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
