package layers

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
	"github.com/nndiy/nndiy/internal/tensors"
)

// An Adapter is a layer that learns from data before training: Adapt returns the layer fitted to x, samples of its input as
// float64, (rows, ...). It must not change x. What it learns is in its exported fields, and so in the model's file.
type Adapter interface {
	graph.Layer
	Adapt(x *graph.Tensor) (graph.Layer, error)
}

// adaptElements is the largest number of elements that layers adapt to; of larger data it is a random sample of rows.
const adaptElements = 1 << 25

// Adapt returns the network with its Adapters, such as Normalize, fitted to the data: to the training data only, so that nothing is
// learned from others. The network is one of them, or a Sequential in which they are in front of the layers with parameters; each
// gets the data as the layers before it return them. Data of more than 33 million numbers are sampled by rows, always in the same way.
// Columns has an Adapt of its own.
func Adapt(net graph.Layer, data graph.Dataset) (graph.Layer, error) {
	var x *tensor.Dense
	var err error
	switch {
	case settings.IsNil(net):
		err = errors.New("got no network, want a Layer")
	case settings.IsNil(data):
		err = errors.New("got no data, want at least one sample")
	default:
		x, err = sampled(data)
	}
	if err == nil {
		var fitted Sequential
		if fitted, err = adapted(Sequential{net}, x); err == nil {
			return fitted[0], nil
		}
	}
	return nil, fmt.Errorf("layers: Adapt: %w", err)
}

// adapts reports whether there is an Adapter in the layers.
func adapts(list []graph.Layer) bool {
	return slices.ContainsFunc(list, func(l graph.Layer) bool {
		switch l := l.(type) {
		case Adapter:
			return true
		case Sequential:
			return adapts(l)
		case named:
			return adapts([]graph.Layer{l.Layer})
		}
		return false
	})
}

// adapted returns the layers fitted to samples x of their input.
func adapted(list []graph.Layer, x *tensor.Dense) (fitted Sequential, err error) {
	if i := slices.IndexFunc(list, func(l graph.Layer) bool { return settings.IsNil(l) }); i >= 0 {
		return nil, fmt.Errorf("layer %d: got nil, want a layer", i)
	}
	fitted = slices.Clone(list)
	for i, l := range list {
		switch l := l.(type) {
		case Adapter:
			fitted[i], err = l.Adapt(x)
		case Sequential:
			fitted[i], err = adapted(l, x)
		case named:
			var inner Sequential
			if inner, err = adapted(Sequential{l.Layer}, x); err == nil {
				fitted[i] = Named(l.Name, inner[0])
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%T: %w", l, err)
		}
		if !adapts(list[i+1:]) {
			break
		}
		if x, err = applied(fitted[i], x); err != nil {
			return nil, err
		}
	}
	return fitted, nil
}

// applied returns what a layer without parameters makes of x.
func applied(l graph.Layer, x *tensor.Dense) (*tensor.Dense, error) {
	m, err := graph.Compile(l, graph.Config{Input: x.Shape()[1:], DType: tensor.Float64})
	if err != nil {
		return nil, err
	}
	if w := m.Weights(); len(w) > 0 {
		return nil, fmt.Errorf("%T: got the parameter %.64q in front of a layer to adapt, want it behind", l, w.Names()[0])
	}
	return m.Predict(context.Background(), x)
}

// sampled returns samples of the input as float64.
func sampled(data graph.Dataset) (*tensor.Dense, error) {
	var s sample
	for batch, err := range data.Batches(512, nil) {
		if err != nil {
			return nil, err
		}
		x := batch.X
		if x == nil || x.Dims() < 2 {
			return nil, fmt.Errorf("got no input of shape (rows, ...)")
		}
		if s.shape == nil {
			s.shape = slices.Clone(x.Shape()[1:])
		} else if !slices.Equal(s.shape, x.Shape()[1:]) {
			return nil, fmt.Errorf("got samples of shape %v, want %v as before", x.Shape()[1:], s.shape)
		}
		values, err := tensors.Float64s(x)
		if err != nil {
			return nil, err
		}
		for row := range slices.Chunk(values, tensors.Size(s.shape)) {
			s.add(row)
		}
	}
	return s.tensor()
}

// A sample is a random sample of rows of numbers: all of them, while they are few.
type sample struct {
	shape  []int // of a row
	values []float64
	rows   int // number of rows so far
	rng    *rand.Rand
}

// add adds a row, with the probability that each row has in a sample (Vitter 1985, algorithm R).
func (s *sample) add(row []float64) {
	s.rows++
	if most := max(adaptElements/max(len(row), 1), 1024); s.rows > most {
		if s.rng == nil {
			s.rng = rand.New(rand.NewPCG(1, 2))
		}
		if i := s.rng.IntN(s.rows); i < most {
			copy(s.values[i*len(row):], row)
		}
		return
	}
	s.values = append(s.values, row...)
}

func (s *sample) tensor() (*tensor.Dense, error) {
	if s.rows == 0 {
		return nil, fmt.Errorf("got no rows, want at least one")
	}
	n := tensors.Size(s.shape)
	return tensor.New(tensor.WithShape(append([]int{len(s.values) / n}, s.shape...)...), tensor.WithBacking(s.values)), nil
}
