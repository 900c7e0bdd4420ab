package ops

import (
	"testing"

	"gorgonia.org/tensor"
)

// TestSlicesOfAConcat: a Slice of exactly one input of a Concat along its axis is that input; any other slice is an op.
func TestSlicesOfAConcat(t *testing.T) {
	g := NewGraph(tensor.Float64)
	x, y, z := g.Input("x", []int{2, 3}), g.Input("y", []int{1, 3}), g.Input("z", []int{4, 3})
	all := g.Must(Concat{Axis: 0}, x, y, z)
	for _, r := range []struct {
		name           string
		axis, from, to int
		want           *Node // nil for an op
	}{
		{"the first", 0, 0, 2, x}, {"the second", 0, 2, 3, y}, {"the last", 0, 3, 7, z},
		{"two of them", 0, 0, 3, nil}, {"a part of one", 0, 3, 6, nil}, {"parts of two", 0, 1, 3, nil}, {"another axis", 1, 0, 2, nil},
	} {
		t.Run(r.name, func(t *testing.T) {
			got := g.Must(Slice{r.axis, r.from, r.to}, all)
			if r.want != nil && got != r.want {
				t.Errorf("got %v, want the input", got)
			}
			if r.want == nil && (Of(got) == nil || Of(got).In[0] != all) {
				t.Errorf("got %v, want a Slice of the Concat", got)
			}
		})
	}
}
