package graph

import (
	"iter"
	"math/rand/v2"

	"gorgonia.org/tensor"
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
