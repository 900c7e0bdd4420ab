package settingstest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// Zero calls each exported method of each value, a pointer to the zero value of an exported struct, and fails where one panics: a
// method returns an error, or works. The values must name all exported structs of the package under test. A parameter gets the
// first of args that fits, else the zero value of its type; an iterator that is returned is read.
func Zero(t *testing.T, values, args []any) {
	missing, own := declared(t)
	t.Chdir(t.TempDir()) // for methods that write files
	for _, v := range values {
		name, _, _ := strings.Cut(reflect.TypeOf(v).Elem().Name(), "[")
		delete(missing, name)
		for i := range reflect.TypeOf(v).NumMethod() {
			if own[name+"."+reflect.TypeOf(v).Method(i).Name] {
				continue
			}
			t.Run(name+"/"+reflect.TypeOf(v).Method(i).Name, func(t *testing.T) {
				fresh := reflect.New(reflect.TypeOf(v).Elem()) // a method may have set fields of v
				if failure := call(fresh.Method(i), args); failure != "" {
					t.Error(failure)
				}
			})
		}
	}
	for name := range missing {
		t.Errorf("got no value of %s, want one of each exported struct", name)
	}
}

// call calls a method. It returns what it panicked with, "" for nothing.
func call(method reflect.Value, args []any) (failure string) {
	defer func() {
		if r := recover(); r != nil {
			failure = fmt.Sprintf("got a panic, want an error or a result: %v", r)
		}
	}()
	var in []reflect.Value
	for i := range method.Type().NumIn() {
		kind := method.Type().In(i)
		if method.Type().IsVariadic() && i == method.Type().NumIn()-1 {
			kind = kind.Elem()
		}
		in = append(in, argument(kind, args))
	}
	for _, out := range method.Call(in) {
		if out.Kind() == reflect.Func && !out.IsNil() && out.Type().CanSeq2() {
			for range out.Seq2() {
			}
		}
	}
	return ""
}

// argument returns the first of args of a type, or the type's zero value.
func argument(kind reflect.Type, args []any) reflect.Value {
	for _, a := range args {
		if reflect.TypeOf(a).AssignableTo(kind) {
			return reflect.ValueOf(a)
		}
	}
	return reflect.Zero(kind)
}

// declared returns the names of the exported structs of the package under test, and of the methods that its tests declare.
func declared(t *testing.T) (structs, testMethods map[string]bool) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	structs, testMethods = map[string]bool{}, map[string]bool{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		test := strings.HasSuffix(name, "_test.go")
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if test && n.Recv != nil {
					if p, ok := n.Recv.List[0].Type.(*ast.StarExpr); ok {
						testMethods[fmt.Sprint(p.X)+"."+n.Name.Name] = true
					}
				}
				return false
			case *ast.TypeSpec:
				if _, ok := n.Type.(*ast.StructType); ok && n.Name.IsExported() && !test {
					structs[n.Name.Name] = true
				}
				return false
			}
			return true
		})
	}
	return structs, testMethods
}
