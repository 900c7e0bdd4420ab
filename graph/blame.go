package graph

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
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
		v, place, err := find(p.t, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
		if err == nil && place != "" {
			return fmt.Sprintf("%s has %v at %s of the batch", p.name, v, place)
		}
	}
	return ""
}

// find returns the first element of a batch's tensor that f holds for, and where it is: "" if there is none.
func find(t *Tensor, f func(v float64) bool) (v float64, place string, err error) {
	values, err := tensors.Float64s(t)
	if err != nil {
		return 0, "", err
	}
	each := tensors.Size(t.Shape()[1:])
	if i := slices.IndexFunc(values, f); i >= 0 {
		return values[i], fmt.Sprintf("element %d of sample %d", i%each, i/each), nil
	}
	return 0, "", nil
}
