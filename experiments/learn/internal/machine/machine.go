// Package machine measures the processor.
package machine

import (
	"math"
	"runtime"
	"time"

	"github.com/nndiy/nndiy/internal/kernels"
)

// Peak returns the largest number of float32 operations that one core can do, in billions a second (GFLOP/s): multiply-adds of
// vectors in registers, with no memory. It is NaN where the library has no loop to measure it, as in portable Go.
func Peak() float64 {
	best := 0.0
	for range 3 { // another program may run on the core for a while
		best = max(best, kernels.PeakFMA[float32]())
	}
	if best == 0 {
		return math.NaN()
	}
	return best / 1e9
}

// Speed returns the speed of a function that does the given number of operations, in billions a second: the best of several
// calls, on the given number of cores.
func Speed(cores int, operations float64, f func()) float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
	best := time.Duration(math.MaxInt64)
	for start, calls := time.Now(), 0; calls < 2 || time.Since(start) < 30*time.Millisecond; calls++ {
		begin := time.Now()
		f()
		best = min(best, time.Since(begin))
	}
	return operations / best.Seconds() / 1e9
}
