package layers

import "github.com/nndiy/nndiy/graph"

// Flatten makes each sample a vector: (batch, ...) becomes (batch, features), in row-major order. The steps of a sequence that a mask
// leaves out become zeros, and the vector has no mask.
type Flatten struct{}

// Emit implements graph.Layer.
func (Flatten) Emit(_ *graph.Scope, x graph.Node) graph.Node { return reshaped(x, x.Dim(0), -1) }

// reshaped returns x in another shape. If that merges the steps of a sequence with a mask, padding becomes zeros.
func reshaped(x graph.Node, shape ...int) graph.Node {
	y := x.Reshape(shape...)
	_, _, masked := x.Valid()
	if _, _, kept := y.Valid(); masked && !kept {
		return x.FillPadding(0).Reshape(shape...)
	}
	return y
}

// Reshape gives each sample another shape with the same number of elements: (batch, ...) becomes (batch, Shape...). Masks as in
// Flatten, unless the time remains the second dimension.
type Reshape struct {
	Shape []int // without the batch; one dimension may be -1 and is computed from the others
}

// Emit implements graph.Layer.
func (r Reshape) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return reshaped(x, append([]int{x.Dim(0)}, r.Shape...)...)
}

// Permute reorders the dimensions of each sample: dimension i of the output, counted from 1, is dimension Axes[i-1] of the
// input. Permute{Axes: []int{2, 1}} turns (batch, time, features) into (batch, features, time), as Conv1D takes it.
type Permute struct {
	Axes []int // each axis but the batch once, counted from 1 (the batch is axis 0), or from the end if negative
}

// Emit implements graph.Layer.
func (p Permute) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	if x.Err() != nil {
		return x
	}
	axes, seen := []int{0}, make([]bool, x.Rank())
	for _, a := range p.Axes {
		if a < 0 {
			a += x.Rank()
		}
		if a < 1 || a >= x.Rank() || seen[a] {
			return x.Errorf("Axes: got %v for shape %v, want each of 1 to %d once", p.Axes, x.Shape(), x.Rank()-1)
		}
		seen[a], axes = true, append(axes, a)
	}
	if len(axes) != x.Rank() {
		return x.Errorf("Axes: got %v for shape %v, want each of 1 to %d once", p.Axes, x.Shape(), x.Rank()-1)
	}
	return x.Transpose(axes...)
}
