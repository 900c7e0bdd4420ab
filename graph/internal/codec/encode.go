package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Encode returns the value that v points to as JSON. An error begins with the place in the value, as a path that starts with
// the given one.
func (r *Registry) Encode(path string, v any, specials ...Special) ([]byte, error) {
	e := encoder{registry: r, specials: specials}
	if err := e.pointed(path, v); err != nil {
		return nil, err
	}
	return e.out.Bytes(), nil
}

// pointed writes the value that v points to.
func (e *encoder) pointed(path string, v any) error {
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return fmt.Errorf("%s: got a %T, want a pointer", path, v)
	}
	return e.value(path, p.Elem(), 0)
}

type encoder struct {
	registry *Registry
	specials []Special
	out      bytes.Buffer
}

func (e *encoder) value(path string, v reflect.Value, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: got more than %d levels, want fewer: does a pointer lead back to itself?", path, maxDepth)
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Func, reflect.Map, reflect.Slice:
		if v.IsNil() {
			e.out.WriteString("null")
			return nil
		}
	}
	if s := special(v.Type(), e.specials); s != nil {
		text, err := s.Encode(path, v)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return e.text(path, text)
	}
	switch v.Kind() {
	case reflect.Bool:
		e.out.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.out.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		e.out.WriteString(strconv.FormatUint(v.Uint(), 10))
	case reflect.Float32, reflect.Float64:
		e.float(v)
	case reflect.String:
		return e.text(path, v.String())
	case reflect.Slice:
		return e.slice(path, v, depth)
	case reflect.Map:
		return e.mapping(path, v, depth)
	case reflect.Pointer:
		return e.value(path, v.Elem(), depth+1)
	case reflect.Struct:
		e.out.WriteByte('{')
		err := e.fields(path, v, depth, "")
		e.out.WriteByte('}')
		return err
	case reflect.Interface:
		return e.dynamic(path, v.Elem(), depth)
	case reflect.Func:
		return fmt.Errorf("%s: got a %v, a function, which no file can hold", path, v.Type())
	default:
		return fmt.Errorf("%s: got a %v, which no file can hold", path, v.Type())
	}
	return nil
}

// float writes a number that reads back as the same bits, except for the bits of a NaN.
func (e *encoder) float(v reflect.Value) {
	switch f := v.Float(); {
	case math.IsNaN(f):
		e.out.WriteString(`"NaN"`)
	case math.IsInf(f, 0):
		fmt.Fprintf(&e.out, `"%+v"`, f)
	default:
		e.out.WriteString(strconv.FormatFloat(f, 'g', -1, v.Type().Bits()))
	}
}

func (e *encoder) text(path, s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("%s: got %.64q, want valid UTF-8", path, s)
	}
	text, err := json.Marshal(s)
	e.out.Write(text)
	return err
}

func (e *encoder) slice(path string, v reflect.Value, depth int) error {
	e.out.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			e.out.WriteByte(',')
		}
		if err := e.value(fmt.Sprintf("%s[%d]", path, i), v.Index(i), depth+1); err != nil {
			return err
		}
	}
	e.out.WriteByte(']')
	return nil
}

func (e *encoder) mapping(path string, v reflect.Value, depth int) error {
	if v.Type().Key().Kind() != reflect.String {
		return fmt.Errorf("%s: got a %v, want string keys", path, v.Type())
	}
	byKey := map[string]reflect.Value{}
	for it := v.MapRange(); it.Next(); {
		byKey[it.Key().String()] = it.Value()
	}
	e.out.WriteByte('{')
	for i, key := range slices.Sorted(maps.Keys(byKey)) {
		if i > 0 {
			e.out.WriteByte(',')
		}
		if err := e.text(path, key); err != nil {
			return err
		}
		e.out.WriteByte(':')
		if err := e.value(below(path, key), byKey[key], depth+1); err != nil {
			return err
		}
	}
	e.out.WriteByte('}')
	return nil
}

// fields writes the nonzero fields of a struct, with separator before the first one.
func (e *encoder) fields(path string, v reflect.Value, depth int, separator string) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case isZero(v.Field(i)):
			continue
		case !f.IsExported():
			return fmt.Errorf("%s: got the field %s of %v set, want it exported, or MarshalText and UnmarshalText for the type", path, f.Name, v.Type())
		}
		e.out.WriteString(separator)
		separator = ","
		if err := e.text(path, f.Name); err != nil {
			return err
		}
		e.out.WriteByte(':')
		if err := e.value(path+"."+f.Name, v.Field(i), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// dynamic writes the value in an interface.
func (e *encoder) dynamic(path string, v reflect.Value, depth int) error {
	star := ""
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return fmt.Errorf("%s: got a nil %v, want a value", path, v.Type())
		}
		star, v = "*", v.Elem()
	}
	name, err := e.registry.nameOf(v.Type())
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	e.out.WriteString(`{"type":`)
	err = e.text(path, star+name)
	if v.Kind() == reflect.Struct && special(v.Type(), e.specials) == nil {
		err = errors.Join(err, e.fields(path, v, depth, ","))
	} else {
		e.out.WriteString(`,"value":`)
		err = errors.Join(err, e.value(path, v, depth+1))
	}
	e.out.WriteByte('}')
	return err
}
