package graph_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// A sharded is a network of TestGroup and its data.
type sharded struct {
	name       string
	net        graph.Layer
	in, out    []int
	dtype      tensor.Dtype
	accumulate int
}

var shardedNets = []sharded{
	{"mlp with dropout", layers.Sequential{layers.Dense{Units: 12}, layers.Tanh{}, layers.Dropout{Rate: 0.3}, layers.Dense{Units: 2}},
		[]int{5}, []int{2}, tensor.Float32, 2},
	{"cnn with batchnorm", layers.Sequential{layers.Conv2D{Filters: 3, Kernel: []int{3, 3}}, layers.BatchNorm{}, layers.ReLU{}, layers.MaxPool2D{Size: []int{2, 2}},
		layers.Flatten{}, layers.Dense{Units: 2}}, []int{1, 6, 6}, []int{2}, tensor.Float32, 0},
	{"lstm", layers.Sequential{layers.LSTM{Units: 6, Dropout: 0.2}, layers.Dense{Units: 2}}, []int{4, 3}, []int{2}, tensor.Float32, 3},
	{"mlp of float64", layers.Sequential{layers.Dense{Units: 4}, layers.BatchNorm{}, layers.Tanh{}, layers.Dense{Units: 2}}, []int{5}, []int{2}, tensor.Float64, 0},
}

const shardedRows, shardedBatch = 90, 40 // the last batch has 10 rows: 1 or 2 in each of 8 shards

// compile returns a new model of the network.
func (s sharded) compile(t testing.TB) *graph.Model {
	t.Helper()
	m, err := graph.Compile(s.net, graph.Config{
		Input: s.in, DType: s.dtype, Seed: 3, Loss: pseudoSquare{}, Metrics: []graph.Metric{metrics.MeanAbsoluteError{}, metrics.R2{}},
		Optimizer: optimizers.Clip{Optimizer: optimizers.EMA{Optimizer: optimizers.Adam{LearningRate: 0.01}, Decay: 0.9}, GlobalNorm: 0.5},
	})
	require.NoError(t, err)
	return m
}

func (s sharded) data(seed uint64, rows int) graph.Arrays {
	return graph.Arrays{X: random(seed, append([]int{rows}, s.in...)...), Y: random(seed+1, append([]int{rows}, s.out...)...)}
}

// fit trains a model, as one of the ranks of a group or without one.
func (s sharded) fit(t testing.TB, ctx context.Context, g graph.Group, change func(*graph.FitConfig)) (string, graph.History, error) {
	m := s.compile(t)
	cfg := graph.FitConfig{
		Epochs: 3, BatchSize: shardedBatch, Accumulate: s.accumulate, Shards: 8, Group: g, Valid: s.data(7, 20),
		Callbacks: []graph.Callback{&callbacks.Warmup{Epochs: 1, PerStep: true}, &callbacks.EarlyStopping{Monitor: "train_loss", RestoreBest: true}},
	}
	if change != nil {
		change(&cfg)
	}
	history, err := m.Fit(ctx, s.data(1, shardedRows), cfg)
	return string(saved(t, m)), history, err
}

// together calls f for each rank of a group and returns when all have returned.
func together(groups []graph.Group, f func(rank int, g graph.Group)) {
	var wait sync.WaitGroup
	for rank, g := range groups {
		wait.Add(1)
		go func() {
			defer wait.Done()
			f(rank, g)
		}()
	}
	wait.Wait()
}

// TestGroup: the weights, the optimizer's state and the history are the same for any number of ranks, and on all of them.
func TestGroup(t *testing.T) {
	for _, s := range shardedNets {
		t.Run(s.name, func(t *testing.T) {
			model, history, err := s.fit(t, context.Background(), nil, nil)
			require.NoError(t, err)
			require.Len(t, history.Logs, 3)
			for _, n := range []int{1, 2, 4, 8} {
				together(parallel.Local(n, 0), func(rank int, g graph.Group) {
					m, h, err := s.fit(t, context.Background(), g, nil)
					if err != nil || m != model || fmt.Sprint(h) != fmt.Sprint(history) {
						t.Errorf("rank %d of %d: got error %v, the same model %v, history %v, want nil, true, %v", rank, n, err, m == model, h, history)
					}
				})
			}
			other, _, err := s.fit(t, context.Background(), nil, func(cfg *graph.FitConfig) { cfg.Shards = 4 })
			require.NoError(t, err)
			require.NotEqual(t, model, other, "the bits depend on Shards")
		})
	}
}

// A memoryGroup is a group with memory of its own, which it fills with ones.
type memoryGroup struct {
	graph.Group
	memory []byte
}

var _ graph.MemoryGroup = (*memoryGroup)(nil)

func (g *memoryGroup) Memory(n int) []byte {
	g.memory = make([]byte, n)
	for i := range g.memory {
		g.memory[i] = 255
	}
	return g.memory
}

