package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A layout describes how an input of an element-wise op is read in the output's shape: a stride of 0 repeats elements.
// Neighbouring dimensions are merged where possible, so a full input has a single dimension of stride 1.
type layout struct {
	dims    []int
	strides []int
}

func newLayout(in, out []int) layout {
	var l layout
	stride := 1
	for i := 1; i <= len(out); i++ {
		n := dimFromEnd(out, i)
		s := 0
		if d := dimFromEnd(in, i); d != 1 {
			s, stride = stride, stride*d
		}
		if n == 1 {
			continue
		}
		// Dimensions are collected from the last to the first and reversed below.
		if k := len(l.dims) - 1; k >= 0 && s == l.strides[k]*l.dims[k] {
			l.dims[k] *= n
			continue
		}
		l.dims, l.strides = append(l.dims, n), append(l.strides, s)
	}
	if len(l.dims) == 0 {
		l.dims, l.strides = []int{1}, []int{1}
	}
	slices.Reverse(l.dims)
	slices.Reverse(l.strides)
	return l
}

// full reports whether the input has the output's elements in the output's order.
func (l layout) full() bool { return len(l.dims) == 1 && l.strides[0] == 1 }

// scalar reports whether the input is a single element, repeated.
func (l layout) scalar() bool { return len(l.dims) == 1 && l.strides[0] == 0 }

// shortRepeat is the largest number of copies of an element for which load handles several elements at a time.
const shortRepeat = 16

// load writes elements lo to lo+len(dst) of the broadcast input x to dst.
func load[T kernels.Float](l layout, dst, x []T, lo int) {
	last := len(l.dims) - 1
	inner, stride := l.dims[last], l.strides[last]
	if stride == 0 && inner <= shortRepeat && last > 0 {
		loadRepeated(l, dst, x, lo)
		return
	}
	for at := 0; at < len(dst); {
		rest := (lo + at) / inner
		col := (lo + at) % inner
		from := col * stride
		for d := last - 1; d >= 0; d-- {
			from += rest % l.dims[d] * l.strides[d]
			rest /= l.dims[d]
		}
		n := min(inner-col, len(dst)-at)
		run := dst[at : at+n]
		switch stride {
		case 1:
			copy(run, x[from:])
		case 0:
			kernels.Fill(run, x[from])
		default:
			for i := range run {
				run[i] = x[from+i*stride]
			}
		}
		at += n
	}
}

// loadRepeated is load for an input that repeats each of its elements. It handles all elements of one row at a time.
func loadRepeated[T kernels.Float](l layout, dst, x []T, lo int) {
	last := len(l.dims) - 1
	times, count, stride := l.dims[last], l.dims[last-1], l.strides[last-1]
	for at := 0; at < len(dst); {
		rest, done := (lo+at)/times, (lo+at)%times // copies of the element that come before
		left := (count-rest%count)*times - done
		from := 0
		for d := last - 1; d >= 0; d-- {
			from += rest % l.dims[d] * l.strides[d]
			rest /= l.dims[d]
		}
		run := dst[at:min(len(dst), at+left)]
		at += len(run)
		if done > 0 {
			n := min(times-done, len(run))
			kernels.Fill(run[:n], x[from])
			run, from = run[n:], from+stride
		}
		n := len(run) / times
		repeatEach(run[:n*times], x, from, stride, times)
		if run = run[n*times:]; len(run) > 0 {
			kernels.Fill(run, x[from+n*stride])
		}
	}
}

// repeatEach sets dst to elements of x, starting at from and stride apart, each repeated the given number of times.
func repeatEach[T kernels.Float](dst, x []T, from, stride, times int) {
	if times == 2 {
		for j := 0; j+1 < len(dst); j += 2 {
			dst[j], dst[j+1] = x[from], x[from]
			from += stride
		}
		return
	}
	for j := 0; j < len(dst); j += times {
		kernels.Fill(dst[j:j+times], x[from])
		from += stride
	}
}
