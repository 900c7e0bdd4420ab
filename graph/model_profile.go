package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Profile says where the time of a training step goes. String makes a table of it, WriteTrace a file for a viewer.
type Profile struct {
	Rows   int            // samples of the batch
	Time   time.Duration  // of the whole step: the median of those that were measured
	Memory int            // bytes that hold the values of the step, without parameters and the optimizer's state
	Layers []LayerProfile // in the order in which the layers first compute something

	events []profileEvent
	update time.Duration // when the optimizer begins
}

// A LayerProfile says what one layer computes in a step, apart from the layers inside it. The last two of a Profile are the
// optimizer, whose arithmetic is not counted, and the time between operations.
type LayerProfile struct {
	Layer    string // its path, as in the names of parameters; "loss" for losses, "(outside layers)" for the network itself
	Forward  Work
	Backward Work // its derivatives
	Again    Work // values that its derivatives compute again, see Scope.Recompute; in steps of more than 128 MB also others
}

// Total returns the sum of the work of a layer.
func (l LayerProfile) Total() Work {
	w := l.Forward
	w.add(l.Backward)
	w.add(l.Again)
	return w
}

// Work is what operations compute. An operation is one of the program that runs: a product or a convolution is one with the
// functions that follow it, such as an activation, and belongs to its own layer; element-wise functions that follow each other are
// one, which belongs to the layer of the last.
type Work struct {
	Ops  int           // runs of operations; those in a loop count at each time, unless it runs its steps by rows, as one
	Time time.Duration // of them

	// Flops counts two for each product in a sum of products, one for each element of an element-wise function, whatever it
	// costs, and for each element that a reduction reads, and none for what only moves elements.
	Flops float64

	// Bytes counts the elements of the operands and of the result once, wherever they are: in caches or in memory.
	Bytes float64
}

func (w *Work) add(v Work) {
	w.Ops, w.Time, w.Flops, w.Bytes = w.Ops+v.Ops, w.Time+v.Time, w.Flops+v.Flops, w.Bytes+v.Bytes
}

// Profile measures n training steps on a batch, after one that does not count, and returns the one of median time, layer by layer.
// n must be 1 or more. The steps are those of Step, the optimizer's update included; but the parameters, states and the count of
// steps are afterwards what they were before, for which Profile takes a copy of them and of the optimizer's state. Between two
// steps other calls may run, such as Predict; while Fit runs, Profile returns an error. To look at the clock before and after each
// operation costs about 0.1 µs an operation; steps that are not profiled pay nothing.
func (m *Model) Profile(ctx context.Context, b Batch, n int) (*Profile, error) {
	if err := m.made(); err != nil {
		return nil, public("Profile", err)
	}
	if n < 1 {
		return nil, fmt.Errorf("graph: Profile: got %d steps, want 1 or more", n)
	}
	p, err := m.profile(ctx, b, n)
	if err != nil {
		return nil, public("Profile", err)
	}
	return p, nil
}

func (m *Model) profile(ctx context.Context, b Batch, n int) (*Profile, error) {
	if err := m.takeTurn(ctx); err != nil {
		return nil, err
	}
	defer m.endTurn()
	p, key, values, err := m.programFor(ctx, new(fed), b, trainMode)
	if err != nil {
		return nil, err
	}
	defer m.release(key, p)
	runs := make([]profiledRun, 0, n)
	var recorder ops.Recorder
	p.Record(&recorder)
	defer p.Record(nil)
	var saved snapshot
	for i := range n + 1 {
		if err := ended(ctx); err != nil {
			return nil, err
		}
		run, err := m.profileStep(&saved, &recorder, p, key, values)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			runs = append(runs, run)
		}
	}
	slices.SortFunc(runs, func(a, b profiledRun) int { return int(a.end - b.end) })
	return m.newProfile(runs[n/2], key.batch, p.Memory()), nil
}

// A profiledRun is one step.
type profiledRun struct {
	events      []ops.Event
	update, end time.Duration // when the optimizer begins and ends
}

// profileStep runs one step and takes it back.
func (m *Model) profileStep(saved *snapshot, r *ops.Recorder, p *program.Program, key programKey, values []*Tensor) (run profiledRun, err error) {
	s := m.store
	err = s.change(func() error {
		if key.choice != s.choice.Load() {
			return errors.New("got a Freeze or an Unfreeze during the call, want none")
		}
		s.params.average(false)
		defer s.params.average(true)
		saved.valid = false
		saved.keep(m)
		u := newUpdater(m, 1)
		r.Begin()
		if err := p.Run(m.trainingDraw(), values...); err != nil {
			return badRun(err)
		}
		run.update = r.Now()
		u.step(p, float64(key.batch), m.rate())
		run.end = r.Now()
		run.events = slices.Clone(r.Events)
		saved.restore(m)
		return nil
	})
	return run, err
}

// optimizerBytes returns the bytes that an update reads and writes.
func (m *Model) optimizerBytes() (n float64) {
	for _, p := range m.store.choice.Load().trained {
		n += float64(3+2*len(p.slots)) * float64(tensors.Size(p.shape)) * float64(m.cfg.DType.Size())
	}
	return n
}
