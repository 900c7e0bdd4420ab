package codec

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// EncodeState returns an object of what the entries point to, those that are zero left out. An entry may be such a map itself.
func (r *Registry) EncodeState(path string, state map[string]any, specials ...Special) ([]byte, error) {
	e := encoder{registry: r, specials: specials}
	if err := e.state(path, state); err != nil {
		return nil, err
	}
	return e.out.Bytes(), nil
}

func (e *encoder) state(path string, state map[string]any) error {
	e.out.WriteByte('{')
	separator := ""
	for _, key := range slices.Sorted(maps.Keys(state)) {
		inner, nested := state[key].(map[string]any)
		if p := reflect.ValueOf(state[key]); !nested && p.Kind() == reflect.Pointer && !p.IsNil() && isZero(p.Elem()) {
			continue
		}
		e.out.WriteString(separator)
		separator = ","
		err := e.text(path, key)
		e.out.WriteByte(':')
		switch {
		case err != nil:
		case nested:
			err = e.state(below(path, key), inner)
		default:
			err = e.pointed(below(path, key), state[key])
		}
		if err != nil {
			return err
		}
	}
	e.out.WriteByte('}')
	return nil
}

// DecodeState sets what the entries point to to what EncodeState wrote, to zero where that has nothing; or it returns an
// error and leaves all as it is. Groups of entries are always written, and have to be there.
func (r *Registry) DecodeState(path string, text []byte, state map[string]any, specials ...Special) error {
	d := newDecoder(r, text, specials)
	token, err := d.in.Token()
	if err != nil || token != json.Delim('{') {
		return fmt.Errorf("%s: got %.32q, want an object", path, text)
	}
	set := map[any]reflect.Value{} // by the pointer to what is to be set
	if err := zeros(path, state, set); err != nil {
		return err
	}
	if err := d.state(path, state, set); err != nil {
		return err
	}
	if err := d.finish(path); err != nil {
		return err
	}
	for to, v := range set {
		reflect.ValueOf(to).Elem().Set(v)
	}
	return nil
}

// state reads an object whose beginning has been read into the values of set.
func (d *decoder) state(path string, state map[string]any, set map[any]reflect.Value) error {
	groups := map[string]bool{}
	err := d.object(path, func(key string) error {
		path := below(path, key)
		v, ok := state[key]
		if !ok {
			return fmt.Errorf("%s: want no such entry", path)
		}
		if inner, nested := v.(map[string]any); nested {
			groups[key] = true
			if token, err := d.in.Token(); err != nil || token != json.Delim('{') {
				return fmt.Errorf("%s: got %.32q, want an object", path, fmt.Sprint(token))
			}
			return d.state(path, inner, set)
		}
		return d.value(path, set[v], 0)
	})
	for key, v := range state {
		if _, nested := v.(map[string]any); nested && !groups[key] && err == nil {
			err = fmt.Errorf("%s: got no such group of entries", below(path, key))
		}
	}
	return err
}

// zeros adds a zero value for each entry.
func zeros(path string, state map[string]any, set map[any]reflect.Value) error {
	for key, v := range state {
		if inner, nested := v.(map[string]any); nested {
			if err := zeros(below(path, key), inner, set); err != nil {
				return err
			}
			continue
		}
		zero, err := fresh(below(path, key), v)
		if err != nil {
			return err
		}
		set[v] = zero
	}
	return nil
}
