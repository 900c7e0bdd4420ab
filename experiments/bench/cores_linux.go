package main

import (
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// roundTrip measures how long a line of cache takes from one core to another and back, in nanoseconds: the least of several counts.
// It returns 0 if the process may not run on two cores at once, or if other work keeps it from doing so.
func roundTrip() float64 {
	var all unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil || all.Count() < 2 || runtime.GOMAXPROCS(0) < 2 {
		return 0
	}
	var cores []int
	for c := 0; len(cores) < 2; c++ {
		if all.IsSet(c) {
			cores = append(cores, c)
		}
	}
	best := 0.0
	for range 5 {
		if ns := bounce(cores[0], cores[1], 4000); ns > 0 && (best == 0 || ns < best) {
			best = ns
		}
	}
	return best
}

// bounce has two threads, each on a core, write to a word in turn, n times each, and returns the nanoseconds of two turns. It returns
// 0 if that takes more than patience, because the threads do not run at the same time.
func bounce(first, second int, n int64) float64 {
	const patience = 20 * time.Millisecond
	var word struct {
		_ [16]int64 // keeps other variables off the line
		v atomic.Int64
		_ [16]int64
	}
	turns := func(core int, mine, next int64) time.Duration {
		runtime.LockOSThread() // without unlocking: the thread, which is tied to the core, ends with the goroutine
		var set unix.CPUSet
		set.Set(core)
		if err := unix.SchedSetaffinity(0, &set); err != nil {
			return 0
		}
		start := time.Now()
		begin := start
		for i := range n {
			if i == n/10 {
				begin = time.Now() // both threads run by now
			}
			for spins := 1; word.v.Load() != 2*i+mine; spins++ {
				if spins%4096 == 0 && time.Since(start) > patience {
					return 0
				}
			}
			word.v.Store(2*i + next)
		}
		return time.Since(begin)
	}
	passed := make(chan time.Duration, 2)
	go func() { passed <- turns(first, 0, 1) }()
	go func() { passed <- turns(second, 1, 2) }()
	return float64(min(<-passed, <-passed).Nanoseconds()) / float64(n-n/10)
}
