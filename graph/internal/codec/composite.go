package codec

import (
	"fmt"
	"reflect"
	"strings"
)

func (d *decoder) slice(path string, to reflect.Value, depth int) error {
	to.Set(reflect.MakeSlice(to.Type(), 0, 0))
	for d.in.More() {
		item := reflect.New(to.Type().Elem()).Elem()
		if err := d.value(fmt.Sprintf("%s[%d]", path, to.Len()), item, depth+1); err != nil {
			return err
		}
		to.Set(reflect.Append(to, item))
	}
	return d.end(path)
}

func (d *decoder) mapping(path string, to reflect.Value, depth int) error {
	to.Set(reflect.MakeMap(to.Type()))
	return d.object(path, func(key string) error {
		item := reflect.New(to.Type().Elem()).Elem()
		if err := d.value(below(path, key), item, depth+1); err != nil {
			return err
		}
		to.SetMapIndex(reflect.ValueOf(key).Convert(to.Type().Key()), item)
		return nil
	})
}

// below returns the path of a key's value.
func below(path, key string) string { return fmt.Sprintf("%s.%.32s", path, key) }

func (d *decoder) fields(path string, to reflect.Value, depth int) error {
	return d.object(path, func(key string) error {
		f, ok := to.Type().FieldByName(key)
		if !ok || !f.IsExported() || len(f.Index) != 1 {
			return fmt.Errorf("%s: got the field %.64q, want a field of %v", path, key, to.Type())
		}
		return d.value(path+"."+key, to.Field(f.Index[0]), depth+1)
	})
}

// object reads the rest of an object after its opening brace. Each key must occur once; value reads the key's value.
func (d *decoder) object(path string, value func(key string) error) error {
	seen := map[string]bool{}
	for d.in.More() {
		key, err := d.key(path)
		if err != nil {
			return err
		}
		if seen[key] {
			return fmt.Errorf("%s: got a second %.64q, want each key once", path, key)
		}
		seen[key] = true
		if err := value(key); err != nil {
			return err
		}
	}
	return d.end(path)
}

func (d *decoder) key(path string) (string, error) {
	token, err := d.in.Token()
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, unexpected(err))
	}
	key, ok := token.(string)
	if !ok {
		return "", fmt.Errorf("%s: got %.32q, want a key", path, fmt.Sprint(token))
	}
	return key, nil
}

// end reads the end of a list or an object.
func (d *decoder) end(path string) error {
	if _, err := d.in.Token(); err != nil {
		return fmt.Errorf("%s: %w", path, unexpected(err))
	}
	return nil
}

// dynamic reads the value of an interface, after the opening brace of its object.
func (d *decoder) dynamic(path string, to reflect.Value, depth int) error {
	if d.objects++; d.objects > maxObjects {
		return fmt.Errorf("%s: got more than %d values with a type, want fewer", path, maxObjects)
	}
	key, err := d.key(path)
	if err != nil {
		return err
	}
	token, err := d.in.Token()
	name, ok := token.(string)
	if err != nil || key != "type" || !ok {
		return fmt.Errorf("%s: got no type, want it as the first key", path)
	}
	name, pointer := strings.CutPrefix(name, "*")
	t, err := d.registry.typeOf(name)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	p := reflect.New(t)
	v := p.Elem()
	if pointer {
		v = p
	}
	if !v.Type().AssignableTo(to.Type()) {
		return fmt.Errorf("%s: got a %v, want a %v", path, v.Type(), to.Type())
	}
	if t.Kind() == reflect.Struct && special(t, d.specials) == nil {
		err = d.fields(path, p.Elem(), depth)
	} else {
		err = d.object(path, func(key string) error {
			if key != "value" {
				return fmt.Errorf("%s: got the key %.64q, want value", path, key)
			}
			return d.value(path, p.Elem(), depth+1)
		})
	}
	if err == nil {
		to.Set(v)
	}
	return err
}
