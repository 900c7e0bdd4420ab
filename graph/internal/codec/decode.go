package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// Decode reads a value that Encode wrote into the variable that v points to. On error the variable does not change.
func (r *Registry) Decode(path string, text []byte, v any, specials ...Special) error {
	d := newDecoder(r, text, specials)
	to, err := fresh(path, v)
	if err == nil {
		err = d.value(path, to, 0)
	}
	if err == nil {
		err = d.finish(path)
	}
	if err == nil {
		reflect.ValueOf(v).Elem().Set(to)
	}
	return err
}

// fresh returns a zero value of the type that v points to.
func fresh(path string, v any) (reflect.Value, error) {
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return reflect.Value{}, fmt.Errorf("%s: got a %T, want a pointer", path, v)
	}
	return reflect.New(p.Type().Elem()).Elem(), nil
}

func newDecoder(r *Registry, text []byte, specials []Special) *decoder {
	d := &decoder{registry: r, specials: specials, in: json.NewDecoder(bytes.NewReader(text))}
	d.in.UseNumber()
	return d
}

// finish returns an error if there is another value.
func (d *decoder) finish(path string) error {
	if _, err := d.in.Token(); err != io.EOF {
		return fmt.Errorf("%s: got more than one value, want one", path)
	}
	return nil
}

type decoder struct {
	registry *Registry
	specials []Special
	in       *json.Decoder
	objects  int
}

// value reads the next value.
func (d *decoder) value(path string, to reflect.Value, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: got more than %d levels, want fewer", path, maxDepth)
	}
	token, err := d.in.Token()
	if err != nil {
		return fmt.Errorf("%s: %w", path, unexpected(err))
	}
	return d.from(path, token, to, depth)
}

// from reads the value that begins with the token.
func (d *decoder) from(path string, token json.Token, to reflect.Value, depth int) error {
	if token == nil {
		switch to.Kind() {
		case reflect.Pointer, reflect.Interface, reflect.Func, reflect.Map, reflect.Slice:
			return nil
		}
		return fmt.Errorf("%s: got null, want a %v", path, to.Type())
	}
	if s := special(to.Type(), d.specials); s != nil {
		text, ok := token.(string)
		if !ok {
			return fmt.Errorf("%s: got %.32q, want a string", path, fmt.Sprint(token))
		}
		if err := s.Decode(text, to); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	}
	switch to.Kind() {
	case reflect.Slice:
		if token == json.Delim('[') {
			return d.slice(path, to, depth)
		}
	case reflect.Map:
		if token == json.Delim('{') && to.Type().Key().Kind() == reflect.String {
			return d.mapping(path, to, depth)
		}
	case reflect.Struct:
		if token == json.Delim('{') {
			return d.fields(path, to, depth)
		}
	case reflect.Interface:
		if token == json.Delim('{') {
			return d.dynamic(path, to, depth)
		}
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		return d.from(path, token, to.Elem(), depth)
	default:
		if _, ok := token.(json.Delim); !ok {
			return d.scalar(path, token, to)
		}
	}
	return fmt.Errorf("%s: got %.32q, want a %v", path, fmt.Sprint(token), to.Type())
}

// unexpected turns an EOF within a value into io.ErrUnexpectedEOF.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
