package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Slice takes elements [From, To) of one axis.
type Slice struct{ Axis, From, To int }

// String implements Def.
func (s Slice) String() string { return fmt.Sprintf("Slice(axis %d, %d:%d)", s.Axis, s.From, s.To) }

// Infer implements Def.
func (s Slice) Infer(in [][]int) ([]int, error) {
	if n := in[0][s.Axis]; s.From < 0 || s.To <= s.From || s.To > n {
		return nil, fmt.Errorf("got %d:%d of axis %d of shape %v, want a range within 0:%d", s.From, s.To, s.Axis, in[0], n)
	}
	out := slices.Clone(in[0])
	out[s.Axis] = s.To - s.From
	return out, nil
}

// Diff implements Def: zeros around the gradient.
func (s Slice) Diff(g *Graph, n, grad *Node) []*Node {
	size := Of(n).InShape(0)[s.Axis]
	return []*Node{g.Must(Pad{Axis: s.Axis, Before: s.From, After: size - s.To}, grad)}
}

// Bind implements Def. Elements that are contiguous in memory are not copied.
func (s Slice) Bind(o *Op) Kernel {
	in := o.InShape(0)
	inner := tensors.Size(in[s.Axis+1:])
	if tensors.Size(in[:s.Axis]) == 1 {
		o.view, o.offset = true, s.From*inner
		return Kernel{}
	}
	return copying(o, copies{tensors.Size(in[:s.Axis]), 0, (s.To - s.From) * inner, s.From * inner, in[s.Axis] * inner, (s.To - s.From) * inner, false})
}

// Pad puts zeros before and after the elements of one axis.
type Pad struct{ Axis, Before, After int }

// String implements Def.
func (p Pad) String() string { return fmt.Sprintf("Pad(axis %d, %d, %d)", p.Axis, p.Before, p.After) }

// Infer implements Def.
func (p Pad) Infer(in [][]int) ([]int, error) {
	if p.Before < 0 || p.After < 0 {
		return nil, fmt.Errorf("got padding %d, %d, want 0 or more", p.Before, p.After)
	}
	out := slices.Clone(in[0])
	if room := mostElements - out[p.Axis]; p.Before > room || p.After > room-p.Before { // the sum could overflow
		return nil, fmt.Errorf("got padding %d, %d, want at most %d", p.Before, p.After, room)
	}
	out[p.Axis] += p.Before + p.After
	return out, nil
}

// Diff implements Def.
func (p Pad) Diff(g *Graph, n, grad *Node) []*Node {
	return []*Node{g.Must(Slice{p.Axis, p.Before, p.Before + Of(n).InShape(0)[p.Axis]}, grad)}
}

// Bind implements Def.
func (p Pad) Bind(o *Op) Kernel {
	in := o.InShape(0)
	inner, outer := tensors.Size(in[p.Axis+1:]), tensors.Size(in[:p.Axis])
	return copying(o, copies{outer, p.Before * inner, o.Shape[p.Axis] * inner, 0, in[p.Axis] * inner, in[p.Axis] * inner, true})
}

// copies describes how pieces of an input are copied to an output: piece i, of n elements, from in[from+i·fromStride] to
// out[to+i·toStride]. If zero is set, the rest of each toStride elements of the output is set to 0.
type copies struct {
	count, to, toStride, from, fromStride, n int
	zero                                     bool
}

// copying returns the kernel that copies the pieces of all inputs, those of one input beside those of the next.
func copying(o *Op, parts ...copies) Kernel {
	return Kernel{F32: bindCopies[float32](o, parts), F64: bindCopies[float64](o, parts)}
}

func bindCopies[T kernels.Float](o *Op, parts []copies) func(out []T, in [][]T) {
	count, stride := parts[0].count, parts[0].toStride // the same for all
	return inPieces(o, count, max(1, perWorker/max(stride, 1)), func(out []T, in [][]T, lo, hi int) {
		for i := lo; i < hi; i++ {
			row := out[i*stride : (i+1)*stride]
			for k := range parts {
				copyPiece(&parts[k], row, in[k], i)
			}
		}
	})
}

// copyPiece copies piece i to its row of the output.
func copyPiece[T kernels.Float](c *copies, row, in []T, i int) {
	if c.zero {
		clear(row[:c.to])
		clear(row[c.to+c.n:])
	}
	copy(row[c.to:c.to+c.n], in[c.from+i*c.fromStride:])
}

// Concat joins its inputs along one axis.
type Concat struct{ Axis int }

// String implements Def.
func (c Concat) String() string { return fmt.Sprintf("Concat(axis %d)", c.Axis) }

// Infer implements Def.
func (c Concat) Infer(in [][]int) ([]int, error) {
	out := slices.Clone(in[0])
	for _, s := range in[1:] {
		if len(s) != len(out) || !slices.Equal(s[:c.Axis], out[:c.Axis]) || !slices.Equal(s[c.Axis+1:], out[c.Axis+1:]) {
			return nil, fmt.Errorf("got shapes %v and %v, want equal dimensions except axis %d", in[0], s, c.Axis)
		}
		out[c.Axis] += s[c.Axis]
	}
	return out, nil
}

// Diff implements Def.
func (c Concat) Diff(g *Graph, n, grad *Node) []*Node {
	d := make([]*Node, len(Of(n).In))
	at := 0
	for i := range d {
		size := Of(n).InShape(i)[c.Axis]
		d[i] = g.Must(Slice{c.Axis, at, at + size}, grad)
		at += size
	}
	return d
}

// Bind implements Def.
func (c Concat) Bind(o *Op) Kernel {
	inner, outer := tensors.Size(o.Shape[c.Axis+1:]), tensors.Size(o.Shape[:c.Axis])
	parts := make([]copies, len(o.In))
	at := 0
	for i := range parts {
		n := o.InShape(i)[c.Axis] * inner
		parts[i] = copies{outer, at, o.Shape[c.Axis] * inner, 0, n, n, false}
		at += n
	}
	return copying(o, parts...)
}
