package main

import (
	"context"
	"runtime"
	"slices"
	"time"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A result is a measurement; times are in microseconds.
type result struct {
	Lib string `json:"lib"`
	setting
	Params    int       `json:"params"`
	Samples   float64   `json:"samples_s"`
	Low       float64   `json:"lo"`
	High      float64   `json:"hi"`
	Windows   []float64 `json:"windows,omitempty"`
	Steps     float64   `json:"steps_s,omitempty"`
	Latency   float64   `json:"lat_us,omitempty"`
	P90       float64   `json:"p90_us,omitempty"`
	P99       float64   `json:"p99_us,omitempty"`
	StepBytes float64   `json:"alloc_bytes_step"` // allocated in a step
	HeapBytes uint64    `json:"heap_bytes"`       // in use at the end, after a collection
	Growth    int64     `json:"heap_growth"`      // since the warm-up, after a collection then as well
}

func measure(ctx context.Context, s setting) (result, error) {
	w := workloads[s.Workload]
	m, err := w.model(s)
	if err != nil {
		return result{}, err
	}
	data, err := w.data(s.Mode == "infer")
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
	return r, err
}

// A meter counts what happens in windows of equal length, after a time to warm up.
type meter struct {
	warm   time.Duration
	window time.Duration
	count  int // windows to be measured
	begin  time.Time
	work   int // since begin
	steps  int
	rates  []float64
	from   runtime.MemStats
	to     runtime.MemStats
}

func newMeter(s setting) *meter {
	return &meter{
		warm: 700 * time.Millisecond, window: time.Duration(s.seconds / float64(s.windows) * float64(time.Second)),
		count: s.windows, begin: time.Now(),
	}
}

// add counts work of a step that has ended, and tells whether the measurement has, too.
func (m *meter) add(work int) (done bool) {
	m.work += work
	m.steps++
	passed := time.Since(m.begin)
	if m.warm > 0 {
		if passed < m.warm || m.steps < 5 {
			return false
		}
		m.warm, m.steps = 0, 0
		collected(&m.from)
	} else {
		if passed < m.window {
			return false
		}
		m.rates = append(m.rates, float64(m.work)/passed.Seconds())
	}
	if len(m.rates) == m.count {
		collected(&m.to)
		return true
	}
	m.work, m.begin = 0, time.Now()
	return false
}

// collected reads the statistics of memory when nothing is left that nobody uses.
func collected(s *runtime.MemStats) {
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

// train measures steps of Fit, the gathering of shuffled batches included.
func (r *result) train(ctx context.Context, m *graph.Model, data graph.Arrays) error {
	t := newMeter(r.setting)
	if r.steps > 0 {
		return r.trainSteps(ctx, m, data)
	}
	_, err := m.Fit(ctx, data, graph.FitConfig{Epochs: 1 << 30, BatchSize: r.Batch, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(_ *graph.Run, e graph.Event) error {
			if e == graph.StepEnd && t.add(r.Batch) {
				return graph.Stop
			}
			return nil
		}),
	}})
	t.report(r)
	return err
}

// trainSteps measures a fixed number of steps, in windows of equally many.
func (r *result) trainSteps(ctx context.Context, m *graph.Model, data graph.Arrays) error {
	var from, to runtime.MemStats
	begin, n, size := time.Now(), 0, max(r.steps/r.windows, 1)
	var rates []float64
	_, err := m.Fit(ctx, data, graph.FitConfig{Epochs: 1 << 30, BatchSize: r.Batch, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(_ *graph.Run, e graph.Event) error {
			if e != graph.StepEnd {
				return nil
			}
			if n++; n%size == 0 {
				rates = append(rates, float64(size*r.Batch)/time.Since(begin).Seconds())
				if n == size {
					collected(&from)
				}
				begin = time.Now()
			}
			if n >= r.steps {
				collected(&to)
				return graph.Stop
			}
			return nil
		}),
	}})
	t := meter{rates: rates, from: from, to: to, steps: max(n-size, 1)}
	t.report(r)
	return err
}

// infer measures PredictInto on the test set: for a batch of 1 the latency, else the samples a second.
func (r *result) infer(ctx context.Context, m *graph.Model, data graph.Arrays) error {
	rows := data.Len() / r.Batch
	width := data.X.Shape().TotalSize() / data.Len()
	batches := make([]*tensor.Dense, rows)
	for i := range batches {
		shape := append([]int{r.Batch}, data.X.Shape()[1:]...)
		batches[i] = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data.X.Float32s()[i*r.Batch*width:(i+1)*r.Batch*width]))
	}
	out := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(append([]int{r.Batch}, m.Output()...)...))
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
		us = us[len(us)/5:] // the first ones warm up
		slices.Sort(us)
		q := func(p float64) float64 { return us[int(p*float64(len(us)-1))] }
		r.Latency, r.P90, r.P99 = q(0.5), q(0.9), q(0.99)
	}
	return nil
}
