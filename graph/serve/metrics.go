package serve

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// limits are the upper bounds of the latency histogram's buckets, in seconds.
var limits = [...]float64{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}

// sizes are the upper bounds of the batch histogram's buckets, in samples.
var sizes = [...]int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096}

// measures holds the server's counters for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats).
type measures struct {
	running atomic.Int64 // requests for predictions under way

	mu      sync.Mutex           // guards the fields below
	codes   map[int]int          // requests by status
	samples int                  // samples predicted
	counts  [len(limits) + 1]int // requests by latency
	seconds float64              // sum of the latencies

	batches  [len(sizes) + 1]int // batches by size
	gathered int                 // samples in all batches

	replaced atomic.Int64 // models replaced
}

// batch counts a predicted batch.
func (m *measures) batch(samples int) {
	i, _ := slices.BinarySearch(sizes[:], samples)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.batches[i]++
	m.gathered += samples
}

// done counts an answered request for predictions.
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

// metrics answers GET /metrics.
func (h *Handler) metrics(w http.ResponseWriter, _ *http.Request) {
	var b bytes.Buffer
	h.measures.write(&b)
	fmt.Fprintf(&b, "# HELP nndiy_streams Open streams.\n# TYPE nndiy_streams gauge\nnndiy_streams %d\n", h.streams.count())
	h.send(w, http.StatusOK, []string{"text/plain; version=0.0.4; charset=utf-8"}, b.Bytes())
}

// write writes the counters in Prometheus' text format.
func (m *measures) write(w io.Writer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	head := func(name, kind, help string) { fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }
	head("nndiy_requests_total", "counter", "Requests for predictions and streams by status.")
	for _, code := range slices.Sorted(maps.Keys(m.codes)) {
		fmt.Fprintf(w, "nndiy_requests_total{code=\"%d\"} %d\n", code, m.codes[code])
	}
	head("nndiy_samples_total", "counter", "Samples predicted.")
	fmt.Fprintf(w, "nndiy_samples_total %d\n", m.samples)
	head("nndiy_requests_running", "gauge", "Requests for predictions under way.")
	fmt.Fprintf(w, "nndiy_requests_running %d\n", m.running.Load())
	head("nndiy_model_replaced_total", "counter", "Replacements of the model.")
	fmt.Fprintf(w, "nndiy_model_replaced_total %d\n", m.replaced.Load())
	head("nndiy_request_seconds", "histogram", "Time from a request's header to its answer.")
	histogram(w, "nndiy_request_seconds", limits[:], m.counts[:], m.seconds)
	head("nndiy_batch_samples", "histogram", "Samples per predicted batch.")
	histogram(w, "nndiy_batch_samples", sizes[:], m.batches[:], m.gathered)
}

// histogram writes the cumulative count up to each limit, and the sum.
func histogram[L, S int | float64](w io.Writer, name string, limits []L, counts []int, sum S) {
	total := 0
	for i, limit := range limits {
		total += counts[i]
		fmt.Fprintf(w, "%s_bucket{le=\"%v\"} %d\n", name, limit, total)
	}
	total += counts[len(limits)]
	fmt.Fprintf(w, "%s_bucket{le=\"+Inf\"} %d\n%s_sum %v\n%s_count %d\n", name, total, name, sum, name, total)
}
