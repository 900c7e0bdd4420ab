package graph

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// blame returns where a batch has a number that is not finite, or the empty text.
func (b Batch) blame() string {
	type part struct {
		name string
		t    *Tensor
	}
	parts := []part{{"the input", b.X}}
	for _, name := range slices.Sorted(maps.Keys(b.Inputs)) {
		parts = append(parts, part{"input " + name, b.Inputs[name]})
	}
	parts = append(parts, part{"the target", b.Y})
	for _, name := range slices.Sorted(maps.Keys(b.Targets)) {
		parts = append(parts, part{"target " + name, b.Targets[name]})
	}
	for _, p := range append(parts, part{"the weight", b.Weight}) {
		if p.t == nil {
			continue
		}
		values, err := float64s(p.t)
		if err != nil {
			continue
		}
		each := ops.Size(p.t.Shape()[1:])
		for i, v := range values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Sprintf("%s has %v at element %d of sample %d of the batch", p.name, v, i%each, i/each)
			}
		}
	}
	return ""
}
