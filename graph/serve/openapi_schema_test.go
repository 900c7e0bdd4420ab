package serve

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A document is a description, as a client reads it.
type document struct{ root map[string]any }

func description(t *testing.T, url string) (d document) {
	code, text := get(t, url+"/openapi.json")
	require.Equal(t, 200, code)
	require.NoError(t, json.Unmarshal([]byte(text), &d.root))
	return d
}

// at returns what is at a path of keys.
func (d document) at(keys ...string) any {
	var v any = d.root
	for _, k := range keys {
		v = v.(map[string]any)[k]
	}
	return v
}

// resolve follows a reference.
func (d document) resolve(s map[string]any) map[string]any {
	if name, ok := s["$ref"].(string); ok {
		return d.at("components", "schemas", name[len("#/components/schemas/"):]).(map[string]any)
	}
	return s
}

// example returns a value of a schema; variant chooses among the alternatives, the sizes of arrays and the ends of ranges.
func (d document) example(s map[string]any, variant int) any {
	s = d.resolve(s)
	number := func(key string, fallback float64) float64 {
		if v, ok := s[key].(float64); ok {
			return v
		}
		return fallback
	}
	if list, ok := s["anyOf"].([]any); ok {
		return d.example(list[variant%len(list)].(map[string]any), variant)
	}
	switch s["type"] {
	case "object":
		o := map[string]any{}
		for name, p := range s["properties"].(map[string]any) {
			o[name] = d.example(p.(map[string]any), variant)
		}
		return o
	case "array":
		list := make([]any, int(min(number("minItems", 0)+float64(variant), number("maxItems", math.Inf(1)))))
		for i := range list {
			list[i] = d.example(d.item(s, i), variant)
		}
		return list
	case "number", "integer":
		low, high := number("minimum", -1), number("maximum", 1)
		v := []float64{low, high, 0.5}[variant]
		switch {
		case s["type"] == "integer":
			return math.Floor(v)
		case math.Abs(v) > 1: // the sums of the largest numbers are not finite
			return math.Copysign(1e3, v)
		}
		return v
	case "string":
		switch s["format"] {
		case "date":
			return "2024-02-29"
		case "date-time":
			return "2024-02-29T12:00:00Z"
		}
		return "Lyon"
	case "boolean":
		return true
	}
	return nil
}

// item returns the schema of element i of an array.
func (document) item(array map[string]any, i int) map[string]any {
	if list, ok := array["prefixItems"].([]any); ok {
		return list[i].(map[string]any)
	}
	return array["items"].(map[string]any)
}

// valid returns an error unless a value is one of a schema.
func (d document) valid(s map[string]any, value any) error {
	s = d.resolve(s)
	if list, ok := s["anyOf"].([]any); ok {
		var first error
		for _, alternative := range list {
			err := d.valid(alternative.(map[string]any), value)
			if err == nil {
				return nil
			}
			if first == nil {
				first = err
			}
		}
		return first
	}
	if want, ok := s["const"]; ok && want != value {
		return fmt.Errorf("got %v, want %v", value, want)
	}
	if list, ok := s["enum"].([]any); ok && !slices.Contains(list, value) {
		return fmt.Errorf("got %v, want one of %v", value, list)
	}
	kind, _ := s["type"].(string)
	switch v := value.(type) {
	case nil:
		return is(kind, "null")
	case bool:
		return is(kind, "boolean")
	case string:
		var err error
		switch s["format"] {
		case "date":
			_, err = time.Parse(time.DateOnly, v)
		case "date-time":
			_, err = time.Parse(time.RFC3339, v)
		}
		if err != nil {
			return err
		}
		return is(kind, "string")
	case float64:
		for key, bad := range map[string]func(limit float64) bool{
			"minimum": func(l float64) bool { return v < l }, "maximum": func(l float64) bool { return v > l },
			"exclusiveMinimum": func(l float64) bool { return v <= l }, "exclusiveMaximum": func(l float64) bool { return v >= l },
		} {
			if limit, ok := s[key].(float64); ok && bad(limit) {
				return fmt.Errorf("got %v, want %s %v", v, key, limit)
			}
		}
		if kind == "integer" && v == math.Floor(v) {
			return nil
		}
		return is(kind, "number")
	case []any:
		if n, ok := s["minItems"].(float64); ok && len(v) < int(n) {
			return fmt.Errorf("got %d elements, want at least %v", len(v), n)
		}
		if n, ok := s["maxItems"].(float64); ok && len(v) > int(n) {
			return fmt.Errorf("got %d elements, want at most %v", len(v), n)
		}
		for i, e := range v {
			if err := d.valid(d.item(s, i), e); err != nil {
				return fmt.Errorf("element %d: %w", i, err)
			}
		}
		return is(kind, "array")
	}
	o := value.(map[string]any)
	for _, name := range append([]any{}, list(s["required"])...) {
		if _, ok := o[name.(string)]; !ok {
			return fmt.Errorf("got no %v", name)
		}
	}
	properties, _ := s["properties"].(map[string]any)
	for name, e := range o {
		p, ok := properties[name].(map[string]any)
		if !ok && s["additionalProperties"] == false {
			return fmt.Errorf("got the property %q", name)
		}
		if ok {
			if err := d.valid(p, e); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return is(kind, "object")
}

func list(v any) []any { l, _ := v.([]any); return l }

func is(want, got string) error {
	if want != "" && got != want {
		return fmt.Errorf("got type %s, want %s", got, want)
	}
	return nil
}
