// Package benchtest measures time as the scripts for PyTorch beside the benchmarks do.
package benchtest

import (
	"slices"
	"testing"
	"time"
)

// Median reports the median time of a call of f as the benchmark's time, after ten calls to warm up.
func Median(b *testing.B, f func() error) {
	var times []time.Duration
	for n := -10; n < 0 || b.Loop(); n++ {
		begin := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		if n >= 0 {
			times = append(times, time.Since(begin))
		}
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2]), "ns/op")
}
