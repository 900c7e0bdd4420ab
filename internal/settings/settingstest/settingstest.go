// Package settingstest checks that the defaults stated in comments are those of the code.
package settingstest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"testing"
)

// number finds the default in a field's comment, such as "default 0.9".
var number = regexp.MustCompile(`\bdefault ([0-9.e-]*[0-9])`)

// Defaults checks each field of the structs whose comment names a default, such as "default 0.9". The field set to that
// number must give the same result as the zero value, and the field set to another number must give a different result. The
// structs belong to the package under test; result runs one of them and describes the outcome.
func Defaults[T any](t *testing.T, structs []T, result func(t *testing.T, v T) string) {
	comments := documented(t)
	for _, s := range structs {
		kind := reflect.Indirect(reflect.ValueOf(s)).Type()
		for i := range kind.NumField() {
			field := kind.Field(i)
			v, ok := comments[kind.Name()+"."+field.Name]
			if !ok {
				continue
			}
			t.Run(kind.Name()+"/"+field.Name, func(t *testing.T) {
				want := result(t, with(s, i, 0))
				if got := result(t, with(s, i, v)); got != want {
					t.Errorf("got %s with %v set, want %s as with 0", got, v, want)
				}
				other := v / 2
				if field.Type.Kind() == reflect.Int {
					other = v + 1
				}
				if v != 0 && result(t, with(s, i, other)) == want {
					t.Errorf("got %s with %v set and with 0, want another result", want, other)
				}
			})
		}
	}
}

// with returns a copy of a struct, or a pointer to a copy, with one field changed.
func with[T any](s T, field int, v float64) T {
	old := reflect.ValueOf(s)
	p := reflect.New(reflect.Indirect(old).Type())
	p.Elem().Set(reflect.Indirect(old))
	f := p.Elem().Field(field)
	f.Set(reflect.ValueOf(v).Convert(f.Type()))
	if old.Kind() != reflect.Pointer {
		p = p.Elem()
	}
	return p.Interface().(T)
}

// documented returns the defaults that the comments of a package's fields state, by names such as "Adam.Beta1".
func documented(t *testing.T) map[string]float64 {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	defaults := map[string]float64{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					m := number.FindStringSubmatch(f.Comment.Text())
					if m == nil {
						continue
					}
					for _, fieldName := range f.Names {
						if defaults[spec.Name.Name+"."+fieldName.Name], err = strconv.ParseFloat(m[1], 64); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			return false
		})
	}
	return defaults
}
