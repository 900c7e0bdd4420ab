package graph

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Scope is the place in a model where a layer is applied. It names the layer's parameters, applies the layers inside it,
// and reports whether the layer is training.
type Scope struct {
	b        *builder
	path     string
	training bool
	counts   map[string]int // number of layers of each kind applied so far
	owner    *owner         // the application whose scope it is
}

// child returns a scope inside this one, for a layer.
func (s *Scope) child(name string, l Layer, automatic bool) *Scope {
	path := s.join(name)
	return &Scope{b: s.b, path: path, training: s.training, counts: map[string]int{}, owner: s.owner.inside(path, l, automatic)}
}

// Path returns the layer's path, such as "encoder/dense1"; it is empty for the network itself.
func (s *Scope) Path() string { return s.path }

// Training reports whether the layer is applied in training mode, in which Dropout drops elements, noise is added and
// BatchNorm normalizes by the batch's statistics.
func (s *Scope) Training() bool { return s.training }

// TrainingMode returns a copy of the scope with Training on or off, for functions and tests. It sets the mode of the layers
// applied in the copy, and of the layers inside them; s is unchanged.
func (s *Scope) TrainingMode(on bool) *Scope {
	t := *s
	t.training = on
	return &t
}

// Apply applies a layer to x, under the layer's own name (see Named), or its type's name and a number: dense1, dense2. A layer with
// a method Unwrap() Layer, as layers.Recompute, has the name of the layer that this returns.
func (s *Scope) Apply(l Layer, x Node) Node {
	s.begin()
	if n, ok := named(l); ok {
		return s.ApplyAs(n.LayerName(), l, x)
	}
	kind := kindOf(unwrapped(l))
	s.counts[kind]++
	return s.apply(fmt.Sprintf("%s%d", kind, s.counts[kind]), l, x, true)
}

// ApplyAs applies a layer to x under a name, which must not be empty and must not contain a slash. Layers of one type with the
// same settings that are applied under the same name share their parameters. A parameter that other layers would share, since
// their full names are equal, is an error; a layer that Apply has numbered shares its parameters only with the layer of that
// number in another application of the layer around it.
func (s *Scope) ApplyAs(name string, l Layer, x Node) Node {
	s.begin()
	return s.apply(name, l, x, false)
}

func (s *Scope) apply(name string, l Layer, x Node, automatic bool) Node {
	if x.err != nil {
		return x
	}
	if name == "" || strings.Contains(name, "/") {
		return x.fail("ApplyAs", fmt.Errorf("got the name %q, want one that is not empty and contains no slash", name))
	}
	if l == nil {
		return s.b.failAt(s.join(name), "Apply", errors.New("got no layer, want one"))
	}
	inner := s.child(name, l, automatic)
	return s.b.within(inner.path, func() Node { return s.b.record(inner, l, x) })
}

// join returns the path of a name in the scope.
func (s *Scope) join(name string) string {
	if s.path == "" {
		return name
	}
	return s.path + "/" + name
}

// Param returns the trained parameter with the given name in the scope. Compile makes it with the initializer. A second call
// with the same name returns the same parameter; a different shape is an error, and so are the name of a state and that of a
// parameter of another layer.
func (s *Scope) Param(name string, init Initializer, shape ...int) Node {
	s.begin()
	full := s.join(name)
	n := s.b.param(s.owner, full, init, shape, true)
	if n.err == nil && !s.b.store.byName[full].trained {
		return s.b.fail("Param", fmt.Errorf("got %q, the name of a state, want another name", name))
	}
	return n
}

// Params returns the trained parameters that Param has returned so far anywhere in the graph, in the order of their first
// use.
func (s *Scope) Params() []Node {
	s.begin()
	var nodes []Node
	for _, name := range s.b.order {
		if s.b.store.byName[name].trained {
			nodes = append(nodes, s.b.params[name])
		}
	}
	return nodes
}

// Input returns an additional input of the network, one of those in Config.Inputs. An unknown name is an error.
func (s *Scope) Input(name string) Node {
	s.begin()
	if n, ok := s.b.inputs[name]; ok {
		s.b.used[name] = true
		return n
	}
	known := slices.Sorted(maps.Keys(s.b.inputs))
	return s.b.fail("Input", fmt.Errorf("got the name %q, want one of Config.Inputs: %q", name, known))
}

// Output makes x an additional output of the network. The name is unique in the whole network, not just in the layer; it
// must not be empty, contain a slash or be MainOutput. Config.Outputs may give the output a loss and metrics, and
// Model.PredictAll returns its values.
func (s *Scope) Output(name string, x Node) {
	s.begin()
	switch _, ok := s.b.outputs[name]; {
	case x.err != nil:
		s.b.keep(x.err)
	case x.b != s.b:
		s.b.fail("Output", errNoNode)
	case ok:
		s.b.fail("Output", fmt.Errorf("got the name %q twice, want unique names", name))
	case name == "" || strings.Contains(name, "/") || name == MainOutput:
		s.b.fail("Output", fmt.Errorf("got the name %q, want one that is not empty, contains no slash and is not %q", name, MainOutput))
	default:
		s.b.outputs[name] = x
	}
}
