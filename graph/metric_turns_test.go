package graph_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// scratch is a user's metric that keeps memory from call to call. It panics when fail is set.
type scratch struct {
	squares []float64
	fail    bool
}

func (*scratch) Name() string { return "scratch" }
func (*scratch) RowMean()     {}

func (s *scratch) Score(pred, target *graph.Tensor) float64 {
	if s.fail {
		panic("no scratch memory")
	}
	p, y := pred.Float32s(), target.Float64s()
	s.squares = s.squares[:0]
	for i := range p {
		s.squares = append(s.squares, (float64(p[i])-y[i])*(float64(p[i])-y[i]))
	}
	sum := 0.0
	for _, v := range s.squares {
		sum += v
	}
	return sum / float64(len(p))
}

// TestMetricsTakeTurns: a metric is called once at a time, so that one with memory of its own gets the same score for any shards and
// workers, and its panic is an error of Fit and Evaluate.
func TestMetricsTakeTurns(t *testing.T) {
	const rows = 4000
	data := graph.Arrays{X: random(1, rows, 4), Y: random(2, rows, 3)}
	for _, shards := range []int{0, 1, 4} {
		metric := new(scratch)
		m, err := graph.Compile(layers.Dense{Units: 3}, graph.Config{Input: []int{4}, Loss: losses.MeanSquaredError{}, Workers: 2,
			Optimizer: optimizers.SGD{LearningRate: 1e-9}, Metrics: []graph.Metric{metric}})
		require.NoError(t, err)
		cfg := graph.FitConfig{BatchSize: rows / 2, NoShuffle: true, Shards: shards, Epochs: 5}
		h, err := m.Fit(context.Background(), data, cfg)
		require.NoError(t, err)
		for _, logs := range h.Logs {
			require.InEpsilon(t, logs["train_loss"], logs["train_scratch"], 1e-5, "%d shards", shards)
		}
		before := m.Weights()
		metric.fail = true
		_, err = m.Fit(context.Background(), data, cfg)
		require.ErrorContains(t, err, "metric scratch: no scratch memory", "%d shards", shards)
		_, err = m.Evaluate(context.Background(), data)
		require.ErrorContains(t, err, "metric scratch: no scratch memory")
		metric.fail = false
		require.Equal(t, bits(before), bits(m.Weights()), "a step whose metric failed")
		_, err = m.Fit(context.Background(), data, cfg)
		require.NoError(t, err)
	}
}
