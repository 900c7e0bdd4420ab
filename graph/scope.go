package graph

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

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

// Input returns an input of the network beside the one that Emit is given; Config.Inputs says its shape.
func (s *Scope) Input(name string) Node {
	if n, ok := s.b.inputs[name]; ok {
		s.b.used[name] = true
		return n
	}
	known := slices.Sorted(maps.Keys(s.b.inputs))
	return s.b.fail("Input", fmt.Errorf("got the name %q, want one of Config.Inputs: %q", name, known))
}

// Output makes a node an output of the network, beside the one that Emit returns. Its name is the whole network's, not the
// layer's. Config.Outputs may give it a loss and metrics; Model.PredictAll returns its values.
func (s *Scope) Output(name string, x Node) {
	switch _, ok := s.b.outputs[name]; {
	case x.err != nil:
		s.b.keep(x.err)
	case x.b != s.b:
		s.b.fail("Output", errNoNode)
	case ok:
		s.b.fail("Output", fmt.Errorf("got the name %q twice", name))
	case name == "" || strings.Contains(name, "/") || name == MainOutput: // a slash parts it from what is measured of it
		s.b.fail("Output", fmt.Errorf("got the name %q, want one that is not empty, has no slash and is not %q", name, MainOutput))
	default:
		s.b.outputs[name] = x
	}
}
