package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Function is a compiled expression of any number of inputs and outputs, derivatives included, for computations without a
// Model. It is deterministic: its noise is the same in every call. It computes in the element type of its inputs. Its
// methods are safe for concurrent use, except SetWeights during a Call. NewFunction makes it; the zero value has no parameters, and
// Call returns an error.
type Function struct {
	build  func(s *Scope, x ...Node) []Node
	shapes [][]int
	stores map[tensor.Dtype]*store

	mu       sync.Mutex
	programs program.Cache[tensor.Dtype]
}

// NewFunction compiles a Function. build gets a node for each of the shapes, which include the batch, and returns the
// outputs. It may be called several times. Parameters that it uses are made from seed 0; Weights and SetWeights read and
// change them. Training is off in its Scope; see Scope.TrainingMode.
func NewFunction(build func(s *Scope, x ...Node) []Node, shapes ...[]int) (*Function, error) {
	if build == nil {
		return nil, errors.New("graph: NewFunction: got no function, want one that builds the outputs")
	}
	f := &Function{build: build, stores: map[tensor.Dtype]*store{}, programs: program.Cache[tensor.Dtype]{Limit: programBytes}}
	for i, s := range shapes {
		for _, d := range s {
			if d < 1 {
				return nil, fmt.Errorf("graph: NewFunction: input %d: got shape %v, want dimensions of 1 or more", i, s)
			}
		}
		f.shapes = append(f.shapes, slices.Clone(s))
	}
	f.stores[tensor.Float64] = newStore(NewParams(0), tensor.Float64)
	_, _, _, err := f.emit(tensor.Float64)
	f.stores[tensor.Float64].sealed = true
	return f, public("", err)
}

var errNoFunction = errors.New("got the zero Function, want one from NewFunction")

// emit builds the graph in an element type, and returns its inputs and outputs.
func (f *Function) emit(dt tensor.Dtype) (*builder, []Node, []Node, error) {
	b := newBuilder(f.stores[dt], false)
	in := make([]Node, len(f.shapes))
	for i, s := range f.shapes {
		in[i] = b.input(fmt.Sprintf("x%d", i), s)
	}
	out, err := ops.Safely(func() ([]Node, error) { return f.build(b.scope(), in...), nil })
	if err != nil {
		return nil, nil, nil, b.failPanic(b.panicked, err).err
	}
	if b.err != nil {
		return nil, nil, nil, b.err
	}
	for i, n := range out {
		if n.err != nil {
			return nil, nil, nil, n.err
		}
		if n.b != b {
			return nil, nil, nil, fmt.Errorf("graph: NewFunction: output %d: %w", i, errNoNode)
		}
	}
	if len(out) == 0 {
		return nil, nil, nil, errors.New("graph: NewFunction: got no outputs, want at least one")
	}
	return b, in, out, b.checkScanned(out...)
}

// Call computes the outputs for inputs x of the shapes given to NewFunction. All of them must be float32, or all float64;
// the outputs are new tensors of the same type. Without inputs it computes in float64.
func (f *Function) Call(ctx context.Context, x ...*Tensor) ([]*Tensor, error) {
	if f.build == nil {
		return nil, public("Call", errNoFunction)
	}
	if err := ended(ctx); err != nil {
		return nil, public("Call", err)
	}
	if len(x) != len(f.shapes) {
		return nil, fmt.Errorf("graph: Call: got %d inputs, want %d", len(x), len(f.shapes))
	}
	dt := tensor.Float64
	for i, t := range x {
		switch {
		case t == nil:
			return nil, fmt.Errorf("graph: Call: input %d: got no tensor, want one", i)
		case i > 0 && t.Dtype() != dt:
			return nil, fmt.Errorf("graph: Call: input %d: got element type %v, want %v as in the other inputs", i, tensors.ElementType(t), dt)
		case t.Dtype() != tensor.Float32 && t.Dtype() != tensor.Float64:
			return nil, fmt.Errorf("graph: Call: input %d: got element type %v, want float32 or float64", i, tensors.ElementType(t))
		case !tensors.SameShape(t, f.shapes[i]):
			return nil, fmt.Errorf("graph: Call: input %d: got shape %v, want %v", i, []int(t.Shape()), f.shapes[i])
		}
		dt = t.Dtype()
	}
	p, err := f.program(dt)
	if err != nil {
		return nil, public("Call", err)
	}
	defer func() {
		f.mu.Lock()
		f.programs.Put(dt, p)
		f.mu.Unlock()
	}()
	if err := p.Run(program.Draw{}, x...); err != nil {
		return nil, public("Call", err)
	}
	out := make([]*Tensor, p.Predictions())
	for i := range out {
		out[i] = tensors.Clone(p.Prediction(i))
	}
	return out, nil
}

// program returns a compiled program for an element type.
func (f *Function) program(dt tensor.Dtype) (*program.Program, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p := f.programs.Take(dt); p != nil {
		return p, nil
	}
	if f.stores[dt] == nil { // the float32 parameters start as a copy
		f.stores[dt] = newStore(NewParams(0), dt)
		if _, _, _, err := f.emit(dt); err != nil {
			return nil, err
		}
		f.stores[dt].sealed = true
		if err := f.stores[dt].set(f.stores[tensor.Float64].weights()); err != nil {
			return nil, err
		}
	}
	b, in, out, err := f.emit(dt)
	if err != nil {
		return nil, err
	}
	p, err := b.compile(in, outputs{predictions: out}, &ops.Env{Pool: kernels.Default()})
	if err == nil {
		f.programs.Lend(p)
	}
	return p, err
}

// Weights returns copies of the function's parameters, as float64.
func (f *Function) Weights() Weights {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.build == nil {
		return Weights{}
	}
	return f.stores[tensor.Float64].weights()
}

// SetWeights sets the function's parameters to copies of the tensors in w, which must contain every parameter in its shape
// and nothing else. It must not be called during a Call.
func (f *Function) SetWeights(w Weights) error {
	if f.build == nil {
		return public("SetWeights", errNoFunction)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, st := range f.stores {
		if err := st.set(w); err != nil {
			return public("SetWeights", err)
		}
	}
	return nil
}

// Params returns the names of the trained parameters, in the order of Scope.Params.
func (f *Function) Params() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var names []string
	if f.build == nil {
		return nil
	}
	for _, p := range f.stores[tensor.Float64].list {
		if p.trained {
			names = append(names, p.name)
		}
	}
	return names
}
