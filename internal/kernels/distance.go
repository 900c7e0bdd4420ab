package kernels

import "math"

// Distances sets dst to the Euclidean distances of the rows lo to hi of a from each row of b: dst has a row for each row of a. b has
// the given number of rows, of cols elements. Squares are added up in double precision, in the order of Sum, so that for float32 they neither overflow nor
// underflow; for float64 they are computed again, of scaled differences, if they do.
func Distances[T Float](dst, a, b []T, lo, hi, rows, cols int) {
	checkMatrix("Distances", len(a), hi, cols, cols)
	checkMatrix("Distances", len(b), rows, cols, cols)
	checkMatrix("Distances", len(dst), hi, rows, rows)
	for i := lo; i < hi; i++ {
		x := a[i*cols : (i+1)*cols]
		for j := range rows {
			dst[i*rows+j] = distance(x, b[j*cols:(j+1)*cols])
		}
	}
}

// OwnDistances is Distances of rows from each other, of the rows lo to hi from those after them. It sets both elements of dst, which
// is rows × rows, for each two rows, with the same bits as Distances.
func OwnDistances[T Float](dst, a []T, lo, hi, rows, cols int) {
	checkMatrix("OwnDistances", len(a), rows, cols, cols)
	checkMatrix("OwnDistances", len(dst), rows, rows, rows)
	for i := lo; i < hi; i++ {
		x := a[i*cols : (i+1)*cols]
		for j := i; j < rows; j++ {
			d := distance(x, a[j*cols:(j+1)*cols])
			dst[i*rows+j], dst[j*rows+i] = d, d
		}
	}
}

// distance returns the Euclidean distance of a and b.
func distance[T Float](a, b []T) T {
	s := squaredDistance(a, b)
	if single[T]() || s > 0x1p-900 && s <= 0x1p900 {
		return T(math.Sqrt(s))
	}
	largest := 0.0
	for i, v := range a {
		largest = max(largest, math.Abs(float64(v-b[i])))
	}
	if largest == 0 || math.IsInf(largest, 1) || largest != largest {
		return T(largest)
	}
	s = 0
	for i, v := range a {
		d := float64(v-b[i]) / largest
		s += float64(d * d)
	}
	return T(largest * math.Sqrt(s))
}

// squaredDistance returns the sum of the squares of a - b.
func squaredDistance[T Float](a, b []T) float64 {
	sameLength("Distances", len(a), len(b))
	if vectorised[T](len(a)) {
		return vectorSum2(opDistance, pointer(a), pointer(b), len(a), 0)
	}
	var lane [sumLanes]float64
	for ; len(a) >= sumLanes; a, b = a[sumLanes:], b[sumLanes:] {
		for k, v := range a[:sumLanes] {
			d := float64(v - b[k])
			lane[k] += float64(d * d)
		}
	}
	for k, v := range a {
		d := float64(v - b[k])
		lane[k] += float64(d * d)
	}
	return fold(&lane)
}
