package layers_test

import (
	"context"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/tensors"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestStepsAllocate: a training step with any layer allocates no more objects than one with two parameters. These are those that
// gorgonia's tape machine makes in each run.
func TestStepsAllocate(t *testing.T) {
	scale := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Param("factor", graph.Constant(1), 1)) })
	want := stepAllocations(t, layers.Sequential{scale, scale}, []int{3, 5})
	t.Logf("the tape machine makes %v objects in a run", want)
	for _, r := range gradientRows() {
		t.Run(r.name, func(t *testing.T) {
			if got := stepAllocations(t, layers.Sequential{scale, r.layer, scale}, r.shape); got > want {
				t.Errorf("got %v objects in a step, want %v", got, want)
			}
		})
	}
}

// stepAllocations returns the number of objects that a training step allocates, with two workers, after the first steps.
func stepAllocations(t *testing.T, net graph.Layer, shape []int) float64 {
	t.Helper()
	m, err := graph.Compile(net, graph.Config{Input: shape[1:], Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	b := graph.Batch{X: tensors.New(tensor.Float32, shape), Y: tensors.New(tensor.Float32, append(shape[:1:1], m.Output()...))}
	logs := graph.Logs{}
	step := func() {
		if err := m.StepInto(context.Background(), logs, b); err != nil {
			t.Fatal(err)
		}
	}
	for range 70 { // the slots of snapshots fill up
		step()
	}
	least := testing.AllocsPerRun(10, step)
	for range 10 { // other goroutines may allocate meanwhile
		least = min(least, testing.AllocsPerRun(10, step))
	}
	return least
}
