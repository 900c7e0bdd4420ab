package graph

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
	"gorgonia.org/tensor"
)

// TestStepAllocates: a step allocates no more than the run of its program; Step allocates its Logs, too.
func TestStepAllocates(t *testing.T) {
	net := LayerFunc(func(s *Scope, x Node) Node {
		x = s.Apply(linear{8, Node.Tanh}, x)
		return s.Apply(linear{5, Node.Sigmoid}, x.Add(s.Noise(Noise{Normal: true}, x.Shape()...)))
	})
	loss := finite{LossFunc(func(pred, target Node) Node { return pred.Sub(target).Square().Mean() })}
	m, err := Compile(net, Config{Input: []int{9}, Loss: loss, Optimizer: mean{}, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	b := Batch{X: tensors.New(tensor.Float32, []int{4, 9}), Y: tensors.New(tensor.Float32, []int{4, 5})}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	logs := Logs{}
	step := func() {
		if err := m.StepInto(ctx, logs, b); err != nil {
			t.Fatal(err)
		}
	}
	for range snapshotSteps {
		step()
	}
	got := fewest(step)
	key, values, err := m.feed(b, trainMode)
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.program(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	want := fewest(func() {
		if err := p.Run(program.Draw{}, values...); err != nil {
			t.Fatal(err)
		}
	})
	m.release(key, p)
	if got > want {
		t.Errorf("StepInto: got %v allocations, want %v as the program's run", got, want)
	}
	t.Logf("the run of a program of %d ops makes %v allocations", len(p.Ops()), want)
	if got := fewest(func() { _, _ = m.Step(ctx, b) }); got > want+2 {
		t.Errorf("Step: got %v allocations, want %v: two for the map", got, want+2)
	}
}

// finite is a loss that looks at its targets.
type finite struct{ LossFunc }

func (finite) CheckTarget(sample []float64, _ []int) error {
	for _, v := range sample {
		if math.IsInf(v, 0) {
			return fmt.Errorf("got %v, want a finite number", v)
		}
	}
	return nil
}

// fewest returns the allocations of f: the fewest of several times, since the garbage collector empties pools.
func fewest(f func()) float64 {
	least := testing.AllocsPerRun(20, f)
	for range 10 {
		least = min(least, testing.AllocsPerRun(20, f))
	}
	return least
}

// mean is an optimizer with clipping and an average of the weights in its slot.
type mean struct{ still }

func (mean) Slots() int     { return 1 }
func (mean) Average() int   { return 0 }
func (mean) Clip() Clipping { return Clipping{Value: 1, Norm: 1, GlobalNorm: 1} }
