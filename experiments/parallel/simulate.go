package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel/mpi"
)

// A model of the network: a message takes the latency and its bytes divided by the bandwidth; a sum over n processes has 2·log2(n)
// messages one after the other, and each process sends 2·(n-1)/n of the gradients' bytes (recursive halving and doubling; Thakur,
// Rabenseifner & Gropp 2005, section 4.4). The agreement before it has log2(n) messages of a kilobyte.
type cost struct {
	sample, step       float64 // seconds of computing for a sample, and for a step besides
	bytes              float64 // of the gradients
	latency, bandwidth float64 // seconds; bytes a second
}

// exchange returns the seconds that n processes exchange numbers in a step.
func (c cost) exchange(n int) float64 {
	rounds := math.Log2(float64(n))
	const agreement = 1 << 10
	return rounds*(3*c.latency+agreement/c.bandwidth) + 2*float64(n-1)/float64(n)*c.bytes/c.bandwidth
}

// seconds returns the time of a step of n processes on a batch.
func (c cost) seconds(n, batch int) float64 {
	return c.sample*float64(batch)/float64(n) + c.step + c.exchange(n)
}

// simulate measures the network's computing on this process and prints what to expect of more.
func simulate(ctx context.Context, s settings, g *mpi.Group, out io.Writer) error {
	if g.Size() > 1 {
		return errors.New("-simulate: got several processes, want it without mpirun")
	}
	data, err := s.data()
	if err != nil {
		return err
	}
	s.batch = min(s.batch, data.Len()) // as Fit does
	model, err := s.compile(data)
	if err != nil {
		return err
	}
	c := cost{latency: s.latency / 1e6, bandwidth: s.bandwidth * 1e9 / 8}
	for _, w := range model.Weights() {
		c.bytes += float64(4 * w.Shape().TotalSize())
	}
	whole, err := measure(ctx, model, data, s.batch)
	if err != nil {
		return err
	}
	part := max(s.batch/8, 1)
	small, err := measure(ctx, model, data, part)
	if err != nil {
		return err
	}
	if c.sample = whole / float64(s.batch); s.batch > part {
		c.sample = max((whole-small)/float64(s.batch-part), 0)
	}
	c.step = max(whole-c.sample*float64(s.batch), 0)
	fmt.Fprintf(out, "%s: %.2f ms a step of %d samples, of which %.2f ms do not depend on them; %.2f MB of gradients\n",
		s.network, whole*1000, s.batch, c.step*1000, c.bytes/1e6)
	fmt.Fprintf(out, "network: %v µs, %v Gbit/s in each direction (a model, not a measurement)\n\n", s.latency, s.bandwidth)
	c.table(out, s.simulate, s.batch)
	return nil
}

// table prints the expected figures: for the same batch on more processes, and for a batch that grows with them.
func (c cost) table(out io.Writer, most, batch int) {
	fmt.Fprintf(out, "%9s  %12s  %9s %10s  %9s %10s\n", "", "", "batch", "", "batch·n", "")
	fmt.Fprintf(out, "%9s  %12s  %9s %10s  %9s %10s\n", "processes", "exchange, ms", "step, ms", "efficiency", "step, ms", "efficiency")
	alone := c.seconds(1, batch)
	for n := 1; n <= most; n *= 2 {
		strong, weak := c.seconds(n, batch), c.seconds(n, n*batch)
		fmt.Fprintf(out, "%9d  %12.2f  %9.2f %10.2f  %9.2f %10.2f\n", n, c.exchange(n)*1000, strong*1000, alone/strong/float64(n), weak*1000, alone/weak)
	}
	fmt.Fprintln(out, "\nEfficiency is the speed divided by that of as many processes without exchanges. Below 0.5, most of the time goes to them.")
}

// measure returns the median of the seconds of a step.
func measure(ctx context.Context, model *graph.Model, data graph.Dataset, batch int) (float64, error) {
	var last time.Time
	var steps []float64
	_, err := model.Fit(ctx, data, graph.FitConfig{MaxSteps: 2 * warmup, BatchSize: batch, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(_ *graph.Run, e graph.Event) error {
			switch now := time.Now(); e {
			case graph.StepEnd:
				steps = append(steps, now.Sub(last).Seconds())
				last = now
			case graph.EpochBegin:
				last = now
			}
			return nil
		}),
	}})
	if err != nil {
		return 0, err
	}
	steps = steps[len(steps)/2:]
	slices.Sort(steps)
	return steps[len(steps)/2], nil
}
