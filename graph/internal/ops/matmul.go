package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// MatMul is the matrix product over the last two dimensions. TA and TB transpose the first and the second factor. Dimensions
// before the last two must be equal: they are a batch of products.
type MatMul struct{ TA, TB bool }

// String implements Def.
func (m MatMul) String() string {
	return "MatMul" + map[bool]string{true: "ᵀ", false: ""}[m.TA] + map[bool]string{true: "·ᵀ", false: ""}[m.TB]
}

// Infer implements Def.
func (m MatMul) Infer(in [][]int) ([]int, error) {
	a, b := in[0], in[1]
	if len(a) < 2 || len(b) < 2 {
		return nil, fmt.Errorf("got shapes %v and %v, want matrices", a, b)
	}
	rows, k := matrixDims(a, m.TA)
	l, cols := matrixDims(b, m.TB)
	if k != l {
		return nil, fmt.Errorf("got shapes %v and %v, want equal inner dimensions", a, b)
	}
	if !slices.Equal(a[:len(a)-2], b[:len(b)-2]) {
		return nil, fmt.Errorf("got shapes %v and %v, want equal dimensions before the last two", a, b)
	}
	return append(slices.Clone(a[:len(a)-2]), rows, cols), nil
}

func matrixDims(s []int, transposed bool) (rows, cols int) {
	rows, cols = s[len(s)-2], s[len(s)-1]
	if transposed {
		return cols, rows
	}
	return rows, cols
}

// Product returns the matrix product of a and b, with the dimensions before the last two broadcast as in NumPy.
func (g *Graph) Product(a, b *Node) (*Node, error) {
	sa, sb := Shape(a), Shape(b)
	if len(sa) > 2 && len(sb) == 2 { // one product: the rows of all of a
		k := sa[len(sa)-1]
		flat, err := g.Apply(MatMul{}, g.Reshaped(a, []int{tensors.Size(sa) / max(k, 1), k}), b)
		if err != nil {
			return nil, fmt.Errorf("got shapes %v and %v, want equal inner dimensions", sa, sb)
		}
		return g.Reshaped(flat, append(slices.Clone(sa[:len(sa)-1]), sb[1])), nil
	}
	if len(sa) >= 2 && len(sb) > 2 {
		batch, err := BroadcastShapes(sa[:len(sa)-2], sb[:len(sb)-2])
		if err != nil {
			return nil, fmt.Errorf("got shapes %v and %v, want dimensions before the last two that are equal or 1", sa, sb)
		}
		if a, err = g.BroadcastTo(a, append(slices.Clone(batch), sa[len(sa)-2:]...)); err != nil {
			return nil, err
		}
		if b, err = g.BroadcastTo(b, append(slices.Clone(batch), sb[len(sb)-2:]...)); err != nil {
			return nil, err
		}
	}
	return g.Apply(MatMul{}, a, b)
}

// Diff implements Def: with C = A·B, dA = dC·Bᵀ and dB = Aᵀ·dC, transposed where a factor is.
func (m MatMul) Diff(g *Graph, n, grad *Node) []*Node {
	a, b := Of(n).In[0], Of(n).In[1]
	da := g.Must(MatMul{TB: !m.TB}, grad, b)
	if m.TA {
		da = g.Must(MatMul{TA: m.TB, TB: true}, b, grad)
	}
	db := g.Must(MatMul{TA: !m.TA}, a, grad)
	if m.TB {
		db = g.Must(MatMul{TA: true, TB: m.TA}, grad, a)
	}
	return []*Node{da, db}
}

// Bind implements Def.
func (m MatMul) Bind(o *Op) Kernel { return Affine{MatMul: m}.Bind(o) }

// An Epilogue is applied to each element of a product. If Bias is set, the next input is added to each row, or to each channel
// of a convolution. Then Act is applied; or, if Deriv is set, the result is multiplied by the derivative of Act, whose output
// is the next input. If Plus is set, the last input is added. If Slopes is set, the output of an Affine has a second part, the
// derivative of Act.
type Epilogue struct {
	Bias   bool
	Deriv  bool
	Plus   bool
	Slopes bool
	Act    kernels.Activation
	A, B   float64 // the numbers of the activation: those of its Map
}

// String names the epilogue.
func (e Epilogue) String() string {
	return fmt.Sprintf("bias=%t act=%v(%v, %v) deriv=%t plus=%t slopes=%t", e.Bias, e.Act, e.A, e.B, e.Deriv, e.Plus, e.Slopes)
}

