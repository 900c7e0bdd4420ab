package graph

import (
	"iter"
	"math/rand/v2"

	"gorgonia.org/tensor"
)

// Tensor is the type of the values that go into a model and come out of it.
type Tensor = tensor.Dense

// A Batch is a number of samples: X and Y have the same first dimension. Y may be nil where no target is needed.
type Batch struct {
	X, Y *Tensor
}

// A Dataset yields its samples in batches.
type Dataset interface {
	// Len is the number of samples.
	Len() int
	// Batches yields every sample once, in batches of size samples, the last one smaller if need be; size 0 is the whole
	// set. The order is drawn from rng, or is the set's own if rng is nil. A batch is valid until the next one.
	Batches(size int, rng *rand.Rand) iter.Seq2[Batch, error]
}
