package callbacks_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// stream is data of unknown length: four samples.
type stream struct{}

func (stream) Len() int { return -1 }

func (stream) Batches(size int, _ *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		for at := 0; at < 4; at += size {
			x := tensor.New(tensor.WithShape(size, 1), tensor.WithBacking(make([]float64, size)))
			if !yield(graph.Batch{X: x, Y: x}, nil) {
				return
			}
		}
	}
}

var squares = graph.LossFunc(func(pred, target graph.Node) graph.Node { return pred.Sub(target).Square().Mean() })

// TestUnknownLength: with data of unknown length, schedules by epochs work, and those by steps say that they cannot.
func TestUnknownLength(t *testing.T) {
	for _, c := range []struct {
		callback graph.Callback
		want     string
	}{
		{&callbacks.CosineDecay{}, ""},
		{&callbacks.CosineDecay{PerStep: true}, "callbacks: CosineDecay: PerStep: got data of unknown length"},
		{&callbacks.PolynomialDecay{}, ""},
		{&callbacks.PolynomialDecay{PerStep: true}, "callbacks: PolynomialDecay: PerStep: got data of unknown length"},
		{&callbacks.OneCycle{}, ""},
		{&callbacks.OneCycle{PerStep: true}, "callbacks: OneCycle: PerStep: got data of unknown length"},
		{&callbacks.Warmup{}, ""},
		{&callbacks.Warmup{PerStep: true}, "callbacks: Warmup: PerStep: got data of unknown length"},
		{&callbacks.EarlyStopping{}, ""},
		{callbacks.TimeDecay{Decay: 1}, ""},
		{&callbacks.Progress{}, ""},
		{&callbacks.Checkpoint{Path: t.TempDir() + "/checkpoint"}, ""},
	} {
		t.Run(fmt.Sprintf("%T%+[1]v", c.callback), func(t *testing.T) {
			net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Param("w", graph.Ones, 1)) })
			m, err := graph.Compile(net, graph.Config{Input: []int{1}, Loss: squares, Optimizer: optimizers.SGD{}})
			require.NoError(t, err)
			_, err = m.Fit(context.Background(), stream{}, graph.FitConfig{BatchSize: 2, Epochs: 3, Callbacks: []graph.Callback{c.callback}})
			if c.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.want)
			}
		})
	}
}
