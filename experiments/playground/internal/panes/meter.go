package panes

import "time"

// A Meter measures steps a second, over about the last second of training.
type Meter struct {
	from  time.Time
	steps int
	last  float64
}

// Reset forgets what was measured.
func (m *Meter) Reset() { *m = Meter{from: time.Now()} }

// Add counts n steps.
func (m *Meter) Add(n int) {
	m.steps += n
	if d := time.Since(m.from); d >= time.Second {
		m.last = float64(m.steps) / d.Seconds()
		m.from, m.steps = time.Now(), 0
	}
}

// PerSecond returns the steps a second, 0 within the first second.
func (m *Meter) PerSecond() float64 { return m.last }
