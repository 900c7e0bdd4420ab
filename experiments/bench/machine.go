package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nndiy/nndiy/internal/kernels"
)

// procLine returns the rest of the first line of a file in /proc that begins with name and a colon; "" if there is none.
func procLine(path, name string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// machine describes the processor, the instruction set in use, and the number of threads.
func machine(threads int) string {
	name := procLine("/proc/cpuinfo", "model name")
	if name == "" {
		name = runtime.GOARCH
	} else {
		name += fmt.Sprintf(" (family %s, model %s)", procLine("/proc/cpuinfo", "cpu family"), procLine("/proc/cpuinfo", "model"))
	}
	return fmt.Sprintf("%s, %s, %v, %s, %s",
		name, plural(runtime.NumCPU(), "core"), kernels.Best(), plural(threads, "thread"), runtime.Version())
}

// peakBytes returns the largest resident memory of this process; 0 where /proc does not say it.
func peakBytes() int64 {
	kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(procLine("/proc/self/status", "VmHWM"), " kB"), 10, 64)
	return kilobytes * 1024
}

// multiplyAdds returns the floating-point operations per second of all threads at once in a loop of multiply-adds in registers; 0 in
// portable code.
func multiplyAdds(threads int) float64 {
	speeds := make([]float64, threads)
	var wait sync.WaitGroup
	for i := range speeds {
		wait.Go(func() { speeds[i] = kernels.PeakFMA[float32]() })
	}
	wait.Wait()
	sum := 0.0
	for _, s := range speeds {
		sum += s
	}
	return sum
}

// product returns the floating-point operations per second of a matrix product, 1024×1024 by 1024×1024: the fastest of several.
func product(threads int) float64 {
	const n = 1024
	matrix := func() kernels.Matrix[float32] {
		m := kernels.Dense(make([]float32, n*n), n, n)
		for i := range m.Data {
			m.Data[i] = rand.Float32()
		}
		return m
	}
	p := kernels.NewPool(threads)
	defer p.Close()
	a, b, c := matrix(), matrix(), matrix()
	best := time.Duration(1 << 62)
	for range 20 {
		begin := time.Now()
		kernels.MatMul(p, c, a, b, 1, 0, nil)
		best = min(best, time.Since(begin))
	}
	return 2 * n * n * n / best.Seconds()
}
