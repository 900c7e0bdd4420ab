package eval

import (
	"math"
	"slices"
	"strings"
)

// setFunctions sets the activation functions of direction d.
func (e *cell) setFunctions(d, directions int) {
	c := e.c
	n := map[int]int{1: 1, 3: 2, 4: 3}[e.gates]
	names := c.strs("activations")
	if names == nil {
		names = slices.Repeat(map[int][]string{1: {"Tanh"}, 3: {"Sigmoid", "Tanh"}, 4: {"Sigmoid", "Tanh", "Tanh"}}[e.gates], directions)
	}
	c.want(len(names) == n*directions, "attribute activations: got %d, want %d for each direction", len(names), n)
	alphas, betas := c.floats("activation_alpha"), c.floats("activation_beta")
	// The lists have an entry for each function with that parameter.
	take := func(list *[]float64, otherwise float64) float64 {
		if len(*list) == 0 {
			return otherwise
		}
		v := (*list)[0]
		*list = (*list)[1:]
		return v
	}
	for i, name := range names {
		f := activation(strings.ToLower(name), func(v float64) float64 { return take(&alphas, v) }, func(v float64) float64 { return take(&betas, v) })
		c.want(f != nil, "attribute activations: got %.32q, want an activation function of recurrent operators", name)
		if i/n == d {
			e.f = append(e.f, f)
		}
	}
}

// activation returns a function by its name, nil if there is none. alpha and beta return its parameters.
func activation(name string, alpha, beta func(otherwise float64) float64) func(x float64) float64 {
	switch name {
	case "relu":
		return func(x float64) float64 { return max(x, 0) }
	case "tanh":
		return math.Tanh
	case "sigmoid":
		return sigmoid
	case "softsign":
		return functions["Softsign"]
	case "softplus":
		return softplus
	case "affine":
		a, b := alpha(1), beta(0)
		return func(x float64) float64 { return a*x + b }
	case "leakyrelu":
		return leaky(alpha(0.01))
	case "thresholdedrelu":
		a := alpha(1)
		return func(x float64) float64 {
			if x > a {
				return x
			}
			return 0
		}
	case "scaledtanh":
		a, b := alpha(1), beta(1)
		return func(x float64) float64 { return a * math.Tanh(b*x) }
	case "hardsigmoid":
		a, b := alpha(0.2), beta(0.5)
		return func(x float64) float64 { return min(max(a*x+b, 0), 1) }
	case "elu":
		return elu(alpha(1))
	}
	return nil
}
