package codec

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
)

// scalar sets a number, a string or a bool.
func (d *decoder) scalar(path string, token json.Token, to reflect.Value) error {
	number, isNumber := token.(json.Number)
	text, isText := token.(string)
	switch to.Kind() {
	case reflect.Bool:
		if b, ok := token.(bool); ok {
			to.SetBool(b)
			return nil
		}
	case reflect.String:
		if isText {
			to.SetString(text)
			return nil
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if n, err := strconv.ParseInt(string(number), 10, to.Type().Bits()); isNumber && err == nil {
			to.SetInt(n)
			return nil
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if n, err := strconv.ParseUint(string(number), 10, to.Type().Bits()); isNumber && err == nil {
			to.SetUint(n)
			return nil
		}
	case reflect.Float32, reflect.Float64:
		if f, ok := float(number, text, to.Type().Bits()); ok {
			to.SetFloat(f)
			return nil
		}
	}
	return fmt.Errorf("%s: got %.32q, want a %v", path, fmt.Sprint(token), to.Type())
}

// float returns a finite number, or NaN or an infinity from its name.
func float(number json.Number, text string, bits int) (float64, bool) {
	switch text {
	case "NaN":
		return math.NaN(), true
	case "+Inf":
		return math.Inf(1), true
	case "-Inf":
		return math.Inf(-1), true
	}
	f, err := strconv.ParseFloat(string(number), bits)
	return f, err == nil
}

// isZero reports whether a value has the bits of a zero value, which -0 does not.
func isZero(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		return math.Float64bits(v.Float()) == 0
	case reflect.Struct:
		for i := range v.NumField() {
			if !isZero(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}
