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
	var names, shapes, values, inputs []string
	for i, v := range vars {
		names = append(names, identifier(v.name))
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
		goCode(e), strings.Join(names, ", "), strings.Join(shapes, ", "), strings.Join(values, "")))
}

// identifier returns a variable's name in Go, where some names are taken.
func identifier(name string) string {
	switch name {
	case "s", "x", "y", "f", "err", "out":
		return name + "0"
	}
	if strings.HasPrefix(name, "_") || keywords[name] {
		return name + "0"
	}
	return name
}

var keywords = map[string]bool{}

func init() {
	for _, k := range strings.Fields(`break case chan const continue default defer else fallthrough for func go goto if import
		interface map package range return select struct switch type var graph log fmt context tensor append nil`) {
		keywords[k] = true
	}
}

// goCode returns a term as calls of a node's methods.
func goCode(t *term) string {
	if t.op == "" {
		if t.name != "" {
			return identifier(t.name)
		}
		return fmt.Sprintf("s.Scalar(%s)", strconv.FormatFloat(t.num, 'g', -1, 64))
	}
	x := goCode(t.args[0])
	if t.op == "pow" && t.args[1].op == "" && t.args[1].name == "" {
		return fmt.Sprintf("%s.PowScalar(%s)", x, strconv.FormatFloat(t.args[1].num, 'g', -1, 64))
	}
	second := ""
	if len(t.args) > 1 {
		second = goCode(t.args[1])
	}
	return fmt.Sprintf("%s.%s(%s)", x, operations[t.op].method, second)
}
