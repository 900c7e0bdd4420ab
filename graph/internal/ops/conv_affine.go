package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/kernels"
)

// ConvAffine is a convolution with an epilogue. Lower makes it, as it makes an Affine from a product.
type ConvAffine struct {
	Conv
	Epilogue
}

// String implements Def.
func (c ConvAffine) String() string { return fmt.Sprintf("%s %s", c.Conv, c.Epilogue) }

// Diff implements Def. Lower makes a ConvAffine after derivatives.
func (c ConvAffine) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (c ConvAffine) Bind(o *Op) Kernel {
	return Kernel{F32: bindConv[float32](c, o), F64: bindConv[float64](c, o)}
}

func bindConv[T kernels.Float](c ConvAffine, o *Op) func(out []T, in [][]T) {
	s, err := c.shape([][]int{o.InShape(0), o.InShape(1)})
	if err != nil {
		panic(err) // Infer has checked the shapes
	}
	ep := epilogue[T](c.Epilogue)
	own := newOwnPack[T](c.Part, s, o)
	return func(out []T, in [][]T) {
		feed(c.Epilogue, ep, in, 0)
		switch p := o.env.Pool; c.Part {
		case ConvForward:
			kernels.ConvPacked(p, s, out, in[0], in[1], own.of(o, s, in[1]), ep)
		case ConvInput:
			kernels.ConvInput(p, s, out, in[0], in[1], ep)
		case ConvWeights:
			kernels.ConvWeights(p, s, out, in[0], in[1])
		}
	}
}
