package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Transpose permutes dimensions: dimension i of the output is dimension Perm[i] of the input.
type Transpose struct{ Perm string }

// String implements Def.
func (t Transpose) String() string { return "Transpose" + t.Perm }

// Infer implements Def.
func (t Transpose) Infer(in [][]int) ([]int, error) {
	perm := Decode(t.Perm)
	if len(perm) != len(in[0]) {
		return nil, fmt.Errorf("got %d axes for shape %v, want %d", len(perm), in[0], len(in[0]))
	}
	out := make([]int, len(perm))
	seen := make([]bool, len(perm))
	for i, p := range perm {
		if p < 0 || p >= len(perm) || seen[p] {
			return nil, fmt.Errorf("got axes %v, want each of 0 to %d once", perm, len(perm)-1)
		}
		out[i], seen[p] = in[0][p], true
	}
	return out, nil
}

// Diff implements Def: the inverse permutation.
func (t Transpose) Diff(g *Graph, _, grad *Node) []*Node {
	perm := Decode(t.Perm)
	inverse := make([]int, len(perm))
	for i, p := range perm {
		inverse[p] = i
	}
	return []*Node{g.Must(Transpose{Encode(inverse)}, grad)}
}

// simplifyTranspose returns what a Transpose gives back: the input of one that changes nothing, or of one that it undoes.
func (g *Graph) simplifyTranspose(t Transpose, x *Node) *Node {
	perm := Decode(t.Perm)
	if slices.IsSorted(perm) {
		return x
	}
	if inner, ok := defOf(x).(Transpose); ok {
		first := Decode(inner.Perm)
		for i, p := range perm {
			perm[i] = first[p]
		}
		if slices.IsSorted(perm) {
			return Of(x).In[0]
		}
	}
	return nil
}

// simplifyProduct returns the product of what a and b are the transposed matrices of, nil if they are not: a product reads its factors
// in either order.
func (g *Graph) simplifyProduct(m MatMul, a, b *Node) *Node {
	x, y := g.untransposed(a), g.untransposed(b)
	if x == a && y == b {
		return nil
	}
	return g.Must(MatMul{TA: m.TA != (x != a), TB: m.TB != (y != b)}, x, y)
}

// untransposed returns the node whose matrices are those of n transposed, if a Transpose has made n that moves the last dimension to
// the last but one, and else n. If the Transpose permutes other dimensions, too, the node does that, and moves whole rows.
func (g *Graph) untransposed(n *Node) *Node {
	t, ok := defOf(n).(Transpose)
	perm := Decode(t.Perm)
	last := len(perm) - 1
	if !ok || last < 1 || perm[last-1] != last {
		return n
	}
	perm[last-1], perm[last] = perm[last], perm[last-1]
	return g.Must(Transpose{Encode(perm)}, Of(n).In[0])
}

// Bind implements Def: matrices are transposed in blocks. If the last dimension stays, the input is read in the order of the output's
// elements.
func (t Transpose) Bind(o *Op) Kernel {
	in, perm := o.InShape(0), Decode(t.Perm)
	strides := make([]int, len(perm))
	for i, p := range perm {
		strides[i] = tensors.Size(in[p+1:])
	}
	if t, ok := kernels.NewTransposition(o.Shape, strides); ok {
		return Kernel{F32: bindTransposition[float32](t, o), F64: bindTransposition[float64](t, o)}
	}
	l := layout{dims: slices.Clone(o.Shape), strides: strides}
	if len(perm) == 0 {
		l = layout{dims: []int{1}, strides: []int{1}}
	}
	return Kernel{F32: bindLayout[float32](l, o), F64: bindLayout[float64](l, o)}
}

func bindTransposition[T kernels.Float](t kernels.Transposition, o *Op) func(out []T, in [][]T) {
	pieces, elements := t.Pieces()
	return inPieces(o, pieces, max(1, perWorker/max(1, elements)), func(out []T, in [][]T, lo, hi int) {
		kernels.Permute(t, out, in[0], lo, hi)
	})
}

func bindLayout[T kernels.Float](l layout, o *Op) func(out []T, in [][]T) {
	return inPieces(o, tensors.Size(o.Shape), perWorker, func(out []T, in [][]T, lo, hi int) { load(l, out[lo:hi], in[0], lo) })
}
