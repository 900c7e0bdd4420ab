package onnx

import (
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// An activation is a function of recurrent operators. It has up to two settings, alpha and beta.
type activation struct {
	alpha, beta bool    // whether it has them
	a, b        float64 // the defaults
	f           func(x graph.Node, a, b float64) graph.Node
}

// plain returns an activation without settings.
func plain(f func(x graph.Node) graph.Node) activation {
	return activation{f: func(x graph.Node, _, _ float64) graph.Node { return f(x) }}
}

// activations are the functions by their names in lower case.
var activations = map[string]activation{
	"sigmoid": plain(graph.Node.Sigmoid), "tanh": plain(graph.Node.Tanh), "relu": plain(graph.Node.ReLU),
	"softplus": plain(graph.Node.Softplus), "softsign": plain(softsign),
	"affine":          {true, true, 1, 0, func(x graph.Node, a, b float64) graph.Node { return x.Scale(a).Shift(b) }},
	"scaledtanh":      {true, true, 1, 1, func(x graph.Node, a, b float64) graph.Node { return x.Scale(b).Tanh().Scale(a) }},
	"hardsigmoid":     {true, true, 0.2, 0.5, func(x graph.Node, a, b float64) graph.Node { return x.Scale(a).Shift(b).Clip(0, 1) }},
	"leakyrelu":       {true, false, 0.01, 0, func(x graph.Node, a, _ float64) graph.Node { return x.LeakyReLU(a) }},
	"elu":             {true, false, 1, 0, func(x graph.Node, a, _ float64) graph.Node { return x.ELU(a) }},
	"thresholdedrelu": {true, false, 1, 0, func(x graph.Node, a, _ float64) graph.Node { return x.Mul(x.Greater(x.Scale(0).Shift(a))) }},
}

// activations returns the functions in the attributes of a recurrent node, or the default ones. The settings in activation_alpha and
// activation_beta belong to the functions that have such a setting, in their order.
func (c *call) activations(names []string) (list []func(x graph.Node) graph.Node) {
	if given := c.strings("activations"); given != nil {
		if len(given) != len(names) {
			c.fail("attribute activations: got %d functions, want %d", len(given), len(names))
			return nil
		}
		names = given
	}
	alphas, betas := c.floats("activation_alpha"), c.floats("activation_beta")
	next := func(has bool, otherwise float64, list *[]float64) float64 {
		if has && len(*list) > 0 {
			otherwise, *list = (*list)[0], (*list)[1:]
		}
		return otherwise
	}
	for _, name := range names {
		a, ok := activations[strings.ToLower(name)]
		if !ok {
			c.fail("attribute activations: got %.32q, want a function such as Sigmoid or Tanh", name)
			return nil
		}
		alpha, beta := next(a.alpha, a.a, &alphas), next(a.beta, a.b, &betas)
		list = append(list, func(x graph.Node) graph.Node { return a.f(x, alpha, beta) })
	}
	return list
}

// clipping returns the function that limits the arguments of activations to the attribute clip.
func (c *call) clipping() func(x graph.Node) graph.Node {
	has := slices.ContainsFunc(c.node.Attributes, func(a proto.Attribute) bool { return a.Name == "clip" })
	limit := c.float("clip", 0)
	switch {
	case !has:
		return func(x graph.Node) graph.Node { return x }
	case !(limit > 0):
		c.fail("attribute clip: got %v, want more than 0", limit)
	}
	return func(x graph.Node) graph.Node { return x.Clip(-limit, limit) }
}
