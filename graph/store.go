package graph

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A store holds the parameters of a model and of its parts.
type store struct {
	dtype    tensor.Dtype
	seed     uint64
	sealed   bool // no parameter may be added any more
	byName   map[string]*parameter
	list     []*parameter // in the order of first use
	steps    int          // of training, made so far
	averaged bool         // the values are averages, the trained values are in the averages' slot
	frozen   int          // how often the choice of frozen parameters has changed
	source   *source      // while a model is made of a file
	trusted  bool         // the network may ask for anything
	packs    ops.Packs    // of the parameters, for programs that do not change them
}

// A parameter is one tensor of a model and what its optimizer keeps for it.
type parameter struct {
	name    string
	shape   []int
	trained bool // unless it is frozen
	frozen  bool
	value   *Tensor
	slots   []*Tensor // of the optimizer
	updates int       // made by the optimizer so far
	mask    bool      // it was infinite somewhere at first, and is not trained
}

func newStore(dt tensor.Dtype, seed uint64) *store {
	return &store{dtype: dt, seed: seed, byName: map[string]*parameter{}}
}

// param returns the parameter of that name, making it if need be. Its values depend on the seed and on its name alone.
func (s *store) param(name string, init Initializer, shape []int, trained bool) (*parameter, error) {
	if p, ok := s.byName[name]; ok {
		if !slices.Equal(p.shape, shape) {
			return nil, fmt.Errorf("parameter %s: got shape %v, want %v as before", name, shape, p.shape)
		}
		return p, nil
	}
	if s.sealed {
		return nil, fmt.Errorf("parameter %s was not there when the model was compiled", name)
	}
	for _, d := range shape {
		if d < 1 {
			return nil, fmt.Errorf("parameter %s: got shape %v, want dimensions of 1 or more", name, shape)
		}
	}
	if init == nil {
		return nil, fmt.Errorf("parameter %s: got no initializer", name)
	}
	p := &parameter{name: name, shape: slices.Clone(shape), trained: trained}
	var err error
	if s.source != nil {
		p.value, err = s.source.take(name, shape, s.dtype)
	} else {
		p.value, err = s.initial(name, init, shape, trained)
	}
	if err != nil {
		return nil, err
	}
	p.mask = !trained && tensors.HasNonFinite(p.value)
	s.byName[name] = p
	s.packs.Add(p.value)
	s.list = append(s.list, p)
	return p, nil
}

// initial returns the first value of a parameter. A state, which may be a mask, can be infinite.
func (s *store) initial(name string, init Initializer, shape []int, trained bool) (*Tensor, error) {
	if err := ops.CheckSize(shape); err != nil {
		return nil, fmt.Errorf("parameter %s: %w", name, err)
	}
	values := make([]float64, tensors.Size(shape))
	if _, err := safely(func() (int, error) {
		init(values, shape, rand.New(rand.NewPCG(s.seed, hashString(name))))
		return 0, nil
	}); err != nil {
		return nil, fmt.Errorf("parameter %s: initializer: %w", name, err)
	}
	value := tensors.New(s.dtype, shape)
	tensors.Set(value, values)
	if trained && tensors.HasNonFinite(value) || slices.ContainsFunc(values, math.IsNaN) {
		return nil, fmt.Errorf("parameter %s: the initializer gave a number that is not finite", name)
	}
	return value, nil
}

// seal makes the optimizer's state, and lets nobody add a parameter any more.
func (s *store) seal(o Optimizer) {
	s.sealed = true
	if o == nil {
		return
	}
	for _, p := range s.list {
		for range o.Slots() {
			p.slots = append(p.slots, tensors.New(s.dtype, p.shape))
		}
	}
}

// elements returns the number of elements of the parameters, and of those that are trained.
func (s *store) elements() (all, trained int) {
	for _, p := range s.list {
		all += tensors.Size(p.shape)
		if p.trained && !p.frozen {
			trained += tensors.Size(p.shape)
		}
	}
	return all, trained
}

// tensors returns everything that training changes: the parameters and the optimizer's state.
func (s *store) tensors() []*Tensor {
	var list []*Tensor
	for _, p := range s.list {
		list = append(append(list, p.value), p.slots...)
	}
	return list
}

var errElementType = errors.New("want float32 or float64")
