package graph

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Layer is a function of nodes with parameters: Emit adds its operations to the graph and returns its output. A layer
// keeps no state of its own; its parameters belong to the scope.
type Layer interface{ Emit(s *Scope, x Node) Node }

// LayerFunc makes a function a Layer.
type LayerFunc func(s *Scope, x Node) Node

// Emit implements Layer.
func (f LayerFunc) Emit(s *Scope, x Node) Node { return f(s, x) }

// Named is a Layer that has a name of its own, which Scope.Apply uses.
type Named interface {
	Layer
	LayerName() string
}

// A Scope is the place in a model at which a layer is applied: it names parameters and says whether the layer is training.
type Scope struct {
	b        *builder
	path     string
	training bool
	counts   map[string]int // of the layers of each kind
}

// child returns the scope of something inside this one.
func (s *Scope) child(name string) *Scope {
	return &Scope{b: s.b, path: s.join(name), training: s.training, counts: map[string]int{}}
}

// Path returns the layer's full name, such as "encoder/dense1"; it is empty at the top.
func (s *Scope) Path() string { return s.path }

// Training reports whether the layer is training: Dropout drops, noise is added, BatchNorm normalizes by the batch.
func (s *Scope) Training() bool { return s.training }

// TrainingMode returns the same scope with Training on or off, for functions and tests. Layers applied in it, and the layers
// inside these, are in that mode; s stays as it is.
func (s *Scope) TrainingMode(on bool) *Scope {
	t := *s
	t.training = on
	return &t
}

// Apply applies a layer. Its name is the layer's own (see Named), or its type's name and a number: dense1, dense2.
func (s *Scope) Apply(l Layer, x Node) Node {
	if n, ok := l.(Named); ok {
		return s.ApplyAs(n.LayerName(), l, x)
	}
	kind := kindOf(l)
	s.counts[kind]++
	return s.ApplyAs(fmt.Sprintf("%s%d", kind, s.counts[kind]), l, x)
}

// ApplyAs applies a layer under a name. Layers applied under one name share their parameters.
func (s *Scope) ApplyAs(name string, l Layer, x Node) Node {
	if x.err != nil {
		return x
	}
	if name == "" || strings.Contains(name, "/") {
		return x.fail("ApplyAs", fmt.Errorf("got the name %q, want one without a slash that is not empty", name))
	}
	if l == nil {
		return s.b.failAt(s.join(name), "Apply", fmt.Errorf("got no layer"))
	}
	inner := s.child(name)
	return s.b.within(inner.path, func() Node { return s.b.record(inner, l, x) })
}

// join returns the full name of something in the scope.
func (s *Scope) join(name string) string {
	if s.path == "" {
		return name
	}
	return s.path + "/" + name
}

// kindOf returns the name of a layer's type, in lower case.
func kindOf(l Layer) string {
	if l == nil {
		return "layer"
	}
	t := reflect.TypeOf(l)
	if t == nil {
		return "layer"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name, _, _ := strings.Cut(t.Name(), "[")
	switch {
	case t == reflect.TypeOf(LayerFunc(nil)):
		return "func"
	case name == "":
		return "layer"
	}
	return strings.ToLower(name)
}

// Param returns the parameter of that name in the scope, made by the initializer when the model is compiled.
func (s *Scope) Param(name string, init Initializer, shape ...int) Node {
	return s.b.param(s.join(name), init, shape, true)
}

// Params returns the parameters that are trained and that layers have asked for until now, in that order.
func (s *Scope) Params() []Node {
	var nodes []Node
	for _, name := range s.b.order {
		if s.b.store.byName[name].trained {
			nodes = append(nodes, s.b.params[name])
		}
	}
	return nodes
}

// Noise returns random numbers, drawn anew for each step of training from the model's seed. Outside training they are the
// same in every run.
func (s *Scope) Noise(d Noise, shape ...int) Node {
	s.b.noises++
	r := ops.Random{Key: hashString(fmt.Sprintf("%s#%d", s.path, s.b.noises)), To: ops.Encode(shape)}
	switch {
	case d.Keep < 0 || d.Keep > 1 || d.Keep != d.Keep:
		return s.b.fail("Noise", fmt.Errorf("got a probability of %v, want one from 0 to 1", d.Keep))
	case d.Normal:
		r.Dist = ops.Normal
	case d.Keep > 0:
		r.Dist, r.P = ops.Bernoulli, d.Keep
	}
	for _, n := range shape {
		if n < 1 {
			return s.b.fail("Noise", fmt.Errorf("got shape %v, want dimensions of 1 or more", shape))
		}
	}
	if s.b.err != nil {
		return Node{err: s.b.err}
	}
	return s.b.source("Noise", r)
}

// Noise is a distribution of random numbers; the zero value is uniform in [0, 1).
type Noise struct {
	Normal bool    // standard normal
	Keep   float64 // if above 0: the number 1 with this probability, else 0
}

// Penalty adds a scalar to the training loss: a regularizer, or a KL term.
func (s *Scope) Penalty(x Node) {
	switch {
	case x.err != nil:
		s.b.keep(x.err)
	case tensors.Size(x.Shape()) != 1:
		s.b.fail("Penalty", fmt.Errorf("got shape %v, want a scalar", x.Shape()))
	default:
		s.b.penalties = append(s.b.penalties, x)
	}
}

// Constant returns a node with the elements of a tensor, which must not change afterwards.
func (s *Scope) Constant(t *Tensor) Node {
	if t == nil {
		return s.b.fail("Constant", fmt.Errorf("got no tensor"))
	}
	values, err := tensors.Float64s(t)
	if err != nil {
		return s.b.fail("Constant", err)
	}
	return s.b.source("Constant", ops.NewConstant(slices.Clone([]int(t.Shape())), values))
}

// Table returns a node with elements that f gives, by their numbers in row-major order.
func (s *Scope) Table(f func(i int) float64, shape ...int) Node {
	for _, n := range shape {
		if n < 1 {
			return s.b.fail("Table", fmt.Errorf("got shape %v, want dimensions of 1 or more", shape))
		}
	}
	if err := s.b.limits.spendConstant(shape); err != nil {
		return s.b.fail("Table", err)
	}
	values := make([]float64, tensors.Size(shape))
	for i := range values {
		values[i] = f(i)
	}
	return s.b.source("Table", ops.NewConstant(slices.Clone(shape), values))
}

// Scalar returns a node with one element.
func (s *Scope) Scalar(v float64) Node {
	if math.IsNaN(v) {
		return s.b.fail("Scalar", fmt.Errorf("got NaN"))
	}
	return s.b.add("Scalar", func() (*ops.Node, error) { return s.b.g.Fill(v, nil), nil })
}
