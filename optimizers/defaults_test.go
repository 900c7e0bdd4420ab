package optimizers_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// documented returns the defaults in the comments of a package's fields, such as "default 0.9", by the names of type and field.
func documented(t *testing.T) map[string]map[string]float64 {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	number := regexp.MustCompile(`\bdefault ([0-9.e-]*[0-9])`)
	defaults := map[string]map[string]float64{}
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
			if of, ok := spec.Type.(*ast.StructType); ok {
				fields := map[string]float64{}
				for _, f := range of.Fields.List {
					if m := number.FindStringSubmatch(f.Comment.Text()); m != nil {
						fields[f.Names[0].Name], _ = strconv.ParseFloat(m[1], 64)
					}
				}
				defaults[spec.Name.Name] = fields
			}
			return false
		})
	}
	return defaults
}

// TestDefaults holds the default in each field's comment against the code: set by hand it gives the bits of the zero value,
// and half of it gives others.
func TestDefaults(t *testing.T) {
	defaults := documented(t)
	for _, o := range []graph.Optimizer{
		optimizers.Adadelta{}, optimizers.Adagrad{}, optimizers.Adam{}, optimizers.AdamW{}, optimizers.Adamax{}, optimizers.Lion{},
		optimizers.Nadam{}, optimizers.RMSProp{}, optimizers.SGD{}, optimizers.EMA{Optimizer: optimizers.SGD{}},
	} {
		rule := reflect.TypeOf(o)
		want := longRun(o)
		for i := range rule.NumField() {
			field := rule.Field(i)
			if field.Type.Kind() != reflect.Float64 {
				continue
			}
			t.Run(rule.Name()+"/"+field.Name, func(t *testing.T) {
				v, ok := defaults[rule.Name()][field.Name]
				if !ok {
					t.Fatal("got a comment without a default")
				}
				set := func(v float64) graph.Optimizer {
					changed := reflect.New(rule).Elem()
					changed.Set(reflect.ValueOf(o))
					changed.Field(i).SetFloat(v)
					return changed.Interface().(graph.Optimizer)
				}
				if got := longRun(set(v)); !slices.Equal(got, want) {
					t.Errorf("got other weights with %v set than with 0", v)
				}
				if v != 0 && slices.Equal(longRun(set(v/2)), want) {
					t.Errorf("got the same weights with %v set", v/2)
				}
			})
		}
	}
}

// longRun returns the weight and the state of the rule after steps in which EMA's decay reaches its default.
func longRun(o graph.Optimizer) []float64 {
	w, slots := []float64{0.7}, newSlots[float64](o, 1)
	for step := 1; step <= 10000; step++ {
		g := []float64{w[0] + 0.1/float64(step)}
		o.Update64(graph.Update[float64]{Weights: w, Grad: g, Slots: slots, Rate: o.Rate(), Step: step, Scale: 1})
	}
	for _, s := range slots {
		w = append(w, s...)
	}
	return w
}
