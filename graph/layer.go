package graph

import (
	"reflect"
	"strings"
)

// A Layer is a function with parameters: Emit adds its operations on the input x to the graph and returns its output. A
// layer keeps no state, since Emit is called for each graph that a model needs; its parameters are stored under names in s,
// see Scope.Param. A whole network is a Layer too.
type Layer interface{ Emit(s *Scope, x Node) Node }

// LayerFunc is a function that implements Layer, such as a network with branches.
type LayerFunc func(s *Scope, x Node) Node

// Emit implements Layer.
func (f LayerFunc) Emit(s *Scope, x Node) Node { return f(s, x) }

// Named is a Layer with its own name, which Scope.Apply uses in the layer's path.
type Named interface {
	Layer
	LayerName() string
}

// kindOf returns the name of a layer's type in lower case, such as "dense"; "func" for a LayerFunc.
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
