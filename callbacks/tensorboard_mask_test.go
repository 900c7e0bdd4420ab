package callbacks_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// TestTensorBoardMask: histograms of states that are not finite by design count the finite numbers; a state without any has none.
func TestTensorBoardMask(t *testing.T) {
	inf := math.Inf(1)
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		state := func(name string, values ...float64) {
			s.State(name, func(to []float64, _ []int, _ *rand.Rand) { copy(to, values) }, len(values))
		}
		state("limits", -inf, inf)
		state("mask", 2, -inf, 2, 2)
		return x.Mul(s.Param("gate", graph.Ones, 1))
	})
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		m, err := graph.Compile(net, graph.Config{Input: []int{1}, DType: dt})
		if err != nil {
			t.Fatal(err)
		}
		board := &callbacks.TensorBoard{Dir: t.TempDir(), HistogramsEvery: 1}
		s := script{logs: losses(1)}
		s.run.Model = m
		if err := s.play(board); err != nil {
			t.Errorf("%v: %v", dt, err)
		}
		got := lines(eventFiles(t, board.Dir)[0])
		if want := []string{"1 train_loss 1", "1 gate [1 1] [1]", "1 mask [2 2] [3]"}; !slices.Equal(got, want) {
			t.Errorf("%v: got %q, want %q", dt, got, want)
		}
	}
}
