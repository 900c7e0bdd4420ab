package settingstest

import (
	"fmt"
	"math"
	"reflect"
	"testing"
)

// Result is the reason for a field that is not a setting.
const Result = "a result"

// Wrong sets each number in the exported fields of valid structs, those in slices and inner structs included, to numbers that are
// hardly ever valid: NaN, infinities, and below 0. check, which runs one of the structs, must return an error. For numbers below 0 it
// need not if allowed has the field's name, such as "Adam.Beta1", with the reason; for the largest integer it need not at all. An
// entry of allowed that is never needed is an error.
func Wrong[T any](t *testing.T, valid []T, check func(v T) error, allowed map[string]string) {
	used := map[string]bool{}
	for _, s := range valid {
		kind := reflect.Indirect(reflect.ValueOf(s)).Type()
		if kind.Kind() != reflect.Struct {
			continue
		}
		t.Run(kind.Name(), func(t *testing.T) {
			if err := run(check, s); err != nil {
				t.Fatalf("got error %v without a wrong number, want none", err)
			}
			for _, place := range numbers(kind, nil, kind.Name()) {
				if allowed[place.name] == Result {
					used[place.name] = true
					continue
				}
				for _, wrong := range wrongFor(place.kind) {
					changed := place.set(s, wrong).(T)
					err := run(check, changed)
					switch p, panicked := err.(panicked); {
					case panicked:
						t.Errorf("%s: got a panic for %v, want an error: %v", place.name, wrong, p.value)
					case err == nil && wrong != any(int64(math.MaxInt64)):
						if v, isFloat := wrong.(float64); allowed[place.name] == "" || isFloat && v-v != 0 {
							t.Errorf("%s: got no error for %v, want one", place.name, wrong)
						}
						used[place.name] = true
					}
				}
			}
		})
	}
	for name := range allowed {
		if !used[name] {
			t.Errorf("allowed: got %s, all of whose wrong numbers are errors, want it left out", name)
		}
	}
}

type panicked struct{ value any }

func (p panicked) Error() string { return fmt.Sprint(p.value) }

// run calls check and returns a panic as an error.
func run[T any](check func(v T) error, v T) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicked{r}
		}
	}()
	return check(v)
}

// A place is a number in a struct: the indices of the fields that lead to it, where the last may be a slice or an array.
type place struct {
	name  string
	kind  reflect.Kind
	index []int
}

func numbers(kind reflect.Type, index []int, name string) (list []place) {
	for i := range kind.NumField() {
		f := kind.Field(i)
		if !f.IsExported() {
			continue
		}
		at := append(index[:len(index):len(index)], i)
		element := f.Type
		if element.Kind() == reflect.Slice || element.Kind() == reflect.Array {
			element = element.Elem()
		}
		switch element.Kind() {
		case reflect.Int, reflect.Int32, reflect.Int64, reflect.Float64, reflect.Float32:
			list = append(list, place{name + "." + f.Name, element.Kind(), at})
		case reflect.Struct:
			if element == f.Type {
				list = append(list, numbers(element, at, name+"."+f.Name)...)
			}
		}
	}
	return list
}

func wrongFor(kind reflect.Kind) []any {
	if kind == reflect.Float64 || kind == reflect.Float32 {
		return []any{math.NaN(), math.Inf(1), math.Inf(-1), -1.0}
	}
	if kind == reflect.Int32 {
		return []any{int64(math.MinInt32), int64(-1)}
	}
	return []any{int64(math.MinInt64), int64(-1), int64(math.MaxInt64)}
}

// set returns a copy of a struct, or a pointer to a copy, with another number: in a slice, the last element, or the only one of a
// slice that was empty.
func (p place) set(s any, v any) any {
	old := reflect.ValueOf(s)
	c := reflect.New(reflect.Indirect(old).Type())
	c.Elem().Set(reflect.Indirect(old))
	f := c.Elem().FieldByIndex(p.index)
	if f.Kind() == reflect.Slice {
		elements := reflect.MakeSlice(f.Type(), max(f.Len(), 1), max(f.Len(), 1))
		reflect.Copy(elements, f)
		f.Set(elements)
	}
	if f.Kind() == reflect.Slice || f.Kind() == reflect.Array {
		f = f.Index(f.Len() - 1)
	}
	f.Set(reflect.ValueOf(v).Convert(f.Type()))
	if old.Kind() != reflect.Pointer {
		c = c.Elem()
	}
	return c.Interface()
}
