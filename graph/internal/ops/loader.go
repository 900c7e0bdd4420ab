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

// loadedDims is the largest number of dimensions of a layout for which loadRepeated has a form.
const loadedDims = 8

// load writes elements lo to lo+len(dst) of the broadcast input x to dst.
func load[T kernels.Float](l layout, dst, x []T, lo int) {
	last := len(l.dims) - 1
	inner, stride := l.dims[last], l.strides[last]
	if stride == 0 && inner <= shortRepeat && last > 0 && last < loadedDims {
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

// loadRepeated is load for an input that repeats each of its elements. It handles all elements of one row at a time, and copies a
// row that repeats the one before.
func loadRepeated[T kernels.Float](l layout, dst, x []T, lo int) {
	last := len(l.dims) - 1
	times, count, stride := l.dims[last], l.dims[last-1], l.strides[last-1]
	width := times * count
	var place [loadedDims]int // of the row, in the dimensions before
	rest, done, first := lo/width, lo%width, 0
	for d := last - 2; d >= 0; d-- {
		place[d] = rest % l.dims[d]
		first += place[d] * l.strides[d]
		rest /= l.dims[d]
	}
	for at := 0; at < len(dst); {
		run := dst[at:min(len(dst), at+width-done)]
		if last >= 2 && l.strides[last-2] == 0 && place[last-2] > 0 && at >= width {
			copy(run, dst[at-width:])
		} else {
			repeatRow(run, x, first+done/times*stride, done%times, stride, times)
		}
		at, done = at+len(run), 0
		for d := last - 2; d >= 0; d-- {
			first += l.strides[d]
			if place[d]++; place[d] < l.dims[d] {
				break
			}
			first -= place[d] * l.strides[d]
			place[d] = 0
		}
	}
}

// repeatRow sets dst to elements of x, starting at from and stride apart, each repeated the given number of times. The first done
// of these copies come before dst.
func repeatRow[T kernels.Float](dst, x []T, from, done, stride, times int) {
	if done > 0 {
		n := min(times-done, len(dst))
		kernels.Fill(dst[:n], x[from])
		dst, from = dst[n:], from+stride
	}
	n := len(dst) / times
	repeatEach(dst[:n*times], x, from, stride, times)
	if dst = dst[n*times:]; len(dst) > 0 {
		kernels.Fill(dst, x[from+n*stride])
	}
}

// repeatEach sets dst to elements of x, starting at from and stride apart, each repeated the given number of times.
func repeatEach[T kernels.Float](dst, x []T, from, stride, times int) {
	if times == 2 && stride == 1 {
		kernels.RepeatTwice(dst, x[from:from+len(dst)/2])
		return
	}
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
