package graph

import "github.com/nndiy/nndiy/graph/internal/ops"

// ArgMax returns the position of the largest element along an axis, which is removed from the shape: of several the first, and
// that of the first NaN if there is one, as in NumPy and PyTorch. Its derivative is zero.
func (x Node) ArgMax(axis int) Node { return x.arg("ArgMax", axis, false) }

// ArgMin returns the position of the smallest element along an axis, which is removed from the shape: of several the first, and
// that of the first NaN if there is one. Its derivative is zero.
func (x Node) ArgMin(axis int) Node { return x.arg("ArgMin", axis, true) }

func (x Node) arg(name string, axis int, smallest bool) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail(name, err)
	}
	shape := x.Shape()
	return x.apply(name, ops.Arg{Axis: a, Smallest: smallest}).Reshape(append(shape[:a:a], shape[a+1:]...)...)
}

// Sort returns the elements in ascending order along an axis, and the positions that they have in x (NumPy's argsort). Equal
// elements keep their order, -0 equals 0, and NaN comes last, as in NumPy. The derivative goes to the positions.
func (x Node) Sort(axis int) (values, index Node) { return x.order("Sort", axis, x.Dim(axis), false) }

// TopK returns the k largest elements along an axis in descending order, and their positions in x. Of equal elements the first
// comes first; NaN is larger than any number, as in PyTorch. The derivative goes to the positions.
func (x Node) TopK(axis, k int) (values, index Node) { return x.order("TopK", axis, k, true) }

// BottomK returns the k smallest elements along an axis in ascending order, and their positions in x; see TopK.
func (x Node) BottomK(axis, k int) (values, index Node) { return x.order("BottomK", axis, k, false) }

func (x Node) order(name string, axis, k int, descending bool) (values, index Node) {
	if x.err != nil {
		return x, x
	}
	a, err := x.axis(axis)
	if err != nil {
		failed := x.fail(name, err)
		return failed, failed
	}
	index = x.apply(name, ops.Order{Axis: a, K: k, Descending: descending})
	return x.apply(name, ops.GatherElements{Axis: a}, index), index
}
