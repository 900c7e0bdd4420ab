package optimizers

import (
	"iter"

	"github.com/nndiy/nndiy/graph"
)

// noRule is the rule of a wrapper that has none: it does nothing. Validate returns an error for such a wrapper.
type noRule struct{}

func (noRule) Rate() float64                    { return 0 }
func (noRule) Slots() int                       { return 0 }
func (noRule) Update32(_ graph.Update[float32]) {}
func (noRule) Update64(_ graph.Update[float64]) {}

// ruleOf returns the optimizer that a wrapper has, or noRule.
func ruleOf(o graph.Optimizer) graph.Optimizer {
	if o == nil {
		return noRule{}
	}
	return o
}

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
