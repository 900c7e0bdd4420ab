package graph

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Params is a set of parameters that several models share, given to Compile as Config.Params: networks that have layers of the
// same names share their parameters. Each model has a loss, inputs, outputs, an optimizer with its state, and a list of what it
// trains (Config.Train) of its own.
//
//	params := graph.NewParams(1)
//	critic, err := graph.Compile(discriminator, graph.Config{Params: params, ...})
//	player, err := graph.Compile(both, graph.Config{Params: params, Train: []string{"generator"}, ...})
//
// The layers of two networks have the same names if they have the same paths: name them with layers.Named or Scope.ApplyAs. Paths
// begin below the network that Compile gets, so its own name counts nothing: put a named layer into a layers.Sequential. The
// initial value of a parameter depends on the seed and its full name only, not on the order of the Compile calls. A parameter
// that two networks use in different shapes, or as a parameter and as a state, is an error of Compile.
//
// The models may be used at the same time. A training step of one waits until no other model over the Params computes. If one
// of them averages its weights (see Averager), the training steps of all use the weights themselves, and everything else the
// averages. If the training of one diverges, it restores only what it trains.
//
// The zero value is an empty set, as NewParams(0) returns.
type Params struct {
	seed   uint64        // of the initial values
	number atomic.Uint64 // see place

	averages atomic.Bool // some model averages its weights

	lock     sync.RWMutex // guards everything that may change after Compile, also in the models; only read and change take it
	dtype    tensor.Dtype // zero until the first model is published
	byName   map[string]*param
	list     []*param  // in the order in which models published them
	stores   []*store  // of the models that have an optimizer, in the order of Compile
	averaged bool      // the values are averages, and the trained values are in the averages' slots
	version  int       // changes when somebody sets values, other than by training
	packs    ops.Packs // packed copies of parameters, for programs that do not train
}

// A param is the value of one parameter.
type param struct {
	name    string
	shape   []int
	trained bool // false for a state
	value   *Tensor
	mask    bool // a state that was not finite when it was created
}

var paramsCount atomic.Uint64

// NewParams returns an empty set of parameters. Compile calls with it as Config.Params add parameters, whose random initial
// values come from the seed.
func NewParams(seed uint64) *Params {
	return &Params{seed: seed}
}

// place returns the set's place among all sets, counted from 1: Blend locks two in this order, so that two calls do not wait for each
// other.
func (ps *Params) place() uint64 {
	if ps.number.Load() == 0 {
		ps.number.CompareAndSwap(0, paramsCount.Add(1))
	}
	return ps.number.Load()
}

// Params returns the parameters of the model, for Compile calls of other models that share them. For a part of a model, they are
// those of the whole.
func (m *Model) Params() *Params {
	if m.made() != nil {
		return NewParams(0)
	}
	return m.store.params
}

// read calls f while nothing changes the parameters.
func (ps *Params) read(f func() error) error {
	ps.lock.RLock()
	defer ps.lock.RUnlock()
	return f()
}

// change calls f, which may change parameters, while nothing else reads or changes them.
func (ps *Params) change(f func() error) error {
	ps.lock.Lock()
	defer ps.lock.Unlock()
	ps.packs.Changed()
	return f()
}

// publish adds the parameters of a compiled model to those that models share, and takes the values that are there already.
func (ps *Params) publish(s *store, o Optimizer) error {
	return ps.change(func() error {
		if err := ps.sameType(s.dtype); err != nil {
			return err
		}
		for _, p := range s.list {
			shared := ps.byName[p.name]
			if shared == nil {
				continue
			}
			if err := shared.check(p.shape, p.trained); err != nil {
				return err
			}
			p.param = shared
		}
		if err := ps.checkAverages(s); err != nil {
			return fmt.Errorf("graph: Compile: %w", err)
		}
		ps.dtype = s.dtype
		if ps.byName == nil {
			ps.byName = map[string]*param{}
		}
		for _, p := range s.list {
			if ps.byName[p.name] == nil {
				ps.byName[p.name] = p.param
				ps.list = append(ps.list, p.param)
				ps.packs.Add(p.value)
			}
			if s.slot >= 0 && !p.excluded {
				ps.packs.Add(p.slots[s.slot]) // average swaps the memory of the two
			}
		}
		if o != nil {
			ps.stores = append(ps.stores, s)
			ps.averages.Store(ps.averages.Load() || s.slot >= 0)
		}
		return nil
	})
}

// find returns the value of a parameter that some model has published; nil if there is none.
func (ps *Params) find(name string) (p *param) {
	_ = ps.read(func() error {
		p = ps.byName[name]
		return nil
	})
	return p
}

// checkType returns an error unless models of element type dt can use the parameters.
func (ps *Params) checkType(dt tensor.Dtype) error {
	return ps.read(func() error { return ps.sameType(dt) })
}

// sameType is checkType for a caller that holds the lock.
func (ps *Params) sameType(dt tensor.Dtype) error {
	if none := (tensor.Dtype{}); ps.dtype != none && ps.dtype != dt {
		return fmt.Errorf("Config.DType: got %v, want %v as in the other models over these Params", dt, ps.dtype)
	}
	return nil
}

// check returns an error if a network uses the parameter in another shape, or as another kind.
func (p *param) check(shape []int, trained bool) error {
	kind := func(trained bool) string {
		if trained {
			return "a trained parameter"
		}
		return "a state"
	}
	var text string
	switch {
	case !slices.Equal(p.shape, shape):
		text = fmt.Sprintf("got shape %v, want %v", shape, p.shape)
	case p.trained != trained:
		text = fmt.Sprintf("got %s, want %s", kind(trained), kind(p.trained))
	default:
		return nil
	}
	return &parameterError{p.name, slices.Clone(shape), text + " as in another model over the same Params"}
}
