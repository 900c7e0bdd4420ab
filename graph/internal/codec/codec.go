// Package codec writes values as JSON by their exported fields, and reads them back, without code for each type.
//
// A struct is an object of its fields that are not zero. A value in an interface has the name under which its type is
// registered: {"type":"layers.Dense","Units":3}, or {"type":"layers.Sequential","value":[...]} if it is no struct; a pointer
// has a star before the name. Numbers keep all their bits; NaN and the infinities are texts. A type that marshals itself as
// text is a text.
//
// The reader trusts nothing: what it returns has taken no more memory than a small multiple of the text.
package codec

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"sync"
)

const (
	// maxDepth is how deep values may be nested: names of layers grow with the depth.
	maxDepth = 100
	// maxObjects is how many values in interfaces one text may have.
	maxObjects = 1 << 14
)

// A Registry knows types by names. It may be used from several goroutines at once.
type Registry struct {
	mu      sync.RWMutex
	byName  map[string]reflect.Type
	byType  map[reflect.Type]string
	clashes map[string]error
}

// A Special is a type whose values are written as texts by functions of its own. Nil is written as null without them.
type Special struct {
	Type   reflect.Type
	Encode func(path string, v reflect.Value) (string, error)
	Decode func(text string, to reflect.Value) error
}

// Register gives the type of the prototype, or of what it points to, a name, "" being that in Go. A type may have several: the
// first is written, all are read. Two types of one name are an error as soon as that name is written or read.
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
		r.clashes[name] = fmt.Errorf("%q is registered without a prototype", name)
	case t.Kind() == reflect.Func:
		r.clashes[name] = fmt.Errorf("%q is registered with a function, %v: want a type with fields", name, t)
		r.byType[t] = name
	case old != nil && old != t:
		r.clashes[name] = fmt.Errorf("%q is registered for two types, %v and %v", name, old, t)
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

// nameOf returns the name to write for a type.
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

// An UnregisteredError is a type that a file names and the program does not know.
type UnregisteredError struct{ Name string }

// Error implements error.
func (e *UnregisteredError) Error() string {
	return fmt.Sprintf("got the type %.64q, which this program has not registered: import the package that does, or graph.Register it", e.Name)
}

// typeOf returns the type of a name that is read.
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

// textual tells whether values of a type marshal themselves as texts.
func textual(t reflect.Type) bool {
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && t.Implements(marshaler) && reflect.PointerTo(t).Implements(unmarshaler)
}

// special returns how a type is written as text, nil if it is not.
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
