package tensors

import "math"

// Exact reports whether the mean of the squares of numbers is one that float64 can hold, also of those among them that count. If not,
// the squares were too large, or so small that their last digits, or all, are lost; then Deviation computes the root of the mean.
func Exact(square float64) bool { return square >= 0x1p-960 && square <= math.MaxFloat64 }

// Deviation returns the root of the mean square of n numbers, √(Σ d(i)²/n), whose squares may be out of range. It is 0 only if all
// numbers are 0.
func Deviation(n int, d func(i int) float64) float64 {
	largest := 0.0
	for i := range n {
		largest = max(largest, math.Abs(d(i)))
	}
	if largest == 0 {
		return 0
	}
	sum := 0.0
	for i := range n {
		r := d(i) / largest
		sum += r * r
	}
	return max(largest*math.Sqrt(sum/float64(n)), math.SmallestNonzeroFloat64)
}
