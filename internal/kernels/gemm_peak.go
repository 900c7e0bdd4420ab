package kernels

import "time"

// PeakFMA returns the floating-point operations a second of one core in the form in use, in a loop of independent
// multiply-adds: the bound that benchmarks compare a product with. It takes some milliseconds. It returns 0 for the
// portable form.
func PeakFMA[T Float]() float64 {
	loop, flops := peakLoop[T](isa)
	if loop == nil {
		return 0
	}
	const n = 1e6
	best := 0.0
	for range 5 {
		start := time.Now()
		loop(n)
		best = max(best, n*float64(flops)/time.Since(start).Seconds())
	}
	return best
}
