package kernels

import "math"

// A sum is taken in double precision in sumLanes interleaved partial sums: element i is added to lane i mod sumLanes, and
// at the end the lanes are folded in halves. Every form keeps this order, and the product of two float32 is exact in double
// precision; so a float32 sum has the same bits in every form.
const sumLanes = 16

// fold adds up the lanes, each half to the other.
func fold(lane *[sumLanes]float64) float64 {
	for half := sumLanes / 2; half > 0; half /= 2 {
		for k := range half {
			lane[k] += lane[k+half]
		}
	}
	return lane[0]
}

// Sum returns the sum of x, 0 if x is empty.
func Sum[T Float](x []T) T { return T(sum64(x)) }

// SumSquares returns the sum of the squares of x.
func SumSquares[T Float](x []T) T { return T(dot64(x, x)) }

// Dot returns the sum of the products a·b.
func Dot[T Float](a, b []T) T { return T(dot64(a, b)) }

// SumFloat64 is Sum without rounding to T, for partial sums.
func SumFloat64[T Float](x []T) float64 { return sum64(x) }

// DotFloat64 is Dot without rounding to T.
func DotFloat64[T Float](a, b []T) float64 { return dot64(a, b) }

// The reductions of one slice, and those of two, are numbered as the element-wise kernels are.
type (
	sumOp1 int
	sumOp2 int
)

const (
	opSum sumOp1 = iota
	opSumExp
)

const (
	opDot sumOp2 = iota
	opDotShift
	opExpSum
	opBCESum
	opDistance // Σ (a-b)²
)

func sum64[T Float](x []T) float64 {
	if vectorised[T](len(x)) {
		return vectorSum1(opSum, pointer(x), len(x), 0)
	}
	var lane [sumLanes]float64
	for ; len(x) >= sumLanes; x = x[sumLanes:] {
		for k, v := range x[:sumLanes] {
			lane[k] += float64(v)
		}
	}
	for k, v := range x {
		lane[k] += float64(v)
	}
	return fold(&lane)
}

func dot64[T Float](a, b []T) float64 {
	sameLength("Dot", len(a), len(b))
	if vectorised[T](len(a)) {
		return vectorSum2(opDot, pointer(a), pointer(b), len(a), 0)
	}
	var lane [sumLanes]float64
	for ; len(a) >= sumLanes; a, b = a[sumLanes:], b[sumLanes:] {
		for k, v := range a[:sumLanes] {
			lane[k] += float64(float64(v) * float64(b[k]))
		}
	}
	for k, v := range a {
		lane[k] += float64(float64(v) * float64(b[k]))
	}
	return fold(&lane)
}

// MaxOf returns the largest element, NaN if any element is NaN, -Inf if x is empty.
func MaxOf[T Float](x []T) T {
	if vectorised[T](len(x)) {
		return T(vectorMax(pointer(x), len(x)))
	}
	m := T(math.Inf(-1))
	for _, v := range x {
		m = max(m, v)
	}
	return m
}

// MinOf returns the smallest element, NaN if any element is NaN, +Inf if x is empty.
func MinOf[T Float](x []T) T {
	if vectorised[T](len(x)) {
		return T(vectorMin(pointer(x), len(x)))
	}
	m := T(math.Inf(1))
	for _, v := range x {
		m = min(m, v)
	}
	return m
}

// ArgMax returns the index of the first largest element, -1 if x is empty. NaN counts as larger than any number.
func ArgMax[T Float](x []T) int {
	best := -1
	for i, v := range x {
		if v != v {
			return i
		}
		if best < 0 || v > x[best] {
			best = i
		}
	}
	return best
}

// HasNonFinite reports whether x contains a NaN or an infinity.
func HasNonFinite[T Float](x []T) bool {
	if vectorised[T](len(x)) {
		return vectorNonFinite(pointer(x), len(x))
	}
	for _, v := range x {
		if v-v != 0 {
			return true
		}
	}
	return false
}
