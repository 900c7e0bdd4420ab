package ops

import (
	"time"

	"gorgonia.org/tensor"
)

// A Recorder gets an Event of each op that runs while it is in the Env. The times are from Begin on.
type Recorder struct {
	Events []Event // in the order in which the ops began: those of a loop after the loop

	began time.Time
	depth int
	phase Phase
}

// An Event is one run of an op.
type Event struct {
	Op         *Op
	Phase      Phase // the op's; in a loop that is no part of the forward pass, the loop's
	Depth      int   // the number of loops around the op
	Start, End time.Duration
}

// Begin forgets all events and starts the clock.
func (r *Recorder) Begin() {
	*r = Recorder{Events: r.Events[:0], began: time.Now()}
}

// Now returns the time since Begin.
func (r *Recorder) Now() time.Duration { return time.Since(r.began) }

// run runs an op.
func (r *Recorder) run(o *Op, dt tensor.Dtype) {
	phase := r.phase
	if r.phase == Forward {
		r.phase = o.Phase
	}
	i := len(r.Events)
	if !o.silent {
		r.Events = append(r.Events, Event{Op: o, Phase: r.phase, Depth: r.depth, Start: r.Now()})
	}
	r.depth++
	if dt == tensor.Float32 {
		o.run32()
	} else {
		o.run64()
	}
	if !o.silent {
		r.Events[i].End = r.Now()
	}
	r.depth--
	r.phase = phase
}
