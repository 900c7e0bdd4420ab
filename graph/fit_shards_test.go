package graph_test

import (
	"context"
	"iter"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// TestShardsMean: if a network has no noise and no statistics of the batch, a run on shards gives what a run on whole batches gives,
// except for rounding. It compares weights, losses, metrics and logs, with weights of samples, classes and steps, several outputs,
// masks and a last batch of 5 rows.
func TestShardsMean(t *testing.T) {
	classes := func(rows, n int) *graph.Tensor {
		y := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(rows))
		for i := range rows {
			y.Float64s()[i] = float64(i * 7 % n)
		}
		return y
	}
	tokens := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(25, 6))
	for i := range tokens.Float64s() {
		if step, row := i%6, i/6; step <= row%6 { // the rest is padding, 0
			tokens.Float64s()[i] = float64(1 + i%4)
		}
	}
	weight := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(25))
	for i := range weight.Float64s() {
		weight.Float64s()[i] = float64(i%4) / 2
	}
	dense := layers.Sequential{layers.Dense{Units: 5}, layers.Tanh{}, layers.Dense{Units: 3}}
	sequence := layers.Sequential{layers.Embedding{Vocabulary: 5, Units: 4, MaskZero: true}, layers.LSTM{Units: 4, ReturnSequences: true}, layers.Dense{Units: 2}}
	cross := losses.SparseCategoricalCrossEntropy{}
	for _, c := range []struct {
		name  string
		model func() (*graph.Model, error)
		data  graph.Arrays
		cfg   graph.FitConfig
	}{
		{"several outputs and logs", func() (*graph.Model, error) { return compileMeasuring(t), nil },
			graph.Arrays{X: random(1, 25, 2), Y: random(2, 25, 2), Targets: map[string]*graph.Tensor{"twin": random(3, 25, 2)}}, graph.FitConfig{}},
		{"weights", func() (*graph.Model, error) {
			return graph.Compile(append(dense, layers.Softmax{}), graph.Config{Input: []int{4}, DType: tensor.Float64, Loss: cross,
				Optimizer: optimizers.Clip{Optimizer: optimizers.SGD{LearningRate: 0.1}, Value: 0.01}, Metrics: []graph.Metric{metrics.Accuracy{}}})
		}, graph.Arrays{X: random(4, 25, 4), Y: classes(25, 3), Weight: weight}, graph.FitConfig{ClassWeight: []float64{1, 2, 3}, Accumulate: 2}},
		{"mask", func() (*graph.Model, error) {
			return graph.Compile(sequence, graph.Config{Input: []int{6}, DType: tensor.Float64, Loss: losses.MeanSquaredError{},
				Optimizer: optimizers.SGD{LearningRate: 0.1}, Metrics: []graph.Metric{metrics.MeanAbsoluteError{}, metrics.R2{}}})
		}, graph.Arrays{X: tokens, Y: random(5, 25, 6, 2)}, graph.FitConfig{Accumulate: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fit := func(shards int) (graph.Weights, graph.History) {
				m, err := c.model()
				require.NoError(t, err)
				cfg := c.cfg
				cfg.Epochs, cfg.BatchSize, cfg.Shards = 4, 10, shards
				h, err := m.Fit(context.Background(), c.data, cfg)
				require.NoError(t, err)
				return m.Weights(), h
			}
			want, history := fit(0)
			for _, shards := range []int{1, 4, 8} {
				got, h := fit(shards)
				for name, w := range want {
					require.InDeltaSlice(t, w.Float64s(), got[name].Float64s(), 1e-9, "%s, %d shards", name, shards)
				}
				for e, logs := range history.Logs {
					require.Len(t, h.Logs[e], len(logs))
					for name, v := range logs {
						require.InDelta(t, v, h.Logs[e][name], 1e-9*max(1, math.Abs(v)), "%s, %d shards", name, shards)
					}
				}
			}
		})
	}
}

// A plainData is a Dataset without Parts.
type plainData struct{ arrays graph.Arrays }

func (d plainData) Len() int { return d.arrays.Len() }

func (d plainData) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return d.arrays.Batches(size, rng)
}

