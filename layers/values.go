package layers

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/nndiy/nndiy/internal/times"
)

// encodeNumber sets to[0] to a number, and to Missing for nil and NaN.
func encodeNumber(to []float64, value any) error {
	v, ok := numberOf(value)
	if !ok {
		switch r := reflect.ValueOf(value); {
		case value == nil:
			v = math.NaN()
		case r.Kind() == reflect.Bool && r.Bool():
			v = 1
		case r.Kind() == reflect.Bool:
			v = 0
		case r.Type() == reflect.TypeFor[json.Number]():
			return fmt.Errorf("got %.64q, want a number", value)
		case r.Kind() == reflect.String:
			return fmt.Errorf("got the string %.64q, want a number", r.String())
		default:
			return fmt.Errorf("got a %T, want a number", value)
		}
	}
	switch {
	case v != v:
		v = Missing
	case math.Abs(v) >= -Missing:
		return fmt.Errorf("got %v, want a number in the range of float32", v)
	}
	to[0] = v
	return nil
}

// numberOf returns a value that is a number of any type.
func numberOf(value any) (v float64, ok bool) {
	switch n := value.(type) {
	case float64:
		return n, true
	case json.Number:
		v, err := n.Float64()
		return v, err == nil
	}
	switch r := reflect.ValueOf(value); {
	case r.CanInt():
		return float64(r.Int()), true
	case r.CanUint():
		return float64(r.Uint()), true
	case r.CanFloat():
		return r.Float(), true
	}
	return 0, false
}

// wordOf returns a value as a string; it is not ok if it is missing.
func wordOf(value any) (word string, ok bool) {
	switch v := value.(type) {
	case nil:
		return "", false
	case string:
		return v, v != ""
	case json.Number:
		return v.String(), true
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano), true
	}
	switch r := reflect.ValueOf(value); {
	case r.CanFloat() && r.Float() == r.Float():
		return strconv.FormatFloat(r.Float(), 'g', -1, r.Type().Bits()), true
	case r.CanFloat():
		return "", false
	case r.Kind() == reflect.String:
		return r.String(), r.Len() > 0
	}
	return fmt.Sprint(value), true
}

// words returns a value that a Vocabulary or Tokens takes as a string; it is not ok if it is missing.
func words(value any) (word string, ok bool, err error) {
	switch r := reflect.ValueOf(value); r.Kind() {
	case reflect.Slice, reflect.Map, reflect.Array, reflect.Func, reflect.Chan, reflect.Pointer:
		return "", false, fmt.Errorf("got a %T, want a string", value)
	}
	word, ok = wordOf(value)
	return word, ok, nil
}

// momentOf returns a value as a time in UTC; it is not ok if it is missing.
func momentOf(value any) (t time.Time, ok bool, err error) {
	switch v := value.(type) {
	case nil:
		return t, false, nil
	case time.Time:
		return v.UTC(), !v.IsZero(), nil
	case string:
		if v == "" {
			return t, false, nil
		}
		if t, ok := times.Parse(v, new(int)); ok {
			return t.UTC(), true, nil
		}
		return t, false, fmt.Errorf("got %.64q, want %s", v, times.Want)
	}
	return t, false, fmt.Errorf("got a %T, want a time or a string such as 2006-01-02", value)
}
