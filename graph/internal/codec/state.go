package codec

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// EncodeState returns a JSON object of the values that the entries point to, without those that are zero. An entry may also be
// such a map itself, a group of entries.
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

// DecodeState stores the values that EncodeState wrote through the entries' pointers, zero for those that it left out. On error
// nothing changes. Groups of entries are always written, so a missing one is an error.
func (r *Registry) DecodeState(path string, text []byte, state map[string]any, specials ...Special) error {
	d := newDecoder(r, text, specials)
	token, err := d.in.Token()
	if err != nil || token != json.Delim('{') {
		return fmt.Errorf("%s: got %.32q, want an object", path, text)
	}
	set := map[any]reflect.Value{} // by the pointer to the variable to set
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

// state reads the rest of an object, after its opening brace, into the values of set.
func (d *decoder) state(path string, state map[string]any, set map[any]reflect.Value) error {
	groups := map[string]bool{}
	err := d.object(path, func(key string) error {
		path := below(path, key)
		v, ok := state[key]
		if !ok {
			return fmt.Errorf("%s: got an unknown entry, want none", path)
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
			err = fmt.Errorf("%s: got no entry, want a group of entries", below(path, key))
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
