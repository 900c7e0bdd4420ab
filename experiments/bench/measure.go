package main

import (
	"context"
	"runtime"
	"slices"
	"time"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A result is a measurement. The JSON names give the units: _s is per second, _us is microseconds.
type result struct {
	Lib string `json:"lib"`
	setting
	Params    int       `json:"params"`            // number of elements of the parameters, states included
	Samples   float64   `json:"samples_s"`         // median over the windows
	Low       float64   `json:"lo"`                // samples per second in the slowest window
	High      float64   `json:"hi"`                // samples per second in the fastest window
	Windows   []float64 `json:"windows,omitempty"` // samples per second in each window
	Steps     float64   `json:"steps_s,omitempty"`
	Latency   float64   `json:"lat_us,omitempty"` // median, measured for a batch of 1
	P90       float64   `json:"p90_us,omitempty"`
	P99       float64   `json:"p99_us,omitempty"`
	StepBytes float64   `json:"alloc_bytes_step"` // bytes allocated per step
	HeapBytes uint64    `json:"heap_bytes"`       // in use at the end, after a garbage collection
	Growth    int64     `json:"heap_growth"`      // of HeapBytes since the warm-up
	PeakBytes int64     `json:"peak_bytes"`       // the largest resident memory of the process; 0 where /proc does not say it
}

// measure compiles a workload and measures it.
func measure(ctx context.Context, s setting) (result, error) {
	m, data, err := subject(s)
	if err != nil {
		return result{}, err
	}
	r := result{Lib: "nndiy", setting: s}
	for _, t := range m.Weights() {
		r.Params += t.Shape().TotalSize()
	}
	if s.Mode == "train" {
		err = r.train(ctx, m, data)
	} else {
		err = r.infer(ctx, m, data)
	}
	r.PeakBytes = peakBytes()
	return r, err
}

// subject returns what a setting measures.
func subject(s setting) (*graph.Model, graph.Arrays, error) {
	if s.File != "" {
		return fromFile(s)
	}
	w := workloadOf(s)
	m, err := w.model(s)
	if err != nil {
		return nil, graph.Arrays{}, err
	}
	data, err := w.data(s.Mode == "infer")
	return m, data, err
}

// A meter measures the rate of work in windows of equal length, after a warm-up.
type meter struct {
	warm   time.Duration // length of the warm-up; 0 once it is over
	window time.Duration
	count  int       // number of windows
	begin  time.Time // of the current window
	work   int       // since begin
	steps  int       // since the warm-up
	rates  []float64 // work per second in each window
	from   runtime.MemStats
	to     runtime.MemStats
}

func newMeter(s setting) *meter {
	return &meter{
		warm: 700 * time.Millisecond, window: time.Duration(s.seconds / float64(s.windows) * float64(time.Second)),
		count: s.windows, begin: time.Now(),
	}
}

// add counts the work of a completed step, and reports whether the measurement is complete.
func (m *meter) add(work int) (done bool) {
	m.work += work
	m.steps++
	passed := time.Since(m.begin)
	if m.warm > 0 {
		if passed < m.warm || m.steps < 5 {
			return false
		}
		m.warm, m.steps = 0, 0
		readMemory(&m.from)
	} else {
		if passed < m.window {
			return false
		}
		m.rates = append(m.rates, float64(m.work)/passed.Seconds())
	}
	if len(m.rates) == m.count {
		readMemory(&m.to)
		return true
	}
	m.work, m.begin = 0, time.Now()
	return false
}

// readMemory reads the memory statistics after a garbage collection.
func readMemory(s *runtime.MemStats) {
	runtime.GC()
	runtime.ReadMemStats(s)
}

// report writes the rates to r.
func (m *meter) report(r *result) {
	r.Windows = slices.Clone(m.rates)
	slices.Sort(m.rates)
	r.Samples, r.Low, r.High = m.rates[len(m.rates)/2], m.rates[0], m.rates[len(m.rates)-1]
	r.Steps = r.Samples / float64(r.Batch)
	r.StepBytes = float64(m.to.TotalAlloc-m.from.TotalAlloc) / float64(m.steps)
	r.HeapBytes, r.Growth = m.to.HeapAlloc, int64(m.to.HeapAlloc)-int64(m.from.HeapAlloc)
}

// train measures the steps of Fit, including the gathering of shuffled batches.
func (r *result) train(ctx context.Context, m *graph.Model, data graph.Arrays) error {
	t := newMeter(r.setting)
	if r.steps > 0 {
		return r.trainSteps(ctx, m, data)
	}
	_, err := m.Fit(ctx, data, graph.FitConfig{Epochs: 1 << 30, BatchSize: r.Batch, Shards: r.Shards, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(_ *graph.Run, e graph.Event) error {
			if e == graph.StepEnd && t.add(r.Batch) {
				return graph.Stop
			}
			return nil
		}),
	}})
	if err == nil {
		t.report(r)
	}
	return err
}

// trainSteps measures a fixed number of steps, in windows of r.steps/r.windows steps.
func (r *result) trainSteps(ctx context.Context, m *graph.Model, data graph.Arrays) error {
	var from, to runtime.MemStats
	begin, n, size := time.Now(), 0, max(r.steps/r.windows, 1)
	var rates []float64
	_, err := m.Fit(ctx, data, graph.FitConfig{Epochs: 1 << 30, BatchSize: r.Batch, Shards: r.Shards, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(_ *graph.Run, e graph.Event) error {
			if e != graph.StepEnd {
				return nil
			}
			if n++; n%size == 0 {
				rates = append(rates, float64(size*r.Batch)/time.Since(begin).Seconds())
				if n == size {
					readMemory(&from)
				}
				begin = time.Now()
			}
			if n >= r.steps {
				readMemory(&to)
				return graph.Stop
			}
			return nil
		}),
	}})
	t := meter{rates: rates, from: from, to: to, steps: max(n-size, 1)}
	if err == nil {
		t.report(r)
	}
	return err
}

// infer measures PredictInto on the test set: samples per second, and for a batch of 1 also the latency.
func (r *result) infer(ctx context.Context, m *graph.Model, data graph.Arrays) error {
	rows := data.Len() / r.Batch
	width := data.X.Shape().TotalSize() / data.Len()
	batches := make([]*tensor.Dense, rows)
	for i := range batches {
		shape := append([]int{r.Batch}, data.X.Shape()[1:]...)
		batches[i] = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data.X.Float32s()[i*r.Batch*width:(i+1)*r.Batch*width]))
	}
	out, err := m.Predict(ctx, batches[0])
	if err != nil {
		return err
	}
	t := newMeter(r.setting)
	var us []float64
	for i := 0; ; i++ {
		begin := time.Now()
		if err := m.PredictInto(ctx, out, batches[i%rows]); err != nil {
			return err
		}
		us = append(us, float64(time.Since(begin).Nanoseconds())/1e3)
		if t.add(r.Batch) {
			break
		}
	}
	t.report(r)
	if r.Batch == 1 {
		us = us[len(us)/5:] // drop the warm-up
		slices.Sort(us)
		q := func(p float64) float64 { return us[int(p*float64(len(us)-1))] }
		r.Latency, r.P90, r.P99 = q(0.5), q(0.9), q(0.99)
	}
	return nil
}
