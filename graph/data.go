package graph

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Tensor is the type of a model's inputs, targets and outputs: the dense tensor of gorgonia.org/tensor. To create one:
//
//	tensor.New(tensor.WithShape(n, 2), tensor.WithBacking([]float32{...}))
//
// Elements may be of any integer or floating-point type; a model converts them to its Config.DType.
type Tensor = tensor.Dense

// A Batch holds several samples: the first dimension of all of its tensors is the number of samples. X is the main input of
// the network and Y the target of its main output; Y may be nil where no target is needed: for Predict, with a
// TargetFreeLoss, and for a model that only penalties train.
type Batch struct {
	X, Y *Tensor

	Inputs  map[string]*Tensor // additional inputs by name, see Config.Inputs
	Targets map[string]*Tensor // targets of additional outputs by name, see Config.Outputs
	Weight  *Tensor            // factor of each sample's loss, (batch), or of each step's, (batch, time); may be negative; nil means 1 for all
}

// A Dataset yields samples in batches.
type Dataset interface {
	// Len is the number of samples; negative if it is not known in advance, as of a stream. Then FitConfig.BatchSize must be
	// set, Run.Size and Run.Steps are 0 in the first epoch, and schedules that need them return an error.
	Len() int
	// Batches yields every sample once, in batches of size samples; the last batch may be smaller. A size of 0 means one
	// batch of all samples. rng shuffles the samples; nil keeps their order. A batch is valid until the next one is yielded.
	// Where a dimension of an input is Any, each batch may have another size.
	Batches(size int, rng *rand.Rand) iter.Seq2[Batch, error]
}

// A StepCounter is a Dataset that knows how many batches of at most size samples it yields, such as one that groups samples of one
// length. For any other, Run.Steps is Len/size, rounded up, until the first epoch has ended.
type StepCounter interface {
	Dataset
	Steps(size int) int
}

// checkCount returns an error if a dataset has yielded no samples, or another number of them than it says.
func checkCount(d Dataset, rows int) error {
	switch n := d.Len(); {
	case rows == 0:
		return errors.New("got no batch, want at least one")
	case n >= 0 && rows != n:
		return fmt.Errorf("got %d samples from Batches, want %d as Len returns; a Len below 0 means that the number is not known", rows, n)
	}
	return nil
}

// nonFinite describes the first number of the batch that is NaN or infinite, and its position, where first is the number of the
// batch's first sample; "" if there is none.
func (b Batch) nonFinite(first int) string {
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
		v, place, err := find(p.t, first, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
		if err == nil && place != "" {
			return fmt.Sprintf("%s has %v at %s", p.name, v, place)
		}
	}
	return ""
}

// find returns the first element of a tensor, batch first, for which f is true, and its position: "" if there is none. The
// number of the first sample is first.
func find(t *Tensor, first int, f func(v float64) bool) (v float64, place string, err error) {
	values, err := tensors.Float64s(t)
	if err != nil {
		return 0, "", err
	}
	each := tensors.Size(t.Shape()[1:])
	if i := slices.IndexFunc(values, f); i >= 0 {
		return values[i], fmt.Sprintf("element %d of sample %d", i%each, first+i/each), nil
	}
	return 0, "", nil
}
