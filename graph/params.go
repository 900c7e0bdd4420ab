package graph

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A store holds the parameters of a model, which its parts share, and the progress of training. One lock guards everything
// that may change after Compile; only read, change and choose take it.
type store struct {
	dtype   tensor.Dtype
	seed    uint64
	sealed  bool // no parameter can be added
	byName  map[string]*parameter
	list    []*parameter // in the order of first use
	source  *source      // the values of a file, while it is opened; else nil
	trusted bool         // graphs have no limits of size
	shapes  bool         // parameters have shapes but no values, in a trial of the network
	fitting atomic.Bool  // a Fit is running

	metadata metadata // has a lock of its own

	lock     sync.RWMutex // guards the values and slots of parameters, their updateCount and frozen, and the next fields
	steps    int          // training steps completed
	epochs   int          // epochs completed, for shuffling
	safe     snapshot     // restored when training diverges
	averaged bool         // the values are averages, and the trained values are in the averages' slot
	packs    ops.Packs    // packed copies of parameters, for programs that do not train

	choice atomic.Pointer[choice]
}

// A parameter is one tensor of a model with the optimizer's state for it.
type parameter struct {
	name        string
	shape       []int
	trained     bool // false for a state
	frozen      bool
	value       *Tensor
	slots       []*Tensor // the optimizer's state
	updateCount int       // updates by the optimizer
	mask        bool      // a state that was not finite when it was created
}

// A choice is the list of parameters that training changes. It is immutable: choose replaces it, so that a training program
// and the optimizer's step after it can check that they use the same list.
type choice struct{ trained []*parameter }

func newStore(dt tensor.Dtype, seed uint64) *store {
	s := &store{dtype: dt, seed: seed, byName: map[string]*parameter{}}
	s.choice.Store(&choice{})
	return s
}

// read calls f while nothing changes the parameters.
func (s *store) read(f func() error) error {
	s.lock.RLock()
	defer s.lock.RUnlock()
	return f()
}

// change calls f, which may change parameters, while nothing else reads or changes them.
func (s *store) change(f func() error) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.packs.Changed()
	return f()
}

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
		if p.trained && !p.frozen {
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
	if s.sealed {
		return nil, &parameterError{name, slices.Clone(shape), "got a new name, want a parameter that Compile created"}
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
		s.packs.Add(p.value)
	}
	s.byName[name] = p
	s.list = append(s.list, p)
	return p, nil
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
		init(values, shape, rand.New(rand.NewPCG(s.seed, hashString(name))))
		return 0, nil
	}); err != nil {
		return nil, fmt.Errorf("parameter %s: initializer: %w", name, err)
	}
	value := tensors.New(s.dtype, shape)
	tensors.Set(value, values)
	if trained && tensors.HasNonFinite(value) || slices.ContainsFunc(values, math.IsNaN) {
		return nil, fmt.Errorf("parameter %s: initializer: got a number that is not finite", name)
	}
	return value, nil
}

// seal creates the optimizer's state; after it, no parameter can be added.
func (s *store) seal(o Optimizer) {
	s.sealed = true
	s.renewChoice()
	if o == nil {
		return
	}
	for _, p := range s.list {
		for range o.Slots() {
			p.slots = append(p.slots, tensors.New(s.dtype, p.shape))
		}
	}
}

// elements returns the numbers of elements of all parameters, and of those that are trained and not frozen.
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

// averageSlot returns the index of the optimizer's slot that stores averages of the weights, -1 if there is none.
func (m *Model) averageSlot() int {
	for _, a := range optimizersAs[Averager](m.cfg.Optimizer) {
		if slot := a.Average(); slot >= 0 {
			return slot
		}
	}
	return -1
}

// average swaps the weights and their averages, so that the parameters have the averages if on is true, else the weights.
func (m *Model) average(on bool) {
	slot := m.averageSlot()
	if slot < 0 || m.store.averaged == on {
		return
	}
	_ = m.store.change(func() error {
		for _, p := range m.store.list {
			if p.updateCount == 0 { // there is no average yet
				continue
			}
			a, b := tensors.Bytes(p.value), tensors.Bytes(p.slots[slot])
			for i := range a {
				a[i], b[i] = b[i], a[i]
			}
		}
		m.store.averaged = on
		return nil
	})
}

// resetAverage sets the averages of parameters to their values, which have just been set.
func (m *Model) resetAverage(list []*parameter) {
	if slot := m.averageSlot(); slot >= 0 {
		for _, p := range list {
			copy(tensors.Bytes(p.slots[slot]), tensors.Bytes(p.value))
		}
	}
}
