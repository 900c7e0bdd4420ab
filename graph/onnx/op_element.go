package onnx

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

func softsign(x graph.Node) graph.Node  { return x.Div(x.Abs().Shift(1)) }
func mish(x graph.Node) graph.Node      { return x.Mul(x.Softplus().Tanh()) }
func hardSwish(x graph.Node) graph.Node { return x.Mul(x.Scale(1.0/6).Shift(0.5).Clip(0, 1)) }

func leakyReLU(c *call, x graph.Node) graph.Node {
	slope := c.float("alpha", 0.01)
	if slope < 0 {
		return x.ReLU().Sub(x.Neg().ReLU().Scale(slope))
	}
	return x.LeakyReLU(slope)
}

func elu(c *call, x graph.Node) graph.Node { return x.ELU(c.float("alpha", 1)) }

func celu(c *call, x graph.Node) graph.Node {
	alpha := c.float("alpha", 1)
	if !(alpha > 0) {
		return c.fail("attribute alpha: got %v, want more than 0", alpha)
	}
	return x.Scale(1 / alpha).ELU(1).Scale(alpha)
}

func selu(c *call, x graph.Node) graph.Node {
	return x.ELU(c.float("alpha", 1.67326319217681884765625)).Scale(c.float("gamma", 1.05070102214813232421875))
}

func hardSigmoid(c *call, x graph.Node) graph.Node {
	return x.Scale(c.float("alpha", 0.2)).Shift(c.float("beta", 0.5)).Clip(0, 1)
}

func gelu(c *call, x graph.Node) graph.Node {
	switch form := c.string("approximate", "none"); form {
	case "none":
		return x.GELU()
	case "tanh":
		// (1 + tanh(u))/2 = sigmoid(2u), without cancelling. Beyond ±25 the sigmoid is 0 or 1, and u³ may overflow.
		near := x.Clip(-25, 25)
		u := near.Add(near.PowScalar(3).Scale(0.044715)).Scale(math.Sqrt(2 / math.Pi))
		return x.Mul(u.Scale(2).Sigmoid())
	default:
		return c.fail("attribute approximate: got %.16q, want none or tanh", form)
	}
}

// prelu is x where x > 0, else slope·x.
func prelu(c *call) []*value {
	x := c.x(0)
	return nodes(x.ReLU().Sub(x.Neg().ReLU().Mul(c.x(1))))
}

// clip limits x to bounds that are constants or computed.
func clip(c *call) []*value {
	x := c.x(0)
	limit := func(i int, name string, otherwise float64) (float64, bool) {
		if !c.has(i) {
			return c.float(name, otherwise), true
		}
		if v, ok := c.numbers(i); ok && len(v) == 1 {
			return v[0], true
		}
		return 0, false
	}
	lo, ok := limit(1, "min", math.Inf(-1))
	hi, ok2 := limit(2, "max", math.Inf(1))
	switch {
	case ok && ok2:
		return nodes(x.Clip(lo, hi))
	case ok:
		return nodes(x.Clip(lo, math.Inf(1)).Minimum(c.x(2)))
	case ok2:
		return nodes(x.Maximum(c.x(1)).Clip(math.Inf(-1), hi))
	}
	return nodes(x.Maximum(c.x(1)).Minimum(c.x(2)))
}
