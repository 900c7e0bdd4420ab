package tfevents

import (
	"fmt"
	"math"
)

// buckets is the number of buckets of a histogram, as in TensorBoard's own summaries.
const buckets = 30

// Histogram counts numbers in buckets of equal width between the smallest and the largest. A number that is not finite is an
// error.
func Histogram[T float32 | float64](tag string, list []T) (Value, error) {
	if len(list) == 0 {
		return Value{}, fmt.Errorf("histogram %q: got no numbers, want at least one", tag)
	}
	lo, hi := float64(list[0]), float64(list[0])
	sum, squares := 0.0, 0.0
	for i, x := range list {
		v := float64(x)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Value{}, fmt.Errorf("histogram %q: element %d: got %v, want a finite number", tag, i, v)
		}
		lo, hi = min(lo, v), max(hi, v)
		sum += v
		squares += v * v
	}
	limits, counts := divide(list, lo, hi)
	var m message
	m.double(1, lo)
	m.double(2, hi)
	m.double(3, float64(len(list)))
	m.double(4, sum)
	m.double(5, squares)
	m.doubles(6, limits) // the upper ends of the buckets
	m.doubles(7, counts)
	return newValue(tag, 5, m), nil
}

// divide counts the numbers in each bucket. If all numbers are equal, there is only one bucket.
func divide[T float32 | float64](list []T, lo, hi float64) (limits, counts []float64) {
	width := hi/buckets - lo/buckets // not (hi-lo)/buckets: hi-lo may overflow
	if !(width > 0) {
		return []float64{hi}, []float64{float64(len(list))}
	}
	limits, counts = make([]float64, buckets), make([]float64, buckets)
	for i := range limits {
		limits[i] = min(lo+float64(i+1)*width, hi)
	}
	limits[buckets-1] = hi
	for _, x := range list {
		i := int(float64(x)/width - lo/width)
		counts[max(0, min(i, buckets-1))]++
	}
	return limits, counts
}
