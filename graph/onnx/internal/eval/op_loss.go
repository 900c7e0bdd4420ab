package eval

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	register(map[string]operator{
		"NegativeLogLikelihoodLoss": op(2, 3, "ignore_index reduction", func(c *call) *Tensor { return c.likelihoodLoss(c.in(0)) }),
		"SoftmaxCrossEntropyLoss":   {least: 2, most: 3, attributes: "ignore_index reduction", run: crossEntropy},
	})
}

// crossEntropy is the loss of logits, (batch, classes, ...); its second output is their logarithmic softmax.
func crossEntropy(c *call) []*Tensor {
	x := c.in(0)
	c.want(len(x.Shape) >= 2 && isFloat(x), "got %v of shape %v, want floating-point numbers (batch, classes, ...)", x.Type(), x.Shape)
	l, in := c.lines(x, 1), x.Doubles()
	c.spend(8 * x.Size())
	out := c.made(proto.Float64, x.Shape...)
	y := out.data.(list[float64])
	for i := range l.count {
		most, total := math.Inf(-1), 0.0
		for k := range l.size {
			most = max(most, in[l.start(i)+k*l.step])
		}
		for k := range l.size {
			total += math.Exp(in[l.start(i)+k*l.step] - most)
		}
		for k := range l.size {
			at := l.start(i) + k*l.step
			y[at] = in[at] - most - math.Log(total)
		}
	}
	return []*Tensor{c.likelihoodLoss(out).as(x.Type()), out.as(x.Type())}
}

// likelihoodLoss is minus the logarithmic likelihood of the target classes in input 1, with a weight for each class in input 2.
func (c *call) likelihoodLoss(x *Tensor) *Tensor {
	target := c.in(1)
	c.want(len(x.Shape) >= 2 && isFloat(x), "got %v of shape %v, want floating-point numbers (batch, classes, ...)", x.Type(), x.Shape)
	shape := append([]int{x.Shape[0]}, x.Shape[2:]...)
	c.want(slices.Equal(shape, target.Shape), "got classes of shape %v, want %v", target.Shape, shape)
	classes, l, in := c.sizes(1), c.lines(x, 1), x.Doubles()
	weights := slices.Repeat([]float64{1}, l.size)
	if c.opt(2) != nil {
		weights = c.in(2).Doubles()
		c.want(len(weights) == l.size, "got %d weights, want %d, one for each class", len(weights), l.size)
	}
	ignored := c.attribute("ignore_index") != nil
	ignore, losses := c.int("ignore_index", 0), make([]float64, l.count)
	total, weight := 0.0, 0.0
	for i, class := range classes {
		if ignored && class == ignore {
			continue
		}
		c.want(class >= 0 && class < l.size, "got class %d, want 0 to %d", class, l.size-1)
		losses[i] = -weights[class] * in[l.start(i)+class*l.step]
		total += losses[i]
		weight += weights[class]
	}
	switch how := c.str("reduction", "mean"); how {
	case "none":
		return of(shape, losses).as(x.Type())
	case "sum":
		return scalar(total).as(x.Type())
	case "mean":
	default:
		c.fail("attribute reduction: got %.16q, want none, sum or mean", how)
	}
	return scalar(total / weight).as(x.Type())
}
