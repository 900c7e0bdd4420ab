package eval

import (
	"math"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	register(map[string]operator{
		"RandomNormal": drawing(op(0, 0, "dtype mean scale seed shape", randomNumbers)), "RandomUniform": drawing(op(0, 0, "dtype high low seed shape", randomNumbers)),
		"RandomNormalLike": drawing(op(1, 1, "dtype mean scale seed", randomNumbers)), "RandomUniformLike": drawing(op(1, 1, "dtype high low seed", randomNumbers)),
		"Bernoulli": drawing(op(1, 1, "dtype seed", bernoulli)), "Multinomial": drawing(op(1, 1, "dtype sample_size seed", multinomial)),
	})
}

// drawing marks an operator that draws random numbers.
func drawing(o operator) operator {
	o.random = true
	return o
}

// random returns the generator of a node: from its attribute seed, else from the run's seed and the node's position. In a nested graph it
// also depends on which step of which node runs the graph, so that each step of a loop draws other numbers.
func (c *call) random() *rand.Rand {
	if a := c.attribute("seed"); a != nil && a.Kind == proto.Float {
		return rand.New(rand.NewPCG(uint64(math.Float32bits(a.Float)), 1+c.place))
	}
	return rand.New(rand.NewPCG(c.seed, uint64(c.at)+c.place))
}

func randomNumbers(c *call) *Tensor {
	shape, kind := c.ints("shape"), proto.Float32
	if x := c.opt(0); x != nil {
		shape, kind = x.Shape, x.Type()
	}
	kind = c.elementType("dtype", kind)
	c.want(kind == proto.Float32 || kind == proto.Float64 || isHalf(kind), "attribute dtype: got %v, want a floating-point type", kind)
	out, rng := c.made(proto.Float64, shape...), c.random()
	for i := range out.data.(list[float64]) {
		v := 0.0
		if c.node.Operator[:8] == "RandomNo" {
			v = c.float("mean", 0) + c.float("scale", 1)*rng.NormFloat64()
		} else {
			v = c.float("low", 0) + (c.float("high", 1)-c.float("low", 0))*rng.Float64()
		}
		out.data.(list[float64])[i] = v
	}
	return out.as(kind)
}

// bernoulli returns 1 with the probability that each element is.
func bernoulli(c *call) *Tensor {
	x, rng := c.in(0), c.random()
	out := x.Doubles()
	c.shape(x.Shape...)
	for i, p := range out {
		c.want(p >= 0 && p <= 1, "got a probability of %v, want 0 to 1", p)
		if out[i] = 0; rng.Float64() < p {
			out[i] = 1
		}
	}
	return of(x.Shape, out).as(c.elementType("dtype", x.Type()))
}

// multinomial draws classes from rows of logarithms of probabilities.
func multinomial(c *call) *Tensor {
	x, n, rng := c.in(0), c.int("sample_size", 1), c.random()
	c.want(len(x.Shape) == 2 && x.Shape[1] > 0, "got shape %v, want (batch, classes)", x.Shape)
	rows, classes := x.Shape[0], x.Shape[1]
	in, out := x.Doubles(), c.made(proto.Int64, rows, n)
	for r := range rows {
		row := in[r*classes : (r+1)*classes]
		most, total := math.Inf(-1), 0.0
		for _, v := range row {
			most = max(most, v)
		}
		for _, v := range row {
			total += math.Exp(v - most)
		}
		for k := range n {
			left, class := rng.Float64()*total, 0
			for class < classes-1 && left >= math.Exp(row[class]-most) {
				left -= math.Exp(row[class] - most)
				class++
			}
			out.data.(list[int64])[r*n+k] = int64(class)
		}
	}
	return out.as(c.elementType("dtype", proto.Int32))
}
