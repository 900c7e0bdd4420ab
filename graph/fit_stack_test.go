package graph

import (
	"testing"

	"gorgonia.org/tensor"
)

// TestScoresOfSizes checks how predictions and targets of batches of different sizes are joined.
func TestScoresOfSizes(t *testing.T) {
	zeros := func(shape ...int) *Tensor { return tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float64)) }
	for _, c := range []struct {
		name         string
		pred, target [2][]int
		wantPred     []int
		wantTarget   []int
		want         string
	}{
		{"same size", [2][]int{{2, 3, 4}, {1, 3, 4}}, [2][]int{{2, 3}, {1, 3}}, []int{3, 3, 4}, []int{3, 3}, ""},
		{"classes", [2][]int{{2, 3, 4}, {1, 5, 4}}, [2][]int{{2, 3}, {1, 5}}, []int{11, 4}, []int{11}, ""},
		{"one-hot", [2][]int{{2, 3, 4}, {1, 5, 4}}, [2][]int{{2, 3, 4}, {1, 5, 4}}, []int{11, 4}, []int{11, 4}, ""},
		{"height and width", [2][]int{{2, 3, 4, 2}, {1, 3, 6, 2}}, [2][]int{{2, 3, 4}, {1, 3, 6}}, []int{42, 2}, []int{42}, ""},
		{"target of the sample", [2][]int{{2, 3, 4}, {1, 5, 4}}, [2][]int{{2}, {1}}, nil, nil,
			"output: targets: got shape [2], want 2 dimensions or more, since the sizes of these vary from batch to batch"},
		{"other target", [2][]int{{2, 3, 4}, {1, 5, 4}}, [2][]int{{2, 1}, {1, 1}}, nil, nil,
			"output: got targets of shape [2 1] for predictions of shape [2 3 4], want the same in the first 2 dimensions, since sizes vary from batch to batch"},
		{"other classes", [2][]int{{2, 3, 4}, {1, 3, 5}}, [2][]int{{2, 3}, {1, 3}}, nil, nil,
			"output: targets: got shape [2 3], want 3 dimensions or more, since the sizes of these vary from batch to batch"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &scores{outPort: outPort{name: MainOutput}}
			for i := range c.pred {
				s.pred, s.target = append(s.pred, zeros(c.pred[i]...)), append(s.target, zeros(c.target[i]...))
			}
			pred, target, err := s.all()
			if c.want != "" {
				if err == nil || err.Error() != c.want {
					t.Fatalf("got %v, want %s", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !pred.Shape().Eq(tensor.Shape(c.wantPred)) || !target.Shape().Eq(tensor.Shape(c.wantTarget)) {
				t.Errorf("got %v and %v, want %v and %v", pred.Shape(), target.Shape(), c.wantPred, c.wantTarget)
			}
		})
	}
}
