package kernels

import "math"

// Order writes the positions of the first k elements of the sorted columns lo to hi of x, a matrix with rows of width elements,
// to the columns of dst, a matrix of k rows. Columns are sorted in ascending order, or in descending order; equal elements keep
// their order. NaN is larger than any number, and -0 equals 0.
func Order[T Float](dst, x []T, width, k, lo, hi int, descending bool) {
	n := len(x) / width
	buffer, _ := orderItems.pop()
	if cap(buffer) < 2*n {
		buffer = make([]orderItem, 2*n)
	}
	a, b := buffer[:n], buffer[n:2*n]
	for c := lo; c < hi; c++ {
		for i := range a {
			key := orderKey(x[i*width+c])
			if descending {
				key = ^key
			}
			a[i] = orderItem{key, int32(i)}
		}
		first := a
		switch {
		case n <= 48 || k <= 16:
			insertFirst(a, k)
		default:
			first = radixSort(a, b)
		}
		for i, v := range first[:k] {
			dst[i*width+c] = T(v.at)
		}
	}
	orderItems.push(buffer[:cap(buffer)])
}

// An orderItem is an element as an integer in the same order, and its position.
type orderItem struct {
	key uint64
	at  int32
}

var orderItems stack[[]orderItem]

// orderKey returns an integer in the order of numbers.
func orderKey[T Float](v T) uint64 {
	switch {
	case v != v:
		return math.MaxUint64 >> (64 - 8*sizeof[T]())
	case v == 0: // also -0
		return 1 << (8*sizeof[T]() - 1)
	}
	var bits, sign uint64
	if single[T]() {
		bits, sign = uint64(math.Float32bits(float32(v))), 1<<31
	} else {
		bits, sign = math.Float64bits(float64(v)), 1<<63
	}
	if bits&sign != 0 {
		return ^bits & (sign<<1 - 1)
	}
	return bits | sign
}

// insertFirst moves the first k of the sorted items to the front: each item is inserted among the best so far.
func insertFirst(a []orderItem, k int) {
	for i, v := range a {
		at := min(i, k)
		if at == k {
			if v.key >= a[k-1].key {
				continue
			}
			at--
		}
		for ; at > 0 && v.key < a[at-1].key; at-- {
			a[at] = a[at-1]
		}
		a[at] = v
	}
}

// radixSort sorts a by byte after byte of the keys, the last one first, and returns the result: a or b.
func radixSort(a, b []orderItem) []orderItem {
	var counts [8][256]int32
	for _, v := range a {
		for d := range counts {
			counts[d][byte(v.key>>(8*d))]++
		}
	}
	for d := range counts {
		shift, count := 8*d, &counts[d]
		if int(count[byte(a[0].key>>shift)]) == len(a) { // all have the same byte
			continue
		}
		at := int32(0)
		for i, n := range count {
			count[i], at = at, at+n
		}
		for _, v := range a {
			digit := byte(v.key >> shift)
			b[count[digit]] = v
			count[digit]++
		}
		a, b = b, a
	}
	return a
}
