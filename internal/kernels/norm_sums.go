package kernels

import "unsafe"

// sumPiece is the number of elements added up in the element type before their sum is converted to double precision.
const sumPiece = 1024

// A tally is a pair of sums. Element i of a slice is added to lane i mod sumLanes. After some pieces the lanes are added up
// in double precision, in an order that depends only on the lengths of the slices.
type tally[T Float] struct {
	lane  [2][sumLanes]T
	count int // elements in the lanes
	total [2]float64
}

// counted records that n elements were added to the lanes.
func (t *tally[T]) counted(n int) {
	if t.count += n; t.count >= sumPiece {
		t.fold()
	}
}

// fold adds the lanes to the totals.
func (t *tally[T]) fold() {
	for k := range t.lane {
		l := &t.lane[k]
		even := quad(l[0], l[4], l[8], l[12]) + quad(l[2], l[6], l[10], l[14])
		odd := quad(l[1], l[5], l[9], l[13]) + quad(l[3], l[7], l[11], l[15])
		t.total[k] += even + odd
	}
	t.lane, t.count = [2][sumLanes]T{}, 0
}

// quad returns the sum of four numbers in double precision.
func quad[T Float](a, b, c, d T) float64 {
	return (float64(a) + float64(c)) + (float64(b) + float64(d))
}

// sums returns the totals.
func (t *tally[T]) sums() (a, b float64) {
	t.fold()
	return t.total[0], t.total[1]
}

// singles returns the lanes, which must be of float32.
func (t *tally[T]) singles() *[2 * sumLanes]float32 {
	return (*[2 * sumLanes]float32)(unsafe.Pointer(&t.lane))
}

// pieces returns how many pieces of x are added up together, in lanes of their own.
func (t *tally[T]) pieces(x []T) int {
	if !runForms || t.count > 0 || !vectorised[T](len(x)) {
		return 0
	}
	return len(x) / sumPiece
}

// add adds x to the first sum.
func (t *tally[T]) add(x []T) {
	if n := t.pieces(x); n > 0 {
		t.total[0] = vectorPieceSums(pointer(x), n, t.total[0])
		x = x[n*sumPiece:]
	}
	for len(x) > 0 {
		n := min(len(x), sumPiece)
		if vectorised[T](n) {
			vectorLaneSum(t.singles(), pointer(x), n)
		} else {
			for i, v := range x[:n] {
				t.lane[0][i%sumLanes] += v
			}
		}
		t.counted(n)
		x = x[n:]
	}
}

// addSquares adds (x-mean)² to the first sum. It may prefetch the elements of next, which are as many.
func (t *tally[T]) addSquares(x, next []T, mean T) {
	if n := t.pieces(x); n > 0 {
		t.total[0] = vectorPieceSquares(pointer(x), pointer(next), n, float32(mean), t.total[0])
		x = x[n*sumPiece:]
	}
	for len(x) > 0 {
		n := min(len(x), sumPiece)
		if vectorised[T](n) {
			vectorLaneSquares(t.singles(), pointer(x), n, float32(mean))
		} else {
			for i, v := range x[:n] {
				v -= mean
				t.lane[0][i%sumLanes] += T(v * v)
			}
		}
		t.counted(n)
		x = x[n:]
	}
}

// addDots adds d to the first sum and d·(x-mean) to the second.
func (t *tally[T]) addDots(d, x []T, mean T) {
	sameLength("Dots", len(d), len(x))
	for len(d) > 0 {
		n := min(len(d), sumPiece)
		if vectorised[T](n) {
			vectorLaneDots(t.singles(), pointer(d), pointer(x), n, float32(mean))
		} else {
			for i, v := range d[:n] {
				t.lane[0][i%sumLanes] += v
				t.lane[1][i%sumLanes] += T(v * (x[i] - mean))
			}
		}
		t.counted(n)
		d, x = d[n:], x[n:]
	}
}

// addRowDots adds d·w to the first sum and d·w·(x-mean) to the second.
func (t *tally[T]) addRowDots(d, x, w []T, mean T) {
	sameLengths("RowDots", len(d), len(x), len(w))
	for len(d) > 0 {
		n := min(len(d), sumPiece)
		if vectorised[T](n) {
			vectorLaneRowDots(t.singles(), pointer(d), pointer(x), pointer(w), n, float32(mean))
		} else {
			for i, v := range d[:n] {
				v = T(v * w[i])
				t.lane[0][i%sumLanes] += v
				t.lane[1][i%sumLanes] += T(v * (x[i] - mean))
			}
		}
		t.counted(n)
		d, x, w = d[n:], x[n:], w[n:]
	}
}
