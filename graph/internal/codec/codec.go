// Package codec writes values as JSON by their exported fields, and reads them back, without code for each type.
//
// A struct becomes an object of its nonzero fields. A value in an interface also stores the name under which its type is
// registered: {"type":"layers.Dense","Units":3}, or {"type":"layers.Sequential","value":[...]} if it is not a struct; a pointer
// has a star before the name. Numbers keep all their bits; NaN and the infinities become strings. A type with MarshalText and
// UnmarshalText becomes a string.
//
// The reader does not trust its input: it uses memory proportional to the length of the JSON.
package codec

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"sync"
)

const (
	// maxDepth limits how deep values may be nested, since the names of layers grow with the depth.
	maxDepth = 100
	// maxObjects limits the number of values in interfaces that one JSON text may contain.
	maxObjects = 1 << 14
)

// A Registry maps names to types. It is safe for concurrent use.
type Registry struct {
	mu      sync.RWMutex
	byName  map[string]reflect.Type
	byType  map[reflect.Type]string
	clashes map[string]error
}

// A Special is a type whose values Encode writes as strings and Decode reads. A nil value is written as null, without Encode.
type Special struct {
	Type   reflect.Type
	Encode func(path string, v reflect.Value) (string, error)
	Decode func(text string, to reflect.Value) error
}

// Register registers the type of the prototype, or the type that it points to, under a name; "" means the type's name in Go. A
// type may have several names: the first one is written, all can be read. Two types with the same name are an error when that
// name is written or read.
func (r *Registry) Register(name string, prototype any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byName == nil {
		r.byName, r.byType, r.clashes = map[string]reflect.Type{}, map[reflect.Type]string{}, map[string]error{}
	}
	t := reflect.TypeOf(prototype)
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if name == "" && t != nil {
		name = t.String()
	}
	old := r.byName[name]
	switch {
	case t == nil:
		r.clashes[name] = fmt.Errorf("Register of %q: got no prototype, want a value of the type", name)
	case t.Kind() == reflect.Func:
		r.clashes[name] = fmt.Errorf("Register of %q: got a function, %v, want a type with fields", name, t)
		r.byType[t] = name
	case old != nil && old != t:
		r.clashes[name] = fmt.Errorf("Register of %q: got two types, %v and %v, want one", name, old, t)
		r.byType[t] = name
	default:
		r.byName[name] = t
		if r.byType[t] == "" {
			r.byType[t] = name
		}
	}
}

// Names returns the registered names in alphabetical order.
func (r *Registry) Names() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	names := make([]string, 0, len(r.byName))
	for name := range r.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// nameOf returns the name that is written for a type.
func (r *Registry) nameOf(t reflect.Type) (string, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	name, ok := r.byType[t]
	switch {
	case t.Kind() == reflect.Func && !ok:
		return "", fmt.Errorf("got a %v, a function, which no file can hold: make it a type with fields and graph.Register it", t)
	case !ok:
		return "", fmt.Errorf("got a %v, a type that is not registered: graph.Register it", t)
	}
	return name, r.clashes[name]
}

// An UnregisteredError reports a type that a file names and the program has not registered.
type UnregisteredError struct{ Name string }

// Error implements error.
func (e *UnregisteredError) Error() string {
	return fmt.Sprintf("got the type %.64q, which this program has not registered: import the package that registers it, or graph.Register it", e.Name)
}

// typeOf returns the type that is registered under a name.
func (r *Registry) typeOf(name string) (reflect.Type, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if err := r.clashes[name]; err != nil {
		return nil, err
	}
	t, ok := r.byName[name]
	if !ok {
		return nil, &UnregisteredError{name}
	}
	return t, nil
}

var (
	marshaler   = reflect.TypeFor[encoding.TextMarshaler]()
	unmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// textual reports whether a type has MarshalText and UnmarshalText.
func textual(t reflect.Type) bool {
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && t.Implements(marshaler) && reflect.PointerTo(t).Implements(unmarshaler)
}

// special returns how a type is written as a string, nil if it is not written as one.
func special(t reflect.Type, list []Special) *Special {
	for i := range list {
		if list[i].Type == t {
			return &list[i]
		}
	}
	if !textual(t) {
		return nil
	}
	return &Special{
		Encode: func(_ string, v reflect.Value) (string, error) {
			text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
			return string(text), err
		},
		Decode: func(text string, to reflect.Value) error {
			return to.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text))
		},
	}
}
