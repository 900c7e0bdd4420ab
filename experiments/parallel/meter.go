package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel/mpi"
)

// A meter is a group that measures its exchanges.
type meter struct {
	*mpi.Group
	time     time.Duration // in exchanges, which includes waiting for slower processes
	messages int
	bytes    int // that this process has sent
}

// Exchange implements graph.Group.
func (m *meter) Exchange(ctx context.Context, partner int, out, in []byte) error {
	began := time.Now()
	err := m.Group.Exchange(ctx, partner, out, in)
	m.time += time.Since(began)
	m.messages++
	m.bytes += len(out)
	return err
}

// warmup is the number of steps at the beginning that are not measured.
const warmup = 10

// A stopwatch measures the steps after the first ones.
type stopwatch struct {
	meter   *meter
	began   time.Time
	start   meter // at that time
	last    meter // after the last step
	steps   int   // since then
	samples int
	seen    int // samples of the epoch before the last step
	passed  time.Duration
}

// Handle implements graph.Callback.
func (s *stopwatch) Handle(r *graph.Run, e graph.Event) error {
	switch e {
	case graph.EpochBegin:
		s.seen = 0
	case graph.StepEnd:
		s.steps++
		s.samples += r.Samples - s.seen
		s.seen = r.Samples
		if s.steps == warmup && s.began.IsZero() {
			s.began, s.start, s.steps, s.samples = time.Now(), *s.meter, 0, 0
		}
		s.passed, s.last = time.Since(s.began), *s.meter
	}
	return nil
}

// show prints the figures of a run.
func (s *stopwatch) show(out io.Writer) {
	if s.began.IsZero() || s.steps == 0 {
		fmt.Fprintf(out, "speed    not measured: want more than %d steps\n", warmup)
		return
	}
	exchange := s.last.time - s.start.time
	each := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(s.steps) }
	fmt.Fprintf(out, "speed    %.0f samples/s, %.2f ms a step\n", float64(s.samples)/s.passed.Seconds(), each(s.passed))
	fmt.Fprintf(out, "exchange %.2f ms a step, %d messages, %.2f MB sent\n", each(exchange), (s.last.messages-s.start.messages)/s.steps,
		float64(s.last.bytes-s.start.bytes)/1e6/float64(s.steps))
	fmt.Fprintf(out, "efficiency %.3f: the part of the time that rank 0 does not spend in exchanges\n", 1-exchange.Seconds()/s.passed.Seconds())
}
