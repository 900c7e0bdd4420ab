package expression

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/playground/internal/code/codetest"
)

// value returns the result of an expression.
func value(t *testing.T, expression, values string) float64 {
	t.Helper()
	_, _, steps, err := compute(expression, values)
	require.NoError(t, err)
	for i, s := range steps {
		if i == len(steps)-1 || steps[i+1].Backward {
			require.Len(t, s.Value, 1)
			return s.Value[0]
		}
	}
	return math.NaN()
}

// TestValues: precedence, and the values of all operations.
func TestValues(t *testing.T) {
	for expression, want := range map[string]float64{
		"1 + 2*x": 7, "(1 + 2)*x": 9, "2^x^2": 512, "-x^2": -9, "x - 1 - 1": 1, "x/2/3": 0.5, "2^-1*x": 1.5, "1e-1*x": 0.3, "1.5e+1*x": 45,
		"max(x, 1)": 3, "min(x, 1)": 1, "sin(x)": math.Sin(3), "cos(x)": math.Cos(3), "tanh(x)": math.Tanh(3), "relu(-x)": 0,
		"sigmoid(x)": 1 / (1 + math.Exp(-3)), "softplus(x)": math.Log1p(math.Exp(3)), "exp(x)": math.Exp(3), "log(x)": math.Log(3),
		"sqrt(x)": math.Sqrt(3), "square(x)": 9, "abs(-x)": 3, "sum(v)": 6, "mean(v)": 2, "sum(softmax(v))": 1, "v": 6, "a @ b": 11,
		"gelu(x)": 3 * (1 + math.Erf(3/math.Sqrt2)) / 2, "sum(x * v)": 18, "--x": 3,
	} {
		t.Run(expression, func(t *testing.T) {
			got := value(t, expression, "x = 3; v = [1, 2, 3]; a = [[1, 2]]; b = [[3], [4]]")
			require.InDelta(t, want, got, 1e-9)
		})
	}
}

// TestGradients compares every derivative of every example with central differences.
func TestGradients(t *testing.T) {
	for _, e := range Examples {
		t.Run(e.Name, func(t *testing.T) {
			_, vars, steps, err := compute(e.Expression, e.Variables)
			require.NoError(t, err)
			require.NotEmpty(t, vars)
			for i, v := range vars {
				gradient := steps[steps[i].Gradient].Value
				require.Contains(t, steps[steps[i].Gradient].Label, "∂/∂"+v.name)
				for j := range v.values {
					moved := func(by float64) string {
						var lines []string
						for _, o := range vars {
							values := append([]float64(nil), o.values...)
							if o.name == v.name {
								values[j] += by
							}
							var b []byte
							switch len(o.shape) {
							case 2:
								var rows [][]float64
								for k := 0; k < len(values); k += o.shape[1] {
									rows = append(rows, values[k:k+o.shape[1]])
								}
								b, _ = json.Marshal(rows)
							default:
								b, _ = json.Marshal(values)
							}
							lines = append(lines, o.name+" = "+string(b))
						}
						return strings.Join(lines, "\n")
					}
					const h = 1e-5
					want := (value(t, e.Expression, moved(h)) - value(t, e.Expression, moved(-h))) / (2 * h)
					require.InDelta(t, want, gradient[j], 1e-7, "%s[%d]", v.name, j)
				}
			}
		})
	}
}

// TestRules: the rules are those that textbooks have.
func TestRules(t *testing.T) {
	for expression, want := range map[string]string{
		"x * w": "∂/∂a = g · b|∂/∂b = g · a", "x + w": "∂/∂a = g|∂/∂b = g", "x - w": "∂/∂a = g|∂/∂b = −g", "sin(x)": "∂/∂a = g · cos(a)",
		"sigmoid(x)": "∂/∂a = g · y · (1 − y)", "tanh(x)": "∂/∂a = g · (1 − y²)", "exp(x)": "∂/∂a = g · y", "log(x)": "∂/∂a = g / a",
		"relu(x)": "∂/∂a = g where y > 0, else 0", "m @ m2": "∂/∂a = g @ bᵀ|∂/∂b = aᵀ @ g",
	} {
		t.Run(expression, func(t *testing.T) {
			_, _, steps, err := compute(expression, "x = 2; w = 3; m = [[1, 2]]; m2 = [[3], [4]]")
			require.NoError(t, err)
			got := ""
			for _, s := range steps {
				if !s.Backward && s.Op != "" {
					got = strings.Join(s.Rule, "|")
				}
			}
			require.Equal(t, want, got)
		})
	}
}

