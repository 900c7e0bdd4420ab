package optimizers

import (
	"iter"

	"github.com/nndiy/nndiy/graph"
)

// inside yields an optimizer and those that it wraps, the outermost first.
func inside(o graph.Optimizer) iter.Seq[graph.Optimizer] {
	return func(yield func(graph.Optimizer) bool) {
		for o != nil && yield(o) {
			w, ok := o.(graph.OptimizerWrapper)
			if !ok {
				return
			}
			o = w.Unwrap()
		}
	}
}

// needsWhole reports whether an optimizer or one that it wraps needs a parameter whole.
func needsWhole(o graph.Optimizer, name string, shape []int) bool {
	for o := range inside(o) {
		if w, ok := o.(graph.WholeUpdater); ok && w.Whole(name, shape) {
			return true
		}
	}
	return false
}
