package kernels

import "math"

// An orderKey is an element as an integer in the order of sorting.
type orderKey interface{ uint32 | uint64 }

// An orderItem is an element and its position.
type orderItem[K orderKey] struct {
	key K
	at  int32
}

// A sorter sorts rows. K has the size of T.
type sorter[T Float, K orderKey] struct {
	x          []T // the row
	descending bool
	a, b       []orderItem[K] // items of the row, and memory for as many
}

const (
	insertCount  = 16 // up to this number of first elements, or
	insertLength = 48 // up to this length of a row, each element is inserted among the best so far
	filterRatio  = 8  // from this length of a row, in first elements, on, most elements are compared with the last of the best so far only
)

// first returns the first k items of the sorted row, and perhaps more.
func (s *sorter[T, K]) first(k int) []orderItem[K] {
	n := len(s.x)
	if cap(s.a) < n {
		s.a, s.b = make([]orderItem[K], n), make([]orderItem[K], n)
	}
	switch {
	case n <= insertLength || k <= insertCount:
		s.insertFirst(k)
	case n >= filterRatio*k:
		s.filterFirst(k)
	default:
		s.take(n)
		s.radixSort()
	}
	return s.a
}

// insertFirst leaves the first k items in s.a: each item is inserted among the best so far.
func (s *sorter[T, K]) insertFirst(k int) {
	s.a = s.a[:k]
	for i := range k {
		insert(s.a[:i+1], s.item(i))
	}
	for i := s.next(k, k); i < len(s.x); i = s.next(i+1, k) {
		insert(s.a, s.item(i))
	}
}

// insert puts an item in its place among sorted ones, the last of which is lost.
func insert[K orderKey](a []orderItem[K], v orderItem[K]) {
	at := len(a) - 1
	for ; at > 0 && v.key < a[at-1].key; at-- {
		a[at] = a[at-1]
	}
	a[at] = v
}

// filterFirst leaves the first k items in s.a: the items that come before the last of the best so far wait until there are enough to
// sort them.
func (s *sorter[T, K]) filterFirst(k int) {
	most := filterRatio / 2 * k
	s.take(most)
	s.radixSort()
	for i := most; i < len(s.x); {
		s.a = s.a[:k]
		for len(s.a) < most {
			if i = s.next(i, k); i == len(s.x) {
				break
			}
			s.a = append(s.a, s.item(i))
			i++
		}
		s.radixSort()
	}
}

// next returns the position of the first element from i on that comes before the item k-1, or the end of the row.
func (s *sorter[T, K]) next(i, k int) int {
	worst := s.x[s.a[k-1].at]
	if s.descending {
		return i + firstAbove(s.x[i:], worst)
	}
	return i + firstBelow(s.x[i:], worst)
}

// A row is compared element by element at first, and then in blocks by their extremes, since what comes before is rarer there.
const (
	compareAlone = 64
	compareBlock = 256
)

// firstAbove returns the position of the first element above v, or len(x). NaN is above any number.
func firstAbove[T Float](x []T, v T) int {
	if v != v {
		return len(x)
	}
	for i := 0; i < len(x); {
		for _, u := range x[i:min(i+compareAlone, len(x))] {
			if !(u <= v) {
				return i
			}
			i++
		}
		for len(x)-i >= compareBlock && MaxOf(x[i:][:compareBlock]) <= v {
			i += compareBlock
		}
	}
	return len(x)
}

// firstBelow returns the position of the first element below v, or len(x). NaN is above any number.
func firstBelow[T Float](x []T, v T) int {
	for i := 0; i < len(x); {
		for _, u := range x[i:min(i+compareAlone, len(x))] {
			if u < v || v != v && u == u {
				return i
			}
			i++
		}
		for len(x)-i >= compareBlock && MinOf(x[i:][:compareBlock]) >= v {
			i += compareBlock
		}
	}
	return len(x)
}

// take leaves the first n items of the row in s.a, in its order.
func (s *sorter[T, K]) take(n int) {
	s.a = s.a[:n]
	for i := range s.a {
		s.a[i] = s.item(i)
	}
}

// item returns the item of element i.
func (s *sorter[T, K]) item(i int) orderItem[K] {
	key := keyOf[T, K](s.x[i])
	if s.descending {
		key = ^key
	}
	return orderItem[K]{key, int32(i)}
}

// keyOf returns an integer in the order of numbers.
func keyOf[T Float, K orderKey](v T) K {
	if v != v {
		return ^K(0)
	}
	v += 0 // -0 becomes 0
	if single[T]() {
		b := math.Float32bits(float32(v))
		return K(b ^ (uint32(int32(b)>>31) | 1<<31))
	}
	b := math.Float64bits(float64(v))
	return K(b ^ (uint64(int64(b)>>63) | 1<<63))
}

// radixSort sorts s.a by byte after byte of the keys, the last one first.
func (s *sorter[T, K]) radixSort() {
	a, b := s.a, s.b[:len(s.a)]
	var counts [8][256]int32
	for _, v := range a {
		for d := 0; d < sizeof[T](); d += 4 {
			key := uint32(uint64(v.key) >> (8 * d))
			counts[d][byte(key)]++
			counts[d+1][byte(key>>8)]++
			counts[d+2][byte(key>>16)]++
			counts[d+3][byte(key>>24)]++
		}
	}
	for d := range sizeof[T]() {
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
	s.a, s.b = a, b
}

// The sorters that are not in use.
var (
	sorters32 stack[*sorter[float32, uint32]]
	sorters64 stack[*sorter[float64, uint64]]
)

// sortersOf returns the sorters of the element type that are not in use.
func sortersOf[T Float, K orderKey]() *stack[*sorter[T, K]] {
	if s, ok := any(&sorters32).(*stack[*sorter[T, K]]); ok {
		return s
	}
	return any(&sorters64).(*stack[*sorter[T, K]])
}
