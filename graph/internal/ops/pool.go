package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A PoolPart selects what a Pool computes.
type PoolPart uint8

// The parts.
const (
	MaxPool     PoolPart = iota // of x: the maximum of each window
	MaxPoolPick                 // of x and v: in each window, v's element where x is largest
	MaxPoolGrad                 // of x and y: y's elements, added where x is largest in the window, and 0 elsewhere
	AvgPool                     // of x: the mean of each window
	AvgPoolGrad                 // of y: its elements, divided equally among the window's elements
)

var poolNames = [...]string{
	MaxPool: "MaxPool", MaxPoolPick: "MaxPoolPick", MaxPoolGrad: "MaxPoolGrad", AvgPool: "AvgPool", AvgPoolGrad: "AvgPoolGrad",
}

// Pool is a pooling of images (batch, channels, height, width), or a part of its derivative.
type Pool struct {
	Part   PoolPart
	Padded bool               // averages count the padding
	ReLU   bool               // of MaxPoolGrad: times the derivative of the ReLU whose output is x; Lower sets it
	Y, X   kernels.PoolWindow // over x's height and width
}

// String implements Def.
func (p Pool) String() string {
	return fmt.Sprintf("%s(%v, %v, padded %t, relu %t)", poolNames[p.Part], p.Y, p.X, p.Padded, p.ReLU)
}

// Infer implements Def.
func (p Pool) Infer(in [][]int) ([]int, error) {
	s := in[0]
	if len(s) != 4 {
		return nil, fmt.Errorf("got shape %v, want four dimensions", s)
	}
	for i, w := range []kernels.PoolWindow{p.Y, p.X} {
		if err := w.Check(); err != nil {
			return nil, fmt.Errorf("dimension %d: %w", 2+i, err)
		}
		if w.Before >= w.Extent() || w.After >= w.Extent() {
			return nil, fmt.Errorf("dimension %d: got padding %d, %d, want less than the %d elements that the window spans",
				2+i, w.Before, w.After, w.Extent())
		}
		if o := w.Empty(); o >= 0 && (p.Part == MaxPool || p.Part == MaxPoolPick || p.Part == MaxPoolGrad) {
			return nil, fmt.Errorf("dimension %d: got a window with nothing but padding at position %d: %d elements, "+
				"window of %d, dilation %d, padding %d, %d, want an element in each", 2+i, o, w.In, w.Kernel, w.Dilation, w.Before, w.After)
		}
	}
	small, large := append(slices.Clone(s[:2]), p.Y.Out(), p.X.Out()), append(slices.Clone(s[:2]), p.Y.In, p.X.In)
	want, out := [][]int{large, large}, small
	switch p.Part {
	case MaxPoolGrad:
		want, out = [][]int{large, small}, large
	case AvgPoolGrad:
		want, out = [][]int{small}, large
	}
	for i := range in {
		if !slices.Equal(in[i], want[i]) {
			return nil, fmt.Errorf("got shape %v, want %v", in[i], want[i])
		}
	}
	return out, nil
}

// Diff implements Def. The position of a maximum is piecewise constant, so x gets no gradient through it.
func (p Pool) Diff(g *Graph, n, grad *Node) []*Node {
	part := func(q PoolPart, in ...*Node) *Node {
		return g.Must(Pool{Part: q, Padded: p.Padded, Y: p.Y, X: p.X}, in...)
	}
	x := Of(n).In[0]
	switch p.Part {
	case MaxPool:
		return []*Node{part(MaxPoolGrad, x, grad)}
	case MaxPoolPick:
		return []*Node{nil, part(MaxPoolGrad, x, grad)}
	case MaxPoolGrad:
		return []*Node{nil, part(MaxPoolPick, x, grad)}
	case AvgPool:
		return []*Node{part(AvgPoolGrad, grad)}
	}
	return []*Node{part(AvgPool, grad)}
}

// Bind implements Def.
func (p Pool) Bind(o *Op) Kernel {
	return Kernel{F32: bindPool[float32](p, o), F64: bindPool[float64](p, o)}
}

func bindPool[T kernels.Float](p Pool, o *Op) func(out []T, in [][]T) {
	s := kernels.PoolShape{Planes: tensors.Size(o.Shape[:2]), Y: p.Y, X: p.X}
	return func(out []T, in [][]T) {
		switch pool := o.env.Pool; p.Part {
		case MaxPool:
			kernels.MaxPool(pool, s, out, in[0])
		case MaxPoolPick:
			kernels.MaxPoolPick(pool, s, out, in[0], in[1])
		case MaxPoolGrad:
			kernels.MaxPoolGrad(pool, s, out, in[0], in[1], p.ReLU)
		case AvgPool:
			kernels.AvgPool(pool, s, out, in[0], p.Padded)
		case AvgPoolGrad:
			kernels.AvgPoolGrad(pool, s, out, in[0], p.Padded)
		}
	}
}
