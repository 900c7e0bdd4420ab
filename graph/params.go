package graph

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A store holds the parameters that a model uses, and the progress of its training; the parts of the model share it. The lock
// of its params guards everything that may change after Compile; only read, change and choose take it.
type store struct {
	params  *Params
	dtype   tensor.Dtype
	seed    uint64 // of the shuffling and the noise
	trains  bool   // there is an optimizer
	sealed  bool   // no parameter can be added
	byName  map[string]*parameter
	list    []*parameter // in the order of first use
	source  *source      // the values of a file, while it is opened; else nil
	trusted bool         // graphs have no limits of size
	shapes  bool         // parameters have shapes but no values, in a trial of the network
	fitting atomic.Bool  // a Fit is running

	metadata metadata // has a lock of its own

	slot   int      // the optimizer's slot that stores averages of the weights, -1 if there is none
	steps  int      // training steps completed
	epochs int      // epochs completed, for shuffling
	safe   snapshot // restored when training diverges

	turn    chan struct{}           // full while a Step or an Apply runs, which then has the next two
	updater *updater                // also of Fit
	stepper *stepper                // of Step
	pools   []*kernels.Pool         // of the shards of Fit
	rate    atomic.Pointer[float64] // set by SetRate; else nil

	choice atomic.Pointer[choice]
}

// A parameter is a param as one model trains it, with the state of the model's optimizer for it.
type parameter struct {
	*param
	excluded    bool // Config.Train leaves it out
	frozen      bool
	slots       []*Tensor // the optimizer's state
	updateCount int       // updates by the optimizer
}

// changes reports whether training may change the parameter.
func (p *parameter) changes() bool { return !p.excluded && !p.frozen }

// A choice is the list of parameters that training changes. It is immutable: choose replaces it, so that a training program
// and the optimizer's step after it can check that they use the same list.
type choice struct{ trained []*parameter }

func newStore(ps *Params, dt tensor.Dtype) *store {
	s := &store{params: ps, dtype: dt, byName: map[string]*parameter{}, slot: -1, turn: make(chan struct{}, 1)}
	s.choice.Store(&choice{})
	return s
}

// read calls f while nothing changes the parameters.
func (s *store) read(f func() error) error { return s.params.read(f) }

// change calls f, which may change parameters, while nothing else reads or changes them.
func (s *store) change(f func() error) error { return s.params.change(f) }

// choose is change for a function that freezes or unfreezes parameters.
func (s *store) choose(f func() error) error {
	return s.change(func() error {
		defer s.renewChoice()
		return f()
	})
}

// renewChoice makes a new choice of the parameters that are not frozen.
func (s *store) renewChoice() {
	c := new(choice)
	for _, p := range s.list {
		if p.trained && p.changes() {
			c.trained = append(c.trained, p)
		}
	}
	s.choice.Store(c)
}

// param returns the parameter with the given name; it creates it if necessary. Random values depend only on the store's seed
// and the name.
func (s *store) param(name string, init Initializer, shape []int, trained bool) (*parameter, error) {
	if p, ok := s.byName[name]; ok {
		if !slices.Equal(p.shape, shape) {
			return nil, &parameterError{name, slices.Clone(shape), fmt.Sprintf("got shape %v, want %v as before", shape, p.shape)}
		}
		return p, nil
	}
	if p := s.params.find(name); p != nil && !s.sealed {
		if err := p.check(shape, trained); err != nil {
			return nil, err
		}
		return s.add(p), nil
	}
	if s.sealed {
		return nil, &parameterError{name, slices.Clone(shape), "got a new name, want a parameter that Compile created"}
	}
	for _, d := range shape {
		if d < 1 {
			return nil, fmt.Errorf("parameter %s: got shape %v, want dimensions of 1 or more", name, shape)
		}
	}
	if init == nil {
		return nil, fmt.Errorf("parameter %s: got no initializer, want one such as GlorotUniform", name)
	}
	p := &param{name: name, shape: slices.Clone(shape), trained: trained}
	if !s.shapes {
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
	}
	return s.add(p), nil
}

// add adds a parameter to those of the model.
func (s *store) add(value *param) *parameter {
	p := &parameter{param: value}
	s.byName[p.name] = p
	s.list = append(s.list, p)
	return p
}

// A parameterError is the error of a parameter that is not as it was when it was created.
type parameterError struct {
	name  string
	shape []int // the one that was asked for
	text  string
}

func (e *parameterError) Error() string { return fmt.Sprintf("parameter %s: %s", e.name, e.text) }

// initial returns the initial value of a parameter. Only a state may be infinite, since it may be a mask.
func (s *store) initial(name string, init Initializer, shape []int, trained bool) (*Tensor, error) {
	if err := ops.CheckSize(shape); err != nil {
		return nil, fmt.Errorf("parameter %s: %w", name, err)
	}
	values := make([]float64, tensors.Size(shape))
	if _, err := ops.Safely(func() (int, error) {
		init(values, shape, rand.New(rand.NewPCG(s.params.seed, hashString(name))))
		return 0, nil
	}); err != nil {
		return nil, fmt.Errorf("parameter %s: initializer: %w", name, err)
	}
	value := tensors.New(s.dtype, shape)
	tensors.Set(value, values)
	if trained && tensors.HasNonFinite(value) || slices.ContainsFunc(values, math.IsNaN) {
		return nil, fmt.Errorf("parameter %s: initializer: got a number that is not finite, want finite ones", name)
	}
	return value, nil
}

// seal creates the optimizer's state for the parameters that match the patterns of Config.Train; after it, no parameter can be
// added.
func (s *store) seal(o Optimizer, train []string) error {
	if s.sealed { // a part of a model
		return nil
	}
	s.sealed = true
	if err := s.exclude(train); err != nil {
		return err
	}
	s.renewChoice()
	if o == nil {
		return nil
	}
	s.trains = true
	if err := s.checkParams(o); err != nil {
		return err
	}
	s.slot = averageSlot(o)
	for _, p := range s.list {
		if p.excluded {
			continue
		}
		for range o.Slots() {
			p.slots = append(p.slots, tensors.New(s.dtype, p.shape))
		}
	}
	return nil
}

// elements returns the numbers of elements of all parameters, and of those that are trained and not frozen.
func (s *store) elements() (all, trained int) {
	for _, p := range s.list {
		all += tensors.Size(p.shape)
		if p.trained && p.changes() {
			trained += tensors.Size(p.shape)
		}
	}
	return all, trained
}

// tensors returns the parameters and the optimizer's state.
func (s *store) tensors() []*Tensor {
	var list []*Tensor
	for _, p := range s.list {
		list = append(append(list, p.value), p.slots...)
	}
	return list
}

var errElementType = errors.New("want float32 or float64")
