package graph

import (
	"reflect"
	"strings"
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
