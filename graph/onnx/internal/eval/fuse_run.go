package eval

import (
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// A Link is one element-wise function of a chain: an operator of ONNX, with its numbers: the slope of LeakyRelu, the ends of Clip. Values
// are numbered: the inputs of the chain first, then the result of each link.
type Link struct {
	Operator string
	A, B     float64
	Args     [2]int
}

// A Chain returns the function that computes elements lo to hi of a chain's result of a shape, from inputs whose shapes broadcast to it.
// The result may be in the place of an input of its shape.
type Chain func(links []Link, out []int, in [][]int) func(out []float32, in [][]float32, lo, hi int)

// A form is how a group runs for inputs of some shapes.
type form struct {
	shapes [][]int                                         // of the inputs
	out    []int                                           // shape of the result; nil if the group does not run as one node
	after  after                                           // what the convolution applies
	chain  func(out []float32, in [][]float32, lo, hi int) // what comes then; nil if there is nothing
}

// after is a function that a convolution applies to its result.
type after struct {
	act              kernels.Activation
	slope, low, high float32
}

// perPiece is the number of elements of a chain for which one more worker pays.
const perPiece = 16 << 10

// runGroup computes a group in one pass, or returns nil if that is not possible.
func runGroup(c *call) []*Tensor {
	g := c.node.group
	for _, x := range c.inputs {
		if x == nil || x.Type() != proto.Float32 {
			return nil
		}
	}
	f := g.form.Load()
	if f == nil || !slices.EqualFunc(f.shapes, c.inputs, func(shape []int, x *Tensor) bool { return slices.Equal(shape, x.Shape) }) {
		f = c.newForm(g)
		g.form.Store(f)
	}
	if f.out == nil {
		return nil
	}
	feeds := c.inputs
	if g.head {
		head := c.first(g)
		head.after = f.after
		c.result[0], feeds = conv(head), feeds[len(head.inputs)-1:]
	} else {
		c.result[0] = c.filled(proto.Float32, f.out...)
	}
	if f.chain == nil {
		return c.result[:]
	}
	to, in := c.result[0].data.(list[float32]), make([][]float32, len(feeds))
	for i, x := range feeds {
		in[i] = x.data.(list[float32])
	}
	if g.head {
		in[0] = to // instead of the last input of the convolution
	}
	c.spend(4 * len(g.nodes) * len(to))
	pool().For(len(to), perPiece, func(lo, hi int) { f.chain(to, in, lo, hi) })
	return c.result[:]
}
