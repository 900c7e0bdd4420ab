package ops

import (
	"fmt"
	"slices"
)

// BroadcastShapes returns the shape that a and b are broadcast to, by NumPy's rules: aligned at the last dimension, each
// pair equal or one of them 1 or missing.
func BroadcastShapes(a, b []int) ([]int, error) {
	out := make([]int, max(len(a), len(b)))
	for i := range out {
		x, y := dimFromEnd(a, len(out)-i), dimFromEnd(b, len(out)-i)
		switch {
		case x == y || y == 1:
			out[i] = x
		case x == 1:
			out[i] = y
		default:
			return nil, fmt.Errorf("got shapes %v and %v, want dimensions that are equal or 1", a, b)
		}
	}
	return out, nil
}

func dimFromEnd(s []int, i int) int {
	if i > len(s) {
		return 1
	}
	return s[len(s)-i]
}

// Broadcast repeats its input to a larger shape.
type Broadcast struct{ To string } // the shape, as a string of Encode, so that Defs can be compared

// BroadcastTo returns x repeated to the given shape.
func (g *Graph) BroadcastTo(x *Node, shape []int) (*Node, error) {
	if slices.Equal(Shape(x), shape) {
		return x, nil
	}
	if err := CheckSize(shape); err != nil {
		return nil, err
	}
	if c, ok := constant(x); ok {
		return g.Fill(c, shape), nil
	}
	return g.Apply(Broadcast{Encode(shape)}, x)
}

// String implements Def.
func (b Broadcast) String() string { return "Broadcast" + b.To }

// Infer implements Def.
func (b Broadcast) Infer(in [][]int) ([]int, error) {
	to := Decode(b.To)
	out, err := BroadcastShapes(in[0], to)
	if err != nil || !slices.Equal(out, to) {
		return nil, fmt.Errorf("got shape %v, want one that broadcasts to %v", in[0], to)
	}
	return to, nil
}

// Diff implements Def: the gradient is summed over the copies.
func (b Broadcast) Diff(g *Graph, n, grad *Node) []*Node {
	return []*Node{g.SumTo(grad, Of(n).InShape(0))}
}

// Bind implements Def.
func (b Broadcast) Bind(o *Op) Kernel { return single(Map{Code: Copy}).Bind(o) }

// Encode writes a list of integers as a string, for Defs, which are compared by their strings.
func Encode(list []int) string { return fmt.Sprint(list) }

// Decode returns the list that Encode wrote.
func Decode(s string) []int {
	list := []int{}
	n, in := 0, false
	neg := false
	for _, c := range s {
		switch {
		case c == '-':
			neg = true
		case '0' <= c && c <= '9':
			n, in = n*10+int(c-'0'), true
		case in:
			if neg {
				n = -n
			}
			list = append(list, n)
			n, in, neg = 0, false, false
		}
	}
	return list
}

// Fill is a tensor of equal elements.
type Fill struct {
	Value float64
	To    string
}

// Fill returns a node of equal elements.
func (g *Graph) Fill(value float64, shape []int) *Node { return g.Must(Fill{value, Encode(shape)}) }

// constant returns the value of a Fill.
func constant(n *Node) (float64, bool) {
	if o := Of(n); o != nil {
		if f, ok := o.Def.(Fill); ok {
			return f.Value, true
		}
	}
	return 0, false
}

// String implements Def.
func (f Fill) String() string { return fmt.Sprintf("Fill(%v)%s", f.Value, f.To) }

// Infer implements Def.
func (f Fill) Infer([][]int) ([]int, error) { return Decode(f.To), nil }

// Diff implements Def.
func (f Fill) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (f Fill) Bind(o *Op) Kernel {
	return Kernel{
		F32: func(out []float32, _ [][]float32) { fill(out, float32(f.Value)) },
		F64: func(out []float64, _ [][]float64) { fill(out, f.Value) },
	}
}

func fill[T any](out []T, c T) {
	for i := range out {
		out[i] = c
	}
}