// epilogue returns the kernels' form of e, nil if e does nothing.
func epilogue[T kernels.Float](e Epilogue) *kernels.Epilogue[T] {
	if e == (Epilogue{}) {
		return nil
	}
	ep := &kernels.Epilogue[T]{Act: e.Act}
	switch e.Act {
	case kernels.ActLeakyReLU:
		ep.Slope = T(e.A)
	case kernels.ActClip:
		ep.Low, ep.High = T(e.A), T(e.B)
	}
	return ep
}

// feed sets the inputs of the kernels' form; width is the length of a row.
func feed[T kernels.Float](e Epilogue, ep *kernels.Epilogue[T], in [][]T, width int) {
	next := 2
	take := func() []T {
		next++
		return in[next-1]
	}
	if e.Bias {
		ep.Bias = take()
	}
	if e.Deriv {
		ep.Deriv, ep.DerivStride = take(), width
	}
	if e.Plus {
		ep.Plus, ep.DerivStride = take(), width
	}
}

// Affine is a matrix product with an epilogue. Lower makes it from a product and the Maps that follow.
type Affine struct {
	MatMul
	Epilogue
}

// String implements Def.
func (a Affine) String() string {
	return fmt.Sprintf("%s %s", a.MatMul, a.Epilogue)
}

// Diff implements Def. Lower makes an Affine after derivatives.
func (a Affine) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (a Affine) Bind(o *Op) Kernel {
	return Kernel{F32: bindAffine[float32](a, o), F64: bindAffine[float64](a, o)}
}

func bindAffine[T kernels.Float](f Affine, o *Op) func(out []T, in [][]T) {
	sa, sb := o.InShape(0), o.InShape(1)
	ra, ca := sa[len(sa)-2], sa[len(sa)-1]
	rb, cb := sb[len(sb)-2], sb[len(sb)-1]
	m, _ := matrixDims(sa, f.TA)
	_, n := matrixDims(sb, f.TB)
	matrices := func(out []T, in [][]T) (c, a, b kernels.Matrix[T]) {
		return kernels.Dense(out, m, n),
			kernels.Matrix[T]{Data: in[0], Rows: ra, Cols: ca, Stride: ca, T: f.TA}, kernels.Matrix[T]{Data: in[1], Rows: rb, Cols: cb, Stride: cb, T: f.TB}
	}
	if batch := tensors.Size(sa[:len(sa)-2]); batch != 1 { // of small products, so each is computed by one worker; without an epilogue
		return func(out []T, in [][]T) {
			c, a, b := matrices(out, in)
			kernels.MatMulBatch(o.env.Pool, batch, c, a, b, m*n, ra*ca, rb*cb, 1, 0, o.Phase != Backward)
		}
	}
	if o.Phase == Backward && f.MatMul == (MatMul{TA: true}) && f.Epilogue == (Epilogue{}) { // a gradient by weights
		return func(out []T, in [][]T) {
			c, a, b := matrices(out, in)
			kernels.MatMulSums(o.env.Pool, c, a, b, nil)
		}
	}
	ep := epilogue[T](f.Epilogue)
	return func(out []T, in [][]T) {
		feed(f.Epilogue, ep, in, n)
		if f.Slopes {
			ep.Slopes, ep.DerivStride = out[m*n:], n
		}
		c, a, b := matrices(out[:m*n], in)
		if kept := packed(o.env.Packs, o.env.Pool, b); kept != nil {
			kernels.MatMulPacked(o.env.Pool, c, a, kept, 1, 0, ep)
		} else if o.Phase != Backward { // with the bits that the packed form gives
			kernels.MatMulInOrder(o.env.Pool, c, a, b, 1, 0, ep)
		} else {
			kernels.MatMul(o.env.Pool, c, a, b, 1, 0, ep)
		}
	}
}

func (m MatMul) flops(o *Op) float64 {
	_, k := matrixDims(o.InShape(0), m.TA)
	return 2 * float64(o.size) * float64(k)
}

func (e Epilogue) flops(elements float64) float64 {
	n := 0.0
	if e.Bias {
		n++
	}
	if e.Act != kernels.ActNone {
		n++
	}
	if e.Slopes {
		n++
	}
	if e.Plus {
		n++
	}
	return n * elements
}
