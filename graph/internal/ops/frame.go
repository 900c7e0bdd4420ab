package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Frame is several Pads or several Slices in one pass. Lower makes it.
type Frame struct{ Before, After string } // lists of the zeros around each dimension; negative numbers cut elements off

// String implements Def.
func (f Frame) String() string { return fmt.Sprintf("Frame(%s, %s)", f.Before, f.After) }

// Infer implements Def.
func (f Frame) Infer(in [][]int) ([]int, error) {
	out := slices.Clone(in[0])
	before, after := Decode(f.Before), Decode(f.After)
	for i := range out {
		out[i] += before[i] + after[i]
	}
	return out, nil
}

// Diff implements Def. Lower makes a Frame after derivatives.
func (f Frame) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (f Frame) Bind(o *Op) Kernel {
	axes := make([]kernels.Border, len(o.Shape))
	before, after := Decode(f.Before), Decode(f.After)
	for i, n := range o.InShape(0) {
		axes[i] = kernels.Border{In: n, Before: before[i], After: after[i]}
	}
	k := kernels.NewFrame(axes)
	return Kernel{
		F32: func(out []float32, in [][]float32) { kernels.CopyFramed(o.env.Pool, k, out, in[0]) },
		F64: func(out []float64, in [][]float64) { kernels.CopyFramed(o.env.Pool, k, out, in[0]) },
	}
}

// framed matches Pads of Pads and Slices of Slices that nothing else uses. It leaves a Slice of the first dimension that is not
// 1 alone, since that copies nothing.
func (l *lowering) framed(n *Node) *fusion {
	axis, before, after, ok := border(n)
	if !ok {
		return nil
	}
	all := [2][]int{make([]int, len(Shape(n))), make([]int, len(Shape(n)))}
	pads := before+after > 0
	f := &fusion{}
	for at := n; ok && (before+after > 0) == pads; axis, before, after, ok = border(at) {
		if all[0][axis], all[1][axis] = all[0][axis]+before, all[1][axis]+after; at != n {
			f.inside = append(f.inside, at)
		}
		f.in = Of(at).In
		if at = f.in[0]; !l.usedOnce(at) {
			break
		}
	}
	f.def = Frame{Encode(all[0]), Encode(all[1])}
	if len(f.inside) == 0 {
		return nil
	}
	return f
}

// border returns what a Pad adds to an axis, and what a Slice adds: negative numbers.
func border(n *Node) (axis, before, after int, ok bool) {
	o := Of(n)
	if o == nil {
		return 0, 0, 0, false
	}
	switch d := o.Def.(type) {
	case Pad:
		return d.Axis, d.Before, d.After, d.Before+d.After > 0
	case Slice:
		s := o.InShape(0)
		return d.Axis, -d.From, d.To - s[d.Axis], d.To-d.From < s[d.Axis] && tensors.Size(s[:d.Axis]) > 1
	}
	return 0, 0, 0, false
}
