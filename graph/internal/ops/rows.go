package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Rows says how the outputs of a graph depend on the rows of a batch.
type Rows struct {
	// Independent is set if row i of each output depends only on row i of each input, as far as is known from the operations.
	Independent bool
	// Noise has the keys of the Random ops that draw numbers for each row.
	Noise map[uint64]bool
}

// RowsOf analyzes a graph of a batch that is a prime number, which no other dimension has. Inputs have the batch as their first
// dimension; other nodes without operands are the same for each row.
//
// The elements of a tensor in row-major order have numbers. That of the batch is a digit of these: element e belongs to row
// e/stride mod batch. So a node's dependence is one number, the stride, which a Reshape does not change.
func RowsOf(batch int, inputs, outputs []*Node) Rows {
	a := rowAnalysis{batch: batch, of: map[*Node]dependence{}, noise: map[uint64]bool{}}
	for _, n := range inputs {
		a.of[n] = dependence{stride: tensors.Size(Shape(n)[1:])}
	}
	for _, n := range Needed(outputs...) {
		if _, ok := a.of[n]; !ok {
			a.of[n] = a.node(n)
		}
	}
	independent := true
	for _, n := range outputs {
		s, d := Shape(n), a.of[n]
		if len(s) == 0 || s[0] != batch || d.mixed {
			return Rows{Noise: a.noise}
		}
		front := tensors.Size(s[1:])
		independent = independent && (d.stride == front || d.stride == 0 && a.repeats(n, front))
	}
	return Rows{Independent: independent, Noise: a.noise}
}

// A dependence says how a node depends on the rows.
type dependence struct {
	mixed   bool         // a row may depend on others, or on its number
	stride  int          // of the batch among the elements; 0 if the node does not depend on the inputs
	repeats []int        // strides of the batch along which a node that does not depend on the inputs is constant
	parts   []dependence // of a Scan, which has no other: of the final states and then of the stacks

	// If the rows are time steps, see Timeline:
	last         bool // the value after the last step
	past, before int  // number of steps before the piece with which the node begins: the last ones, or all of them
}

type rowAnalysis struct {
	batch int
	of    map[*Node]dependence
	noise map[uint64]bool
}

// repeats reports whether a node that does not depend on the inputs is constant along a stride.
func (a *rowAnalysis) repeats(n *Node, stride int) bool {
	_, constant := constant(n)
	return constant || slices.Contains(a.of[n].repeats, stride)
}

// node returns the dependence of a node from those of its operands.
func (a *rowAnalysis) node(n *Node) dependence {
	o := Of(n)
	if o == nil {
		return dependence{} // a parameter
	}
	if r, ok := o.Def.(Random); ok {
		return a.random(r, o.Shape)
	}
	if s, ok := o.Def.(*Scan); ok {
		return a.scan(s, o)
	}
	if parts := a.of[first(o.In)].parts; parts != nil {
		return a.scanPart(parts, o)
	}
	strides := make([]int, len(o.In))
	depends := false
	for i, in := range o.In {
		if a.of[in].mixed {
			return dependence{mixed: true}
		}
		strides[i] = a.of[in].stride
		depends = depends || strides[i] > 0
	}
	if depends {
		out, ok := a.apply(o, strides)
		return dependence{mixed: !ok, stride: out}
	}
	// A node that does not depend on the inputs is constant along a stride if it would be rows apart in case an operand was.
	var d dependence
	for i, in := range o.In {
		for _, s := range a.candidates(in) {
			strides[i] = s
			if out, ok := a.apply(o, strides); ok && !slices.Contains(d.repeats, out) {
				d.repeats = append(d.repeats, out)
			}
			strides[i] = 0
		}
	}
	if b, ok := o.Def.(Broadcast); ok {
		d.repeats = append(d.repeats, a.added(Shape(o.In[0]), Decode(b.To))...)
	}
	return d
}

// candidates returns the strides along which a node that does not depend on the inputs is constant.
func (a *rowAnalysis) candidates(n *Node) []int {
	if _, ok := constant(n); ok {
		return a.strides(Shape(n), func(int) bool { return true })
	}
	return a.of[n].repeats
}

// added returns the strides of the batch in dimensions that a broadcast repeats.
func (a *rowAnalysis) added(from, to []int) []int {
	return a.strides(to, func(d int) bool { return dimFromEnd(from, len(to)-d) == 1 })
}

// strides returns the strides that the batch can have in the dimensions of a shape that are chosen.
func (a *rowAnalysis) strides(shape []int, choose func(d int) bool) []int {
	var list []int
	stride := 1
	for d := len(shape) - 1; d >= 0; d-- {
		if n := shape[d]; n%a.batch == 0 && choose(d) {
			list = append(list, stride)
			if n != a.batch {
				list = append(list, stride*(n/a.batch))
			}
		}
		stride *= shape[d]
	}
	return list
}

// random returns the dependence of noise: on each row's number if the batch is its first dimension.
func (a *rowAnalysis) random(r Random, shape []int) dependence {
	for d, n := range shape {
		switch {
		case n%a.batch != 0:
		case d == 0 && n == a.batch:
			a.noise[r.Key] = true
			return dependence{stride: tensors.Size(shape[1:])}
		default:
			return dependence{mixed: true}
		}
	}
	return dependence{}
}

// axis returns the dimension of a shape that has the batch, and the batch's stride inside it.
func (a *rowAnalysis) axis(shape []int, stride int) (d, inside int, ok bool) {
	unit := 1
	for d := len(shape) - 1; d >= 0; d-- {
		if stride < unit*shape[d] {
			inside := stride / unit
			return d, inside, stride%unit == 0 && shape[d]%(inside*a.batch) == 0
		}
		unit *= shape[d]
	}
	return 0, 0, false
}

// at returns the batch's stride in a shape, for a dimension and a stride inside it.
func at(shape []int, d, inside int) int { return inside * tensors.Size(shape[d+1:]) }
