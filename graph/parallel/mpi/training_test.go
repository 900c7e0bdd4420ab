package mpi

import (
	"context"
	"fmt"
	"hash/crc64"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// training trains a network for 200 steps and prints a digest of the model, and a line at each step that callers wait for.
func training(g *Group, name string) error {
	rng := rand.New(rand.NewPCG(1, 2))
	random := func(shape ...int) *graph.Tensor {
		n := tensor.Shape(shape).TotalSize()
		data := make([]float32, n)
		for i := range data {
			data[i] = float32(rng.NormFloat64())
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
	}
	net, in := map[string]graph.Layer{
		"mlp":  layers.Sequential{layers.Dense{Units: 32}, layers.ReLU{}, layers.Dropout{Rate: 0.3}, layers.Dense{Units: 3}},
		"cnn":  layers.Sequential{layers.Conv2D{Filters: 4, Kernel: []int{3, 3}}, layers.BatchNorm{}, layers.ReLU{}, layers.Flatten{}, layers.Dense{Units: 3}},
		"lstm": layers.Sequential{layers.LSTM{Units: 8}, layers.Dense{Units: 3}},
	}[name], map[string][]int{"mlp": {20}, "cnn": {1, 6, 6}, "lstm": {5, 4}}[name]
	m, err := graph.Compile(net, graph.Config{
		Input: in, Seed: 1, Loss: losses.MeanSquaredError{}, Metrics: []graph.Metric{metrics.MeanAbsoluteError{}},
		Optimizer: optimizers.Clip{Optimizer: optimizers.Adam{}, GlobalNorm: 1},
	})
	if err != nil {
		return err
	}
	data := graph.Arrays{X: random(append([]int{330}, in...)...), Y: random(330, 3)}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cfg := graph.FitConfig{MaxSteps: 200, BatchSize: 32, Accumulate: 2, Shards: 8, Group: g} // the last batch of an epoch has 10 rows
	if dir := os.Getenv("NNDIY_TEST_MPI_DIR"); dir != "" {
		cfg.Callbacks, cfg.Resume = []graph.Callback{&callbacks.Checkpoint{Dir: dir, EverySteps: 10}}, dir
	}
	if pause, err := time.ParseDuration(os.Getenv("NNDIY_TEST_MPI_PAUSE")); err == nil {
		cfg.Callbacks = append(cfg.Callbacks, graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
			if e == graph.StepEnd && r.Total == 25 {
				fmt.Printf("pid %d rank %d\n", os.Getpid(), r.Rank)
				if dir := os.Getenv("NNDIY_TEST_MPI_NOTES"); dir != "" {
					return os.WriteFile(filepath.Join(dir, fmt.Sprint("started ", r.Rank)), nil, 0o600)
				}
			}
			time.Sleep(pause)
			return nil
		}))
	}
	if _, err := m.Fit(ctx, data, cfg); err != nil {
		return err
	}
	sum := crc64.New(crc64.MakeTable(crc64.ECMA))
	if err := m.Save(sum); err != nil {
		return err
	}
	fmt.Printf("digest %016x\n", sum.Sum64())
	return nil
}
