// Package expression is the pane of graphs: the nodes of an expression, their values, and the nodes of its derivatives.
package expression

import (
	"encoding/json"
	"time"

	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
)

// A Pane is the pane of graphs. It keeps nothing.
type Pane struct{}

var _ panes.Pane = Pane{}

// Examples are expressions to begin with, and a small network.
var Examples = []struct {
	Name       string `json:"name"`
	Expression string `json:"expression"`
	Variables  string `json:"variables"`
}{
	{"A product", "x * sin(x)", "x = 1"},
	{"A neuron, its loss", "(sigmoid(w*x + b) - t)^2", "w = 2\nx = 0.5\nb = -0.3\nt = 1"},
	{"Two layers", "mean((tanh(x @ w + b) @ v - t)^2)",
		"x = [[0.5, -1], [1, 0.2]]\nw = [[0.3, -0.2, 0.5], [0.1, 0.4, -0.6]]\nb = [0, 0.1, -0.1]\nv = [[0.7], [-0.4], [0.2]]\nt = [[1], [0]]"},
	{"Softmax of logits", "-log(sum(softmax(z) * t))", "z = [2, 1, -1]\nt = [0, 1, 0]"},
	{"A power", "x^3 - 2*x^2 + x", "x = 1.5"},
	{"The larger one", "max(a, b) * exp(-a)", "a = 0.5\nb = 0.2"},
}

// Handle answers these messages:
//
//	graph     {expression, variables}: returns the steps and the code
//	examples  returns Examples
func (Pane) Handle(op string, args json.RawMessage) (panes.Reply, error) {
	switch op {
	case "examples":
		return panes.Reply{Value: Examples}, nil
	case "graph":
		var a struct {
			Expression string `json:"expression"`
			Variables  string `json:"variables"`
		}
		if err := panes.Decode(args, &a); err != nil {
			return panes.Reply{}, err
		}
		e, vars, steps, err := compute(a.Expression, a.Variables)
		if err != nil {
			return panes.Reply{}, err
		}
		for i := range steps {
			steps[i].Text = make([]string, len(steps[i].Value))
			for j, v := range steps[i].Value {
				steps[i].Text[j] = short(v)
			}
		}
		return panes.Reply{Value: map[string]any{"steps": steps, "code": source(e, vars, a.Expression)}}, nil
	}
	return panes.Reply{}, panes.Unknown(op)
}

// Step implements panes.Pane: nothing trains.
func (Pane) Step(time.Time) (bool, error) { return false, nil }