// TestGroupMemory: sums in the memory of the group have the same bits, also if the trained parameters change during the run.
func TestGroupMemory(t *testing.T) {
	for _, s := range shardedNets {
		fit := func(g graph.Group) string {
			m := s.compile(t)
			_, err := m.Fit(context.Background(), s.data(1, shardedRows), graph.FitConfig{
				Epochs: 2, BatchSize: shardedBatch, Shards: 8, Group: g,
				Callbacks: []graph.Callback{graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
					if e == graph.StepEnd && r.Total == 2 {
						return m.Freeze(m.Weights().Names()[0])
					}
					return nil
				})},
			})
			if err != nil {
				t.Errorf("%s: %v", s.name, err)
			}
			return string(saved(t, m))
		}
		want := fit(nil)
		together(parallel.Local(2, 0), func(rank int, g graph.Group) {
			own := &memoryGroup{Group: g}
			if fit(own) != want {
				t.Errorf("%s: got another model on rank %d", s.name, rank)
			}
			if len(own.memory) == 0 {
				t.Errorf("%s: got no call of Memory on rank %d", s.name, rank)
			}
		})
	}
}

// TestGroupResume: a run of 4 ranks resumes from rank 0's checkpoint of any step with any number of ranks to the same bits.
func TestGroupResume(t *testing.T) {
	s := shardedNets[0]
	dir := t.TempDir()
	want, history, err := s.fit(t, context.Background(), nil, nil)
	require.NoError(t, err)
	checkpoint := func(path string) func(*graph.FitConfig) {
		return func(cfg *graph.FitConfig) {
			cfg.Callbacks = append([]graph.Callback{&callbacks.Checkpoint{Dir: path, EverySteps: 1}}, cfg.Callbacks...)
		}
	}
	together(parallel.Local(4, 0), func(rank int, g graph.Group) {
		path := filepath.Join(dir, fmt.Sprint(rank))
		if m, _, err := s.fit(t, context.Background(), g, checkpoint(path)); err != nil || m != want {
			t.Errorf("rank %d: got error %v, the same model %v", rank, err, m == want)
		}
	})
	for rank := 1; rank < 4; rank++ {
		require.NoDirExists(t, filepath.Join(dir, fmt.Sprint(rank)), "only rank 0 writes")
	}
	names := files(t, filepath.Join(dir, "0"))
	require.Len(t, names, 9)
	for i, name := range names {
		n := []int{1, 2, 8}[i%3]
		together(parallel.Local(n, 0), func(rank int, g graph.Group) {
			m, h, err := s.fit(t, context.Background(), g, func(cfg *graph.FitConfig) {
				checkpoint(filepath.Join(dir, fmt.Sprint(i, " ", rank)))(cfg)
				cfg.Resume = "missing" // the others get rank 0's
				if rank == 0 {
					cfg.Resume = filepath.Join(dir, "0", name)
				}
			})
			if err != nil || m != want || fmt.Sprint(h) != fmt.Sprint(history) {
				t.Errorf("%s, rank %d of %d: got error %v, the same model %v, want nil, true", name, rank, n, err, m == want)
			}
		})
	}
	_, _, err = s.fit(t, context.Background(), nil, func(cfg *graph.FitConfig) {
		checkpoint(t.TempDir())(cfg)
		cfg.Shards, cfg.Resume = 4, filepath.Join(dir, "0")
	})
	require.ErrorContains(t, err, "Shards:8")
}

// TestGroupDifferences: ranks that differ are an error on all ranks that names the difference.
func TestGroupDifferences(t *testing.T) {
	s := shardedNets[0]
	for want, change := range map[string]func(*graph.FitConfig){
		"Shards: got 16 on rank 1, want 8":               func(cfg *graph.FitConfig) { cfg.Shards = 16 },
		"BatchSize: got 30 on rank 1, want 40":           func(cfg *graph.FitConfig) { cfg.BatchSize = 30 },
		"callbacks: got [] on rank 1":                    func(cfg *graph.FitConfig) { cfg.Callbacks = nil },
		"length of the validation data: got 0 on rank 1": func(cfg *graph.FitConfig) { cfg.Valid = nil },
		"Group: validation data: got ":                   func(cfg *graph.FitConfig) { cfg.Valid = s.data(8, 20) },
		"BatchSize: got -1, want 0 or more":              func(cfg *graph.FitConfig) { cfg.BatchSize = -1 },
	} {
		t.Run(want, func(t *testing.T) {
			together(parallel.Local(2, 0), func(rank int, g graph.Group) {
				_, _, err := s.fit(t, context.Background(), g, func(cfg *graph.FitConfig) {
					if rank == 1 {
						change(cfg)
					}
				})
				if err == nil {
					t.Errorf("rank %d: got no error", rank)
					return
				}
				if text := err.Error(); !strings.Contains(text, want) {
					t.Errorf("rank %d: got %q, want %q", rank, text, want)
				}
			})
		})
	}
	var none *memoryGroup
	model, _, err := s.fit(t, context.Background(), none, nil)
	require.NoError(t, err, "a nil pointer is no group")
	want, _, err := s.fit(t, context.Background(), nil, nil)
	require.NoError(t, err)
	require.Equal(t, want, model)
	together(parallel.Local(2, 0), func(rank int, g graph.Group) {
		m := s.compile(t)
		if rank == 1 {
			w := m.Weights()
			w["dense1/bias"].Float32s()[0] = 1
			require.NoError(t, m.SetWeights(w))
		}
		_, err := m.Fit(context.Background(), s.data(1, 90), graph.FitConfig{Shards: 8, Group: g})
		if err == nil || !strings.Contains(err.Error(), "Group: parameters: got ") {
			t.Errorf("rank %d: got %v, want a difference of parameters", rank, err)
		}
	})
}
