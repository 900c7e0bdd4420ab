package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/kernels"
)

// ConvPool is a max pooling of a convolution with an epilogue. Lower makes it when nothing else uses the convolution, as in
// inference.
type ConvPool struct {
	ConvAffine
	Pool Pool
}

// String implements Def.
func (c ConvPool) String() string { return fmt.Sprintf("%s of %s", c.Pool, c.ConvAffine) }

// Bind implements Def.
func (c ConvPool) Bind(o *Op) Kernel {
	return Kernel{F32: bindConvPool[float32](c, o), F64: bindConvPool[float64](c, o)}
}

func bindConvPool[T kernels.Float](c ConvPool, o *Op) func(out []T, in [][]T) {
	s, err := c.shape([][]int{o.InShape(0), o.InShape(1)})
	if err != nil {
		panic(err) // Infer has checked the shapes
	}
	q := kernels.PoolShape{Planes: s.Batch * s.Out, Y: c.Pool.Y, X: c.Pool.X}
	ep := epilogue[T](c.Epilogue)
	return func(out []T, in [][]T) {
		feed(c.Epilogue, ep, in, 0)
		kernels.ConvMaxPool(o.env.Pool, s, q, out, in[0], in[1], ep)
	}
}

// WeightsPooled is the derivative of a convolution by its weights when a max pooling follows the convolution. Its inputs are
// the convolution's input, the pooling's input and the gradient of the pooling's output.
type WeightsPooled struct {
	Conv
	Pool Pool // the MaxPoolGrad
}

// String implements Def.
func (w WeightsPooled) String() string { return fmt.Sprintf("%s of %s", w.Conv, w.Pool) }

// Diff implements Def. Lower makes a WeightsPooled after derivatives.
func (w WeightsPooled) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (w WeightsPooled) Bind(o *Op) Kernel {
	return Kernel{F32: bindWeightsPooled[float32](w, o), F64: bindWeightsPooled[float64](w, o)}
}

func bindWeightsPooled[T kernels.Float](w WeightsPooled, o *Op) func(out []T, in [][]T) {
	x, y := o.InShape(0), o.InShape(1)
	s := kernels.ConvShape{Batch: x[0], In: x[1], Out: y[1], Groups: w.Groups, Y: w.Y, X: w.X}
	q := kernels.PoolShape{Planes: s.Batch * s.Out, Y: w.Pool.Y, X: w.Pool.X}
	return func(out []T, in [][]T) {
		kernels.ConvWeightsPooled(o.env.Pool, s, q, out, in[0], in[1], in[2], w.Pool.ReLU)
	}
}