// TestErrors: the message says what is wrong, and where.
func TestErrors(t *testing.T) {
	for expression, want := range map[string]string{
		"":                              "got the end, want a number, a variable, a function or (",
		"x +":                           "got the end",
		"x ? 2":                         `got "?" at position 3, want an operator or the end`,
		"(x":                            "got the end, want )",
		"foo(x)":                        `got the function "foo", want one of abs`,
		"max(x)":                        `got ")" at position 6, want , and another argument of max`,
		"y":                             "got no value of y, want a line y = 1",
		"1 + 2":                         "got no variable",
		"1..2*x":                        `got "1..2" at position 1, want a number`,
		"m @ m":                         "MatMul",
		"add(x, x)":                     `got the function "add"`,
		"x" + strings.Repeat("+x", 100): "got more than 60 terms",

		"2·x":                             `got "·" at position 2, want an operator or the end`,
		"x·":                              `got "·" at position 2`,
		"é + x − 1":                       `got "é" at position 1, want a number`,
		"x + (2 − x)":                     `got "−" at position 8, want )`,
		"x.y":                             `got "x.y" at position 1, want a name of letters and digits`,
		strings.Repeat("(", 1<<22) + "x":  "got more than 60 parentheses and signs around a term",
		strings.Repeat("-", 1<<22) + "x":  "got more than 60 parentheses and signs around a term",
		"x^" + strings.Repeat("-", 1<<22): "got more than 60 parentheses and signs around a term",
	} {
		t.Run(expression[:min(20, len(expression))], func(t *testing.T) {
			_, _, _, err := compute(expression, "x = 2; m = [[1, 2]]")
			require.ErrorContains(t, err, want)
		})
	}
	for values, want := range map[string]string{
		"x": "want name = value", "x = 1; x = 2": "got two values of x", "x = a": `x: got "a", want a number`, "x = [[1], [2, 3]]": "got rows of 1 and 2 numbers",
		"x = []": "got 0 numbers", "2 = 1": "want name = value",
	} {
		t.Run(values, func(t *testing.T) {
			_, _, _, err := compute("x", values)
			require.ErrorContains(t, err, want)
		})
	}
}

// TestCode compiles the programs of all examples.
func TestCode(t *testing.T) {
	var programs []string
	for _, e := range Examples {
		args, err := json.Marshal(map[string]string{"expression": e.Expression, "variables": e.Variables})
		require.NoError(t, err)
		reply, err := Pane{}.Handle("graph", args)
		require.NoError(t, err)
		programs = append(programs, reply.Value.(map[string]any)["code"].(string))
	}
	for expression, names := range map[string][]string{
		"s * x + y * type": {"s", "x", "y", "type"}, "x - x0 * x00": {"x", "x0", "x00"}, "x00 * x0 - x": {"x", "x0", "x00"}, "_ + _a + _0": {"_", "_a", "_0"},
		"sin(math) * layers + rand": {"math", "layers", "rand"}, "len + string * float64 - true": {"len", "string", "float64", "true"},
	} {
		args, err := json.Marshal(map[string]string{"expression": expression, "variables": strings.Join(names, " = 2\n") + " = [1, 2]"})
		require.NoError(t, err)
		reply, err := Pane{}.Handle("graph", args)
		require.NoError(t, err)
		programs = append(programs, reply.Value.(map[string]any)["code"].(string))
	}
	codetest.Check(t, programs...)
}

// TestEveryRule: every operation of every example has a rule.
func TestEveryRule(t *testing.T) {
	for _, e := range Examples {
		_, _, steps, err := compute(e.Expression, e.Variables)
		require.NoError(t, err)
		for _, s := range steps {
			if s.Op != "" {
				require.NotEmpty(t, s.Rule, "%s: %s", e.Name, s.Op)
			}
			t.Log(s.Op, s.Rule)
		}
	}
}
