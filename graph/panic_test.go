package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// first is a user's layer that panics without sizes.
type first struct{ Sizes []int }

func (f first) Emit(_ *graph.Scope, x graph.Node) graph.Node { return x.Scale(float64(f.Sizes[0])) }

// broken is a user's loss that panics.
type broken struct{ losses.MeanSquaredError }

func (broken) Loss(_, _ graph.Node) graph.Node { panic("no loss") }

// TestPanicPlace: the error of a panic in a layer or a loss names the layer, and the place in the source.
func TestPanicPlace(t *testing.T) {
	named := func(l graph.Layer) graph.Layer {
		return layers.Sequential{layers.Dense{Units: 3}, layers.Named("encoder", layers.Sequential{l, layers.ReLU{}}), layers.Dense{Units: 1}}
	}
	for _, c := range []struct {
		name string
		net  graph.Layer
		loss graph.Loss
		want string
	}{
		{"layer", named(first{}), nil, `^graph: encoder/first1: panic: runtime error: index out of range \[0\] with length 0 \(panic_test.go:\d+\)$`},
		{"nil function", named(graph.LayerFunc(nil)), nil, `^graph: encoder/\w+: panic: runtime error: invalid memory address or nil pointer dereference \(\w+.go:\d+\)$`},
		{"nil layer", named((*layers.Dense)(nil)), nil, `^graph: encoder/dense1: panic: value method .* called using nil \*Dense pointer$`},
		{"network", graph.LayerFunc(func(*graph.Scope, graph.Node) graph.Node { panic("oops") }), nil, `^graph: panic: oops \(panic_test.go:\d+\)$`},
		{"loss", named(first{Sizes: []int{2}}), broken{}, `^graph: .*panic: no loss \(panic_test.go:\d+\)$`},
	} {
		cfg := graph.Config{Input: []int{2}}
		if c.loss != nil {
			cfg.Loss, cfg.Optimizer = c.loss, optimizers.SGD{LearningRate: 1}
		}
		_, err := graph.Compile(c.net, cfg)
		require.Error(t, err, c.name)
		require.Regexp(t, c.want, err.Error(), c.name)
	}
	_, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		return []graph.Node{s.Apply(first{}, x[0])}
	}, []int{2})
	require.Error(t, err)
	require.Regexp(t, `^graph: .*first1: panic: runtime error: index out of range .*\(panic_test.go:\d+\)$`, err.Error())
}
