package expression

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/experiments/playground/internal/code"
)

// short writes a value with four digits.
func short(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

// source returns a Go program that computes the expression and its derivatives.
func source(e *term, vars []variable, text string) string {
	inGo := identifiers(vars)
	var names, shapes, values, inputs []string
	for i, v := range vars {
		names = append(names, inGo[v.name])
		shapes = append(shapes, fmt.Sprintf("%#v", v.shape))
		inputs = append(inputs, fmt.Sprintf("x[%d]", i))
		list := make([]string, len(v.values))
		for j, n := range v.values {
			list[j] = strconv.FormatFloat(n, 'g', -1, 64)
		}
		values = append(values, fmt.Sprintf("		// %s\n		tensor.New(tensor.WithShape(%s), tensor.WithBacking([]float64{%s})),\n",
			v.name, strings.Trim(strings.Join(strings.Fields(fmt.Sprint(v.shape)), ", "), "[]"), strings.Join(list, ", ")))
	}
	return code.Program(fmt.Sprintf(`// This program computes %s and its derivatives by %s.
func main() {
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		%s := %s
		y := %s
		return append([]graph.Node{y}, graph.Grad(y.Sum(), %s)...)
	}, %s)
	if err != nil {
		log.Fatal(err)
	}
	out, err := f.Call(context.Background(),
%s	)
	if err != nil {
		log.Fatal(err)
	}
	for _, v := range out {
		fmt.Println(v)
	}
}
`, strings.Join(strings.Fields(text), " "), strings.Join(names, ", "), strings.Join(names, ", "), strings.Join(inputs, ", "),
		inGo.code(e), strings.Join(names, ", "), strings.Join(shapes, ", "), strings.Join(values, "")))
}

// goNames are the variables' names in Go.
type goNames map[string]string

// identifiers returns the names of variables in Go. One that the program needs itself gets zeros behind it, until nothing else has it.
func identifiers(vars []variable) goNames {
	names, used := goNames{}, map[string]bool{}
	for _, v := range vars {
		used[v.name] = true
	}
	for _, v := range vars {
		name := v.name
		for taken[name] || code.Imports(name) || name != v.name && used[name] {
			name += "0"
		}
		names[v.name], used[name] = name, true
	}
	return names
}

// taken are keywords, and names that the program has.
var taken = map[string]bool{}

func init() {
	for _, k := range strings.Fields(`break case chan const continue default defer else fallthrough for func go goto if import
		interface map package range return select struct switch type var append nil _ s x y f err out`) {
		taken[k] = true
	}
}

// code returns a term as calls of a node's methods.
func (n goNames) code(t *term) string {
	if t.op == "" {
		if t.name != "" {
			return n[t.name]
		}
		return fmt.Sprintf("s.Scalar(%s)", strconv.FormatFloat(t.num, 'g', -1, 64))
	}
	x := n.code(t.args[0])
	if t.op == "pow" && t.args[1].op == "" && t.args[1].name == "" {
		return fmt.Sprintf("%s.PowScalar(%s)", x, strconv.FormatFloat(t.args[1].num, 'g', -1, 64))
	}
	second := ""
	if len(t.args) > 1 {
		second = n.code(t.args[1])
	}
	return fmt.Sprintf("%s.%s(%s)", x, operations[t.op].method, second)
}
