package eval

import (
	"math"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// softmax is Softmax, LogSoftmax and Hardmax along an axis; before opset 13 over all axes from there on.
func softmax(c *call) *Tensor {
	x := c.in(0)
	c.want(len(x.Shape) > 0, "got a scalar, want a tensor with axes")
	var l lines
	if c.opset < 13 {
		axis := c.axisAttribute(1, len(x.Shape))
		n := sizeOf(x.Shape[axis:])
		l = lines{x.Size() / max(n, 1), n, 1}
	} else {
		l = c.lines(x, c.axisAttribute(-1, len(x.Shape)))
	}
	c.want(isFloat(x), "got elements of %v, want floating-point numbers", x.Type())
	c.spend(8 * x.Size())
	name := c.node.Operator
	if from, single := x.data.(list[float32]); single && l.step == 1 && name != "Hardmax" && x.Size() > 0 {
		y := c.filled(x.Type(), x.Shape...)
		to, f := y.data.(list[float32]), kernels.Softmax[float32]
		if name == "LogSoftmax" {
			f = kernels.LogSoftmax[float32]
		}
		pool().For(l.count, 1+4096/l.size, func(lo, hi int) { f(to[lo*l.size:hi*l.size], from[lo*l.size:hi*l.size], hi-lo, l.size) })
		return y
	}
	in := x.Doubles()
	out := c.made(proto.Float64, x.Shape...)
	y := out.data.(list[float64])
	for i := range l.count {
		start, most, best, total := l.start(i), math.Inf(-1), 0, 0.0
		for k := range l.size {
			if v := in[start+k*l.step]; v > most || math.IsNaN(v) {
				most, best = v, k
			}
		}
		for k := range l.size {
			total += math.Exp(in[start+k*l.step] - most)
		}
		for k := range l.size {
			v := in[start+k*l.step] - most
			switch at := start + k*l.step; {
			case name == "LogSoftmax":
				y[at] = v - math.Log(total)
			case name == "Softmax":
				y[at] = math.Exp(v) / total
			case k == best:
				y[at] = 1
			}
		}
	}
	return out.as(x.Type())
}
