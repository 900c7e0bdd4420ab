package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// limits are the upper ends of the histogram of latencies, in seconds.
var limits = [...]float64{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}

// sizes are the upper ends of the histogram of batches, in samples.
var sizes = [...]int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096}

// measures is what the server counts, as Prometheus reads it (https://prometheus.io/docs/instrumenting/exposition_formats).
type measures struct {
	running atomic.Int64 // requests for predictions

	mu      sync.Mutex // guards what follows
	codes   map[int]int
	samples int
	counts  [len(limits) + 1]int // of requests by their latency
	seconds float64

	batches  [len(sizes) + 1]int // by their samples
	gathered int                 // samples in them
}

// batch counts a batch that has been predicted.
func (m *measures) batch(samples int) {
	i, _ := slices.BinarySearch(sizes[:], samples)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.batches[i]++
	m.gathered += samples
}

// done counts a request for predictions that has been answered.
func (m *measures) done(code, samples int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.codes == nil {
		m.codes = map[int]int{}
	}
	m.codes[code]++
	if code == 200 {
		m.samples += samples
	}
	s := took.Seconds()
	m.seconds += s
	i, _ := slices.BinarySearch(limits[:], s)
	m.counts[i]++
}

// write writes the text format.
func (m *measures) write(w io.Writer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	head := func(name, kind, help string) { fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }
	head("nndiy_requests_total", "counter", "Requests for predictions by the status of the answer.")
	for _, code := range slices.Sorted(maps.Keys(m.codes)) {
		fmt.Fprintf(w, "nndiy_requests_total{code=\"%d\"} %d\n", code, m.codes[code])
	}
	head("nndiy_samples_total", "counter", "Samples predicted.")
	fmt.Fprintf(w, "nndiy_samples_total %d\n", m.samples)
	head("nndiy_requests_running", "gauge", "Requests for predictions that are being answered.")
	fmt.Fprintf(w, "nndiy_requests_running %d\n", m.running.Load())
	head("nndiy_request_seconds", "histogram", "Time from a request's head to its answer.")
	histogram(w, "nndiy_request_seconds", limits[:], m.counts[:], m.seconds)
	head("nndiy_batch_samples", "histogram", "Samples that were predicted together.")
	histogram(w, "nndiy_batch_samples", sizes[:], m.batches[:], m.gathered)
}

// histogram writes how many there were up to each limit, and the sum.
func histogram[L, S int | float64](w io.Writer, name string, limits []L, counts []int, sum S) {
	total := 0
	for i, limit := range limits {
		total += counts[i]
		fmt.Fprintf(w, "%s_bucket{le=\"%v\"} %d\n", name, limit, total)
	}
	total += counts[len(limits)]
	fmt.Fprintf(w, "%s_bucket{le=\"+Inf\"} %d\n%s_sum %v\n%s_count %d\n", name, total, name, sum, name, total)
}