// TestShardsFew: the bits are the same for any number of ranks if batches have fewer rows than shards, so that some ranks have none, and
// for data without Parts.
func TestShardsFew(t *testing.T) {
	s := shardedNets[0]
	fit := func(g graph.Group, data graph.Dataset) (string, error) {
		m := s.compile(t)
		_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, BatchSize: 6, Shards: 8, Group: g})
		return string(saved(t, m)), err
	}
	data := s.data(1, 15)
	want, err := fit(nil, data)
	require.NoError(t, err)
	for _, n := range []int{2, 8} {
		for _, d := range []graph.Dataset{data, plainData{data}} {
			together(parallel.Local(n, 0), func(rank int, g graph.Group) {
				if got, err := fit(g, d); err != nil || got != want {
					t.Errorf("rank %d of %d, %T: got error %v, the same model %v", rank, n, d, err, got == want)
				}
			})
		}
	}
}

// TestShardsWorkers: the bits are the same for any number of workers, whether the shards run side by side or not.
func TestShardsWorkers(t *testing.T) {
	fit := func(workers int) string {
		m, err := graph.Compile(shardedNets[1].net, graph.Config{
			Input: shardedNets[1].in, Workers: workers, Loss: pseudoSquare{}, Optimizer: optimizers.Adam{}, DType: tensor.Float32})
		require.NoError(t, err)
		_, err = m.Fit(context.Background(), shardedNets[1].data(1, 50), graph.FitConfig{Epochs: 2, BatchSize: 20, Shards: 4})
		require.NoError(t, err)
		return string(saved(t, m))
	}
	want := fit(1)
	for _, workers := range []int{2, 3, 4, 9} {
		require.Equal(t, want, fit(workers), "%d workers", workers)
	}
}

// prescaled is an optimizer that is not a GradScaler.
type prescaled struct{ graph.Optimizer }

// TestShardsScale: the mean over the shards has the same bits for a GradScaler, which takes it itself, and for other optimizers.
func TestShardsScale(t *testing.T) {
	for _, s := range []sharded{shardedNets[0], shardedNets[3]} {
		fit := func(rule graph.Optimizer) graph.Weights {
			m, err := graph.Compile(s.net, graph.Config{Input: s.in, DType: s.dtype, Seed: 3, Loss: pseudoSquare{}, Optimizer: rule})
			require.NoError(t, err)
			_, err = m.Fit(context.Background(), s.data(1, 49), graph.FitConfig{Epochs: 3, BatchSize: 20, Shards: 4})
			require.NoError(t, err)
			return m.Weights()
		}
		rule := optimizers.Adam{WeightDecay: 0.1}
		require.Implements(t, (*graph.GradScaler)(nil), rule)
		require.NotImplements(t, (*graph.GradScaler)(nil), prescaled{rule})
		require.Equal(t, fit(prescaled{rule}), fit(rule), s.name)
	}
}

// TestShardsErrors: settings that cannot be are errors; an error of a shard names it; a loss that is not finite ends training.
func TestShardsErrors(t *testing.T) {
	s := shardedNets[0]
	data := s.data(1, 16)
	for want, shards := range map[string]int{
		"Shards: got 6, want 0 or a power of two up to 65536": 6,
		"Shards: got -1, want 0 or a power of two":            -1,
	} {
		_, err := s.compile(t).Fit(context.Background(), data, graph.FitConfig{Shards: shards})
		require.ErrorContains(t, err, want)
	}
	for want, shards := range map[string]int{"Shards: got 0 with a Group of 4": 0, "Group: got size 4, want one that divides Shards, 2": 2} {
		together(parallel.Local(4, 0), func(rank int, g graph.Group) {
			if _, err := s.compile(t).Fit(context.Background(), data, graph.FitConfig{Shards: shards, Group: g}); err == nil {
				t.Errorf("rank %d: got no error, want %s", rank, want)
			} else if !strings.Contains(err.Error(), want) {
				t.Errorf("rank %d: got %v, want %s", rank, err, want)
			}
		})
	}
	data.X.Float64s()[9*5] = math.NaN()
	_, err := s.compile(t).Fit(context.Background(), data, graph.FitConfig{Shards: 4, NoShuffle: true})
	require.ErrorIs(t, err, graph.ErrDiverged)
	require.ErrorContains(t, err, "shard 2, rows 8 to 11: training diverged")
	require.ErrorContains(t, err, "the input has NaN at element 0 of sample 1")
}
