package graph

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// An owner is one application of a layer: the place that a parameter is made in.
type owner struct {
	outer     *owner // nil for the network itself
	path      string
	layer     Layer // nil for the network itself
	automatic bool  // the name is the type's and a number
	place     int   // among the layers applied in outer, from 1
	applied   int   // number of layers applied in it
}

// inside returns the next application in o.
func (o *owner) inside(path string, l Layer, automatic bool) *owner {
	o.applied++
	return &owner{outer: o, path: path, layer: l, automatic: automatic, place: o.applied}
}

// shares returns an error unless two applications may use one parameter: they are one, or they have the same name, the same
// type and the same settings, and so have the applications around them.
func (o *owner) shares(other *owner, parameter string) error {
	for a, b := o, other; a != b; a, b = a.outer, b.outer {
		var differ string
		switch {
		case a == nil || b == nil || a.path != b.path || (a.layer == nil) != (b.layer == nil):
			a, b, differ = o, other, "two names"
		case a.automatic != b.automatic:
			differ = "another name than one given automatically, or the same name for both by Named"
		default:
			field, same := sameLayer(a.layer, b.layer)
			if same {
				continue
			}
			differ = "two names, or the same type and the same settings"
			if field != "" {
				differ = fmt.Sprintf("two names, or the same %s", field)
			}
		}
		return fmt.Errorf("parameter %s: got one name in two places, %v and %v, want %s", parameter, a, b, differ)
	}
	return nil
}

// String describes the place.
func (o *owner) String() string {
	if o == nil || o.layer == nil {
		return "the network itself"
	}
	where := "the network"
	if o.outer != nil && o.outer.layer != nil {
		where = o.outer.path
	}
	if o.automatic {
		where += ", numbered automatically"
	}
	return fmt.Sprintf("the %T %q (layer %d of %s)", unwrapped(o.layer), o.path, o.place, where)
}

// unwrapped returns the layer inside those that only change its name or its gradients.
func unwrapped(l Layer) Layer {
	for {
		u, ok := l.(interface{ Unwrap() Layer })
		if !ok || isNil(l) {
			return l
		}
		l = u.Unwrap()
	}
}

// named returns the layer with a name of its own among a layer and those inside it that have its place in the network.
func named(l Layer) (n Named, ok bool) {
	for {
		if n, ok = l.(Named); ok {
			return n, true
		}
		u, ok := l.(interface{ Unwrap() Layer })
		if !ok || isNil(l) {
			return nil, false
		}
		l = u.Unwrap()
	}
}

// sameLayer reports whether two layers have the same type and the same settings; field is the first one that differs, "" if the
// types do.
func sameLayer(a, b Layer) (field string, same bool) {
	a, b = unwrapped(a), unwrapped(b)
	v, w := reflect.ValueOf(a), reflect.ValueOf(b)
	for v.IsValid() && w.IsValid() && v.Type() == w.Type() && v.Kind() == reflect.Pointer && v.Pointer() != w.Pointer() && !v.IsNil() && !w.IsNil() {
		v, w = v.Elem(), w.Elem()
	}
	c := comparison{}
	if c.same(v, w) {
		return "", true
	}
	if v.IsValid() && w.IsValid() && v.Type() == w.Type() && v.Kind() == reflect.Struct {
		for i := range v.NumField() {
			if !(comparison{}).same(v.Field(i), w.Field(i)) {
				return v.Type().Field(i).Name, false
			}
		}
	}
	return "", false
}

// A comparison compares values as reflect.DeepEqual, except that functions are the same if they are in the source, initializers
// if they also give the same numbers, and NaN equals itself. It holds the pointers that are being compared, which may be cyclic.
type comparison map[[2]uintptr]bool

func (c comparison) same(v, w reflect.Value) bool {
	if !v.IsValid() || !w.IsValid() {
		return v.IsValid() == w.IsValid()
	}
	if v.Type() != w.Type() {
		return false
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if v.IsNil() || w.IsNil() {
			return v.IsNil() == w.IsNil()
		}
		if pair := [2]uintptr{v.Pointer(), w.Pointer()}; v.Kind() != reflect.Slice && (pair[0] == pair[1] || c[pair]) {
			return true
		} else if v.Kind() != reflect.Slice {
			c[pair] = true
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return c.same(v.Elem(), w.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if !c.same(v.Field(i), w.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice, reflect.Array:
		return c.sameList(v, w)
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if !w.MapIndex(key).IsValid() || !c.same(v.MapIndex(key), w.MapIndex(key)) {
				return false
			}
		}
		return v.Len() == w.Len()
	case reflect.Func:
		return sameCode(v.Pointer(), w.Pointer()) && sameInitializer(v, w)
	case reflect.Chan, reflect.UnsafePointer:
		return v.Pointer() == w.Pointer()
	case reflect.Float32, reflect.Float64:
		return v.Float() == w.Float() || math.IsNaN(v.Float()) && math.IsNaN(w.Float())
	}
	return v.Equal(w)
}

func (c comparison) sameList(v, w reflect.Value) bool {
	if v.Len() != w.Len() {
		return false
	}
	if v.Kind() == reflect.Slice {
		if v.Pointer() == w.Pointer() {
			return true
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return bytes.Equal(v.Bytes(), w.Bytes())
		}
	}
	for i := range v.Len() {
		if !c.same(v.Index(i), w.Index(i)) {
			return false
		}
	}
	return true
}

// sameCode reports whether two functions are the same in the source: the compiler copies a function into the places that call it,
// with the functions inside it.
func sameCode(a, b uintptr) bool {
	if a == b || a == 0 || b == 0 {
		return a == b
	}
	file, line := runtime.FuncForPC(a).FileLine(a)
	file2, line2 := runtime.FuncForPC(b).FileLine(b)
	return file == file2 && line == line2 && file != "<autogenerated>"
}

// sameInitializer reports whether two functions of the same code that are initializers fill a small matrix with the same
// numbers: Constant(1) and Constant(2) do not. Others are the same.
func sameInitializer(v, w reflect.Value) bool {
	if v.IsNil() || !v.CanInterface() {
		return true
	}
	fill := func(f Initializer) ([]float64, error) {
		return ops.Safely(func() ([]float64, error) {
			dst := make([]float64, 6)
			f(dst, []int{2, 3}, rand.New(rand.NewPCG(1, 2)))
			return dst, nil
		})
	}
	f, ok := v.Interface().(Initializer)
	if !ok {
		return true
	}
	a, err := fill(f)
	b, err2 := fill(w.Interface().(Initializer))
	return err != nil || err2 != nil || (comparison{}).same(reflect.ValueOf(a), reflect.ValueOf(b))
}
