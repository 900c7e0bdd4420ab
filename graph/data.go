package graph

import (
	"fmt"
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Tensor is the type of the values that go into a model and come out of it, such as
//
//	tensor.New(tensor.WithShape(n, 2), tensor.WithBacking([]float32{...}))
//
// by gorgonia.org/tensor. Elements of any type of numbers are converted to the model's.
type Tensor = tensor.Dense

// A Batch is a number of samples: all of its tensors have the same first dimension. X is the network's input and Y the
// target of its output; Y may be nil where no target is needed.
type Batch struct {
	X, Y *Tensor

	Inputs  map[string]*Tensor // of the network's further inputs, see Config.Inputs
	Targets map[string]*Tensor // of its further outputs, see Config.Outputs
	Weight  *Tensor            // factors of the losses of the samples, of shape (batch), 0 or more; nil is 1 for each
}

// A Dataset yields its samples in batches.
type Dataset interface {
	// Len is the number of samples.
	Len() int
	// Batches yields every sample once, in batches of size samples, the last one smaller if need be; size 0 is the whole
	// set. The order is drawn from rng, or is the set's own if rng is nil. A batch is valid until the next one.
	Batches(size int, rng *rand.Rand) iter.Seq2[Batch, error]
}

// blame returns where a batch has a number that is not finite, or the empty text.
func (b Batch) blame() string {
	type part struct {
		name string
		t    *Tensor
	}
	parts := []part{{"the input", b.X}}
	for _, name := range slices.Sorted(maps.Keys(b.Inputs)) {
		parts = append(parts, part{"input " + name, b.Inputs[name]})
	}
	parts = append(parts, part{"the target", b.Y})
	for _, name := range slices.Sorted(maps.Keys(b.Targets)) {
		parts = append(parts, part{"target " + name, b.Targets[name]})
	}
	for _, p := range append(parts, part{"the weight", b.Weight}) {
		if p.t == nil {
			continue
		}
		v, place, err := find(p.t, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
		if err == nil && place != "" {
			return fmt.Sprintf("%s has %v at %s of the batch", p.name, v, place)
		}
	}
	return ""
}

// find returns the first element of a batch's tensor that f holds for, and where it is: "" if there is none.
func find(t *Tensor, f func(v float64) bool) (v float64, place string, err error) {
	values, err := tensors.Float64s(t)
	if err != nil {
		return 0, "", err
	}
	each := tensors.Size(t.Shape()[1:])
	if i := slices.IndexFunc(values, f); i >= 0 {
		return values[i], fmt.Sprintf("element %d of sample %d", i%each, i/each), nil
	}
	return 0, "", nil
}
