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

// measures is what the server counts, as Prometheus reads it (https://prometheus.io/docs/instrumenting/exposition_formats).
type measures struct {
	running atomic.Int64 // requests for predictions

	mu      sync.Mutex // guards what follows
	codes   map[int]int
	samples int
	counts  [len(limits) + 1]int // of requests by their latency
	seconds float64
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
	total := 0
	for i, n := range m.counts[:len(limits)] {
		total += n
		fmt.Fprintf(w, "nndiy_request_seconds_bucket{le=\"%v\"} %d\n", limits[i], total)
	}
	total += m.counts[len(limits)]
	fmt.Fprintf(w, "nndiy_request_seconds_bucket{le=\"+Inf\"} %d\nnndiy_request_seconds_sum %v\nnndiy_request_seconds_count %d\n", total, m.seconds, total)
}
