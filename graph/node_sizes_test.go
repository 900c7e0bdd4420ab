package graph_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"

	"github.com/nndiy/nndiy/graph"
)

// TestImpossibleSizes: a size that no tensor can have is an error when the node is made, and so is a function that is nil.
func TestImpossibleSizes(t *testing.T) {
	const huge = 1 << 62
	for _, row := range []struct {
		want string
		f    func(s *graph.Scope, x graph.Node) graph.Node // x is (3, 4)
	}{
		{"BroadcastTo: got shape [0 3 4], want dimensions of 1 or more", func(_ *graph.Scope, x graph.Node) graph.Node { return x.BroadcastTo(0, 3, 4) }},
		{"BroadcastTo: got shape [-1 3 4], want dimensions of 1 or more", func(_ *graph.Scope, x graph.Node) graph.Node { return x.BroadcastTo(-1, 3, 4) }},
		{"BroadcastTo: got shape [3 0], want dimensions of 1 or more", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Slice(1, 0, 1).BroadcastTo(3, 0) }},
		{"BroadcastTo: got shape [0], want dimensions of 1 or more", func(s *graph.Scope, _ graph.Node) graph.Node { return s.Scalar(1).BroadcastTo(0) }},
		{"BroadcastTo: got shape [-2 -2], want dimensions of 1 or more", func(s *graph.Scope, _ graph.Node) graph.Node { return s.Scalar(1).BroadcastTo(-2, -2) }},
		{"Pad: got padding 4611686018427387904, 4611686018427387904", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Pad(0, huge, huge) }},
		{"Pad: got padding 9223372036854775807, 1,", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Pad(0, math.MaxInt64, 1) }},
		{"Pad: got padding 0, 9223372036854775807,", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Pad(1, 0, math.MaxInt64) }},
		{"Pad: got padding 9223372036854775807, 9223372036854775807,", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Pad(0, math.MaxInt64, math.MaxInt64) }},
		{"Pad: got padding -1, 3, want 0 or more", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Pad(0, -1, 3) }},
		{"Pad: ", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Pad(0, huge, huge, graph.PadEdge) }},
		{"Pad: ", func(_ *graph.Scope, x graph.Node) graph.Node {
			return x.Pad(0, math.MaxInt64, math.MaxInt64, graph.PadWrap)
		}},
		{"Past: got padding 9223372036854775807, 0,", func(s *graph.Scope, x graph.Node) graph.Node { return s.Past(x, 1, math.MaxInt64) }},
		{"Resize: ", func(_ *graph.Scope, x graph.Node) graph.Node { return x.Resize(1, 0, graph.Resizing{}) }},
		{"OneHot: ", func(_ *graph.Scope, x graph.Node) graph.Node { return x.OneHot(math.MaxInt64) }},
		{"Noise: got shape [0 2], want dimensions of 1 or more", func(s *graph.Scope, _ graph.Node) graph.Node { return s.Noise(graph.Noise{}, 0, 2) }},
		{"Noise: got shape [4611686018427387904 4], want at most", func(s *graph.Scope, _ graph.Node) graph.Node { return s.Noise(graph.Noise{}, huge, 4) }},
		{"Table: got shape [2 -1], want dimensions of 1 or more", func(s *graph.Scope, _ graph.Node) graph.Node {
			return s.Table(func(int) float64 { return 0 }, 2, -1)
		}},
		{"Table: got shape [4611686018427387904 4], want at most", func(s *graph.Scope, _ graph.Node) graph.Node {
			return s.Table(func(int) float64 { return 0 }, huge, 4)
		}},
		{"Table: got nil, want a function", func(s *graph.Scope, _ graph.Node) graph.Node { return s.Table(nil, 2) }},
		{"TimeTable: got shape [0 2], want dimensions of 1 or more", func(s *graph.Scope, _ graph.Node) graph.Node {
			return s.TimeTable(func(int, int) float64 { return 0 }, 0, 2)
		}},
		{"TimeTable: got nil, want a function", func(s *graph.Scope, _ graph.Node) graph.Node { return s.TimeTable(nil, 2) }},
		{"Waves: got shape [4611686018427387904 4], want at most", func(s *graph.Scope, _ graph.Node) graph.Node {
			return s.Waves(make([]graph.Wave, 4), huge, 4)
		}},
		{"Recompute: got nil, want a function", func(s *graph.Scope, _ graph.Node) graph.Node { return s.Recompute(nil) }},
		{"Gorgonia: got nil, want a function", func(_ *graph.Scope, x graph.Node) graph.Node {
			var f func(...*gorgonia.Node) (*gorgonia.Node, error)
			return graph.Gorgonia(f, x)
		}},
	} {
		_, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{row.f(s, x[0])} }, []int{3, 4})
		require.ErrorContains(t, err, "graph: "+row.want)
	}
}
