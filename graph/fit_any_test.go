package graph_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// A buckets dataset yields batches of one length each, in another order in each epoch.
type buckets []graph.Batch

func (b buckets) Len() int {
	n := 0
	for _, batch := range b {
		n += batch.X.Shape()[0]
	}
	return n
}

func (b buckets) Steps(int) int { return len(b) }

func (b buckets) Batches(_ int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		order := make([]int, len(b))
		for i := range order {
			order[i] = i
		}
		if rng != nil {
			rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		for _, i := range order {
			if !yield(b[i], nil) {
				return
			}
		}
	}
}

// words returns batches of sequences of numbers, whose targets say which elements are positive.
func words(perTime bool) buckets {
	var list buckets
	for i, time := range []int{4, 9, 2, 9, 1, 6, 4} {
		x := random(uint64(i), 5, time, 3)
		y := make([]float32, 5*time)
		for k := range y {
			if x.Float64s()[3*k] > 0 {
				y[k] = 1
			}
		}
		target := tensor.New(tensor.WithShape(5, time), tensor.WithBacking(y))
		if !perTime {
			target = tensor.New(tensor.WithShape(5), tensor.WithBacking(slices.Clone(y[:5])))
		}
		list = append(list, graph.Batch{X: x, Y: target})
	}
	return list
}

// TestAnyFit trains on batches of several lengths, and resumes a run in the middle of an epoch with the same bits.
func TestAnyFit(t *testing.T) {
	for name, c := range map[string]struct {
		net     graph.Layer
		perTime bool
	}{
		"each time":       {layers.Sequential{layers.GRU{Units: 6, ReturnSequences: true}, layers.Dense{Units: 2}, layers.Softmax{}}, true},
		"whole sequences": {layers.Sequential{layers.Conv1D{Filters: 4, Kernel: 3, Padding: layers.Same}, layers.GlobalMaxPool{}, layers.Dense{Units: 2}, layers.Softmax{}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			input := []int{graph.Any, 3}
			data := words(c.perTime)
			if !c.perTime {
				input = []int{3, graph.Any}
				for i, b := range data {
					data[i].X = random(uint64(i), 5, 3, b.X.Shape()[1])
				}
			}
			compile := func() *graph.Model {
				m, err := graph.Compile(c.net, graph.Config{Input: input, Loss: losses.SparseCategoricalCrossEntropy{},
					Optimizer: optimizers.Adam{LearningRate: 0.02}, Metrics: []graph.Metric{metrics.Accuracy{}, metrics.F1{}, metrics.AUC{}}})
				require.NoError(t, err)
				return m
			}
			whole := compile()
			cfg := graph.FitConfig{Epochs: 6, BatchSize: 20, Valid: data}
			want, err := whole.Fit(context.Background(), data, cfg)
			require.NoError(t, err)
			require.Less(t, want.Logs[5]["train_loss"], want.Logs[0]["train_loss"])
			logs, err := whole.Evaluate(context.Background(), data)
			require.NoError(t, err)
			require.Equal(t, logs["f1"], want.Logs[5]["valid_f1"])

			dir := t.TempDir()
			ctx, cancel := context.WithCancel(context.Background())
			stop := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				require.Equal(t, len(data), r.Steps)
				if e == graph.StepEnd && r.Epoch == 3 && r.Step == 6 {
					cancel()
				}
				return nil
			})
			half := compile()
			cfg.Callbacks = []graph.Callback{&callbacks.Checkpoint{Dir: dir, EverySteps: 1}, stop}
			_, err = half.Fit(ctx, data, cfg)
			require.ErrorIs(t, err, context.Canceled)
			resumed := compile()
			cfg.Callbacks, cfg.Resume = []graph.Callback{&callbacks.Checkpoint{Dir: dir, EverySteps: 1}}, dir
			got, err := resumed.Fit(context.Background(), data, cfg)
			require.NoError(t, err)
			require.Equal(t, fmt.Sprint(want.Logs), fmt.Sprint(got.Logs))
			for name, w := range whole.Weights() {
				require.Equal(t, w.Data(), resumed.Weights()[name].Data(), name)
			}
		})
	}
}
