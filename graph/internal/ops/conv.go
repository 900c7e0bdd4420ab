package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A ConvPart selects which of the three tensors of a convolution a Conv computes from the other two: the input images x, the
// output images y or the weights w. Each part is linear in both of its inputs, and the parts are each other's derivatives.
type ConvPart uint8

// The parts.
const (
	ConvForward ConvPart = iota // y from x and w
	ConvInput                   // x from y and w: the derivative by x, or a transposed convolution
	ConvWeights                 // w from x and y: the derivative by w
)

var convNames = [...]string{ConvForward: "Conv", ConvInput: "ConvInput", ConvWeights: "ConvWeights"}

// Conv is a convolution of images (batch, channels, height, width) with weights (out, in/Groups, height, width).
type Conv struct {
	Part   ConvPart
	Groups int
	Y, X   kernels.Window // over x's height and width, with the size of the weights
}

// String implements Def.
func (c Conv) String() string {
	return fmt.Sprintf("%s(groups %d, %v, %v)", convNames[c.Part], c.Groups, c.Y, c.X)
}

// Infer implements Def.
func (c Conv) Infer(in [][]int) ([]int, error) {
	for _, s := range in {
		if len(s) != 4 {
			return nil, fmt.Errorf("got shapes %v and %v, want four dimensions each", in[0], in[1])
		}
	}
	for i, w := range []kernels.Window{c.Y, c.X} {
		if err := w.Check(); err != nil {
			return nil, fmt.Errorf("dimension %d: %w", 2+i, err)
		}
	}
	if c.Groups < 1 {
		return nil, fmt.Errorf("got %d groups, want 1 or more", c.Groups)
	}
	s, err := c.shape(in)
	if err != nil {
		return nil, err
	}
	x := []int{s.Batch, s.In, s.Y.In, s.X.In}
	y := []int{s.Batch, s.Out, s.Y.Out(), s.X.Out()}
	w := []int{s.Out, s.In / s.Groups, s.Y.Kernel, s.X.Kernel}
	want, out := [][]int{x, w}, y
	switch c.Part {
	case ConvInput:
		want, out = [][]int{y, w}, x
	case ConvWeights:
		want, out = [][]int{x, y}, w
	}
	for i := range want {
		if fmt.Sprint(want[i]) != fmt.Sprint(in[i]) {
			return nil, fmt.Errorf("got shapes %v and %v in %d groups, want %v and %v", in[0], in[1], c.Groups, want[0], want[1])
		}
	}
	return out, nil
}

// shape returns the convolution's shape, derived from the shapes of the inputs.
func (c Conv) shape(in [][]int) (kernels.ConvShape, error) {
	a, b := in[0], in[1]
	s := kernels.ConvShape{Batch: a[0], In: a[1], Out: b[0], Groups: c.Groups, Y: c.Y, X: c.X}
	switch c.Part {
	case ConvInput:
		s.In, s.Out = b[1]*c.Groups, a[1]
	case ConvWeights:
		s.Out = b[1]
	}
	if s.In%c.Groups != 0 || s.Out%c.Groups != 0 {
		return s, fmt.Errorf("got %d channels in and %d out, want multiples of the %d groups", s.In, s.Out, c.Groups)
	}
	return s, nil
}

// Diff implements Def.
func (c Conv) Diff(g *Graph, n, grad *Node) []*Node {
	a, b := Of(n).In[0], Of(n).In[1]
	part := func(p ConvPart, a, b *Node) *Node {
		return g.Must(Conv{Part: p, Groups: c.Groups, Y: c.Y, X: c.X}, a, b)
	}
	switch c.Part {
	case ConvForward:
		return []*Node{part(ConvInput, grad, b), part(ConvWeights, a, grad)}
	case ConvInput:
		return []*Node{part(ConvForward, grad, b), part(ConvWeights, grad, a)}
	}
	return []*Node{part(ConvInput, b, grad), part(ConvForward, a, grad)}
}

// Bind implements Def.
func (c Conv) Bind(o *Op) Kernel { return ConvAffine{Conv: c}.Bind(o) }
