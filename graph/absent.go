package graph

import "reflect"

// absent tells whether a value of an interface is nil, or a nil pointer or function of a type.
func absent(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func:
		return r.IsNil()
	}
	return false
}
