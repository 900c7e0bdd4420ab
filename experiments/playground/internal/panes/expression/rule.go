package expression

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/graph"
)

// ruled are operations by the names that graph.Node.Op returns, without settings, which rule differentiates by themselves. The
// argument is the number in parentheses.
var ruled = map[string]func(x []graph.Node, c float64) graph.Node{
	"Add": two(graph.Node.Add), "Sub": two(graph.Node.Sub), "Mul": two(graph.Node.Mul), "Div": two(graph.Node.Div),
	"Pow": two(graph.Node.Pow), "Maximum": two(graph.Node.Maximum), "Minimum": two(graph.Node.Minimum), "MatMul": two(graph.Node.MatMul),
	"Neg": one(graph.Node.Neg), "Sin": one(graph.Node.Sin), "Cos": one(graph.Node.Cos), "Tanh": one(graph.Node.Tanh),
	"Sigmoid": one(graph.Node.Sigmoid), "ReLU": one(graph.Node.ReLU), "GELU": one(graph.Node.GELU), "Softplus": one(graph.Node.Softplus),
	"Exp": one(graph.Node.Exp), "Log": one(graph.Node.Log), "Sqrt": one(graph.Node.Sqrt), "Square": one(graph.Node.Square),
	"Abs": one(graph.Node.Abs), "Reciprocal": one(graph.Node.Reciprocal),
	"Softmax":   one(func(x graph.Node) graph.Node { return x.Softmax() }),
	"MatMul·ᵀ":  two(func(x, y graph.Node) graph.Node { return x.MatMul(y.Transpose()) }),
	"MatMulᵀ":   two(func(x, y graph.Node) graph.Node { return x.Transpose().MatMul(y) }),
	"Scale":     func(x []graph.Node, c float64) graph.Node { return x[0].Scale(c) },
	"Shift":     func(x []graph.Node, c float64) graph.Node { return x[0].Shift(c) },
	"PowScalar": func(x []graph.Node, c float64) graph.Node { return x[0].PowScalar(c) },
}

func one(f func(graph.Node) graph.Node) func([]graph.Node, float64) graph.Node {
	return func(x []graph.Node, _ float64) graph.Node { return f(x[0]) }
}

func two(f func(x, y graph.Node) graph.Node) func([]graph.Node, float64) graph.Node {
	return func(x []graph.Node, _ float64) graph.Node { return f(x[0], x[1]) }
}

// moved are sentences about operations that only move, repeat or add elements, or are constants.
var moved = map[string]string{
	"Sum":       "The gradient of a sum is repeated for every element that was added.",
	"Broadcast": "The gradients of all copies of an element are added.",
	"Reshape":   "The gradient gets the shape of the operand.",
	"Transpose": "The gradient is transposed back.",
	"Fill":      "A constant, which has no derivative. Fill(1) starts the backward pass: a value's derivative by itself.",
	"Constant":  "A constant, which has no derivative.",

	"SigmoidGrad": "a · b · (1 − b), the derivative of a sigmoid whose value is b.",
	"TanhGrad":    "a · (1 − b²), the derivative of a tanh whose value is b.",
	"ReLUGrad":    "a where b > 0, else 0: the derivative of a ReLU whose value is b.",
}

// split splits the name of an operation, such as Scale(2), into its letters and the number in parentheses.
func split(op string) (name string, c float64) {
	end := strings.IndexFunc(op, func(r rune) bool { return !(r < 128 && letter(byte(r))) })
	if end < 0 {
		return op, 0
	}
	c, _ = strconv.ParseFloat(strings.Trim(op[end:], "()"), 64)
	return op[:end], c
}

// rule returns how the library differentiates the operation of a step. It asks the library: it emits the operation alone, for
// operands a and b whose result has the gradient g, and prints the nodes of the derivative. An operation that only occurs in
// derivatives has a sentence.
func rule(steps []Step, at int) []string {
	s := steps[at]
	if s.Op == "" {
		return nil
	}
	name, c := split(s.Op)
	if name == "MatMul" {
		name = s.Op // its settings are which operand is transposed
	}
	do, ok := ruled[name]
	if !ok {
		if text := moved[name]; text != "" {
			return []string{text}
		}
		return []string{"An operation of derivatives."}
	}
	shapes := [][]int{s.Shape}
	for _, o := range s.Operands {
		shapes = append(shapes, steps[o].Shape)
	}
	var lines []string
	_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		g, operands := x[0], x[1:]
		y := do(operands, c)
		names := map[graph.Node]string{g: "g", y: "y"}
		for i, o := range operands {
			names[o] = string(rune('a' + i))
		}
		lines = nil
		for i, d := range graph.Grad(y.Mul(g).Sum(), operands...) {
			lines = append(lines, fmt.Sprintf("∂/∂%c = %s", 'a'+i, printed(d, names)))
		}
		return []graph.Node{y}
	}, shapes...)
	if err != nil {
		return nil
	}
	return lines
}

// printed writes a node with the names of the nodes that it is made of.
func printed(n graph.Node, names map[graph.Node]string) string {
	if name, ok := names[n]; ok {
		return name
	}
	op, operands := n.Op()
	name, c := split(op)
	x := make([]string, len(operands))
	for i, o := range operands {
		x[i] = printed(o, names)
	}
	number := strconv.FormatFloat(c, 'g', 4, 64)
	switch {
	case name == "Fill":
		return number
	case name == "Broadcast" || name == "Reshape":
		return x[0]
	case name == "Mul" && x[0] == "1":
		return x[1]
	case name == "Mul" && x[1] == "1":
		return x[0]
	case name == "Mul":
		return grouped(x[0]) + " · " + grouped(x[1])
	case name == "Add":
		return x[0] + " + " + x[1]
	case name == "Sub":
		return x[0] + " − " + grouped(x[1])
	case name == "Div":
		return grouped(x[0]) + " / " + grouped(x[1])
	case name == "Transpose":
		return grouped(x[0]) + "ᵀ"
	case name == "Neg":
		return "−" + grouped(x[0])
	case name == "Scale":
		return number + " · " + grouped(x[0])
	case name == "Shift":
		return x[0] + " + " + number
	case name == "PowScalar":
		return grouped(x[0]) + "^" + number
	case name == "MatMul" && strings.Contains(op, "·ᵀ"):
		return grouped(x[0]) + " @ " + grouped(x[1]) + "ᵀ"
	case name == "MatMul" && strings.Contains(op, "ᵀ"):
		return grouped(x[0]) + "ᵀ @ " + grouped(x[1])
	case name == "MatMul":
		return grouped(x[0]) + " @ " + grouped(x[1])
	case name == "SigmoidGrad":
		return fmt.Sprintf("%s · %s · (1 − %s)", grouped(x[0]), grouped(x[1]), x[1])
	case name == "TanhGrad":
		return fmt.Sprintf("%s · (1 − %s²)", grouped(x[0]), grouped(x[1]))
	case name == "ReLUGrad":
		return fmt.Sprintf("%s where %s > 0, else 0", x[0], x[1])
	}
	return strings.ToLower(name[:min(1, len(name))]) + name[min(1, len(name)):] + "(" + strings.Join(x, ", ") + ")"
}

// grouped returns s in parentheses if it has a space outside of parentheses, as "a + b" has and "f(a, b)" has not.
func grouped(s string) string {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ' ':
			if depth == 0 {
				return "(" + s + ")"
			}
		}
	}
	return s
}
