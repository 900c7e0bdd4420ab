package ops

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// ConvPair is a convolution of each channel by itself, with an epilogue, of a convolution by kernels of one element with one. Its inputs
// are those of the first convolution, and those of the second without the values between. Lower makes it where that is faster.
type ConvPair struct{ First, Second ConvAffine }

// String implements Def.
func (c ConvPair) String() string { return fmt.Sprintf("%s of %s", c.Second, c.First) }

// Infer implements Def.
func (c ConvPair) Infer(in [][]int) ([]int, error) {
	between, err := c.First.Infer(in[:2])
	if err != nil {
		return nil, err
	}
	return c.Second.Infer([][]int{between, in[c.second()]})
}

// Diff implements Def. Lower makes a ConvPair after derivatives.
func (c ConvPair) Diff(*Graph, *Node, *Node) []*Node { return nil }

// second returns the number of the input that is the weights of the second convolution.
func (c ConvPair) second() int {
	if c.First.Bias {
		return 3
	}
	return 2
}

// shapes returns the shapes of both convolutions for an op's inputs.
func (c ConvPair) shapes(x, w, v []int) (first, second kernels.ConvShape, err error) {
	if first, err = c.First.shape([][]int{x, w}); err != nil {
		return first, second, err
	}
	second, err = c.Second.shape([][]int{{first.Batch, first.Out, first.Y.Out(), first.X.Out()}, v})
	return first, second, err
}

// Bind implements Def.
func (c ConvPair) Bind(o *Op) Kernel {
	return Kernel{F32: bindConvPair[float32](c, o), F64: bindConvPair[float64](c, o)}
}

func bindConvPair[T kernels.Float](c ConvPair, o *Op) func(out []T, in [][]T) {
	k := c.second()
	first, second, err := c.shapes(o.InShape(0), o.InShape(1), o.InShape(k))
	if err != nil {
		panic(err) // Infer has checked the shapes
	}
	ep, after := epilogue[T](c.First.Epilogue), epilogue[T](c.Second.Epilogue)
	return func(out []T, in [][]T) {
		feed(c.First.Epilogue, ep, in, 0)
		feed(c.Second.Epilogue, after, in[k-1:], 0)
		kernels.ConvPair(o.env.Pool, first, second, out, in[0], in[1], in[k], ep, after)
	}
}

// flops returns those of both convolutions.
func (c ConvPair) flops(o *Op) float64 {
	first, _, err := c.shapes(o.InShape(0), o.InShape(1), o.InShape(c.second()))
	if err != nil {
		return 0
	}
	between := []int{first.Batch, first.Out, first.Y.Out(), first.X.Out()}
	return c.First.Conv.flops(o, o.InShape(0), o.InShape(1)) + c.First.Epilogue.flops(float64(tensors.Size(between))) +
		c.Second.Conv.flops(o, between, o.InShape(c.second())) + c.Second.Epilogue.flops(float64(o.size))
}

// convPair matches two convolutions one after the other, with or without epilogues. Nothing else uses the values between.
func (l *lowering) convPair(n *Node) *fusion {
	second := l.convolution(n)
	if second == nil || Of(second.in[0]) == nil || !l.usedOnce(second.in[0]) {
		return nil
	}
	between := second.in[0]
	first := l.convolution(between)
	if first == nil {
		return nil
	}
	c := ConvPair{first.def.(ConvAffine), second.def.(ConvAffine)}
	a, b, err := c.shapes(Shape(first.in[0]), Shape(first.in[1]), Shape(second.in[1]))
	if err != nil || l.result.dtype != tensor.Float32 || !kernels.ConvPairPays[float32](a, b) {
		return nil
	}
	return &fusion{c, append(slices.Clone(first.in), second.in[1:]...), append(append(first.inside, between), second.inside...), second.where}
}

// convolution returns the fusion of a convolution with an epilogue whose output is n in its own shape, nil if n is none.
func (l *lowering) convolution(n *Node) *fusion {
	o := Of(n)
	if c, ok := o.Def.(Conv); ok && c.Part == ConvForward {
		return &fusion{def: ConvAffine{Conv: c}, in: o.In, where: o.Where}
	}
	f := l.affine(n)
	if f == nil {
		return nil
	}
	if c, ok := f.def.(ConvAffine); !ok || c.Part != ConvForward || c.Deriv || !slices.Equal(Shape(unshaped(f.inside[0])), Shape(n)) {
		return nil
	}
	return f
}
