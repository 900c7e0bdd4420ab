package callbacks

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph"
)

// A monitor stores the best value of a log so far.
type monitor struct {
	name     string
	maximize bool
	best     float64
}

// newMonitor returns a monitor that has seen no value. The name "" means valid_loss, or train_loss without validation. Whether a
// larger value is better is a matter of the log, and of maximize only if that is not known; it is an error if they disagree.
func newMonitor(r *graph.Run, callback, name string, maximize bool) (monitor, error) {
	switch {
	case name != "":
	case r.Config.Valid != nil:
		name = "valid_loss"
	default:
		name = "train_loss"
	}
	larger, known := r.LargerIsBetter(name)
	if known && maximize && !larger {
		return monitor{}, fmt.Errorf("callbacks: %s: Maximize: got true for %s, which is better when it is smaller, want false, or another Monitor",
			callback, name)
	}
	m := monitor{name: name, maximize: larger || maximize, best: math.Inf(1)}
	if m.maximize {
		m.best = math.Inf(-1)
	}
	return m, nil
}

// value returns the value of the epoch that has ended.
func (m *monitor) value(r *graph.Run, callback string) (float64, error) {
	v, err := r.Log(m.name)
	if err != nil {
		return 0, fmt.Errorf("callbacks: %s: Monitor: %w", callback, err)
	}
	return v, nil
}

// improve reports whether v is better than the best value by more than delta, and if so stores it. NaN is not better.
func (m *monitor) improve(v, delta float64) bool {
	better := v < m.best-delta
	if m.maximize {
		better = v > m.best+delta
	}
	if better {
		m.best = v
	}
	return better
}
