package datasets_test

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// resumeDir is the environment variable that makes TestResume the process that is killed.
const resumeDir = "NNDIY_TEST_STREAM_DIR"

// plumbing has a random data set of each kind, in workers.
func plumbing(workers int) graph.Dataset {
	points := datasets.TwoGaussians(60, 1)
	weight := make([]float64, 60)
	for i := range weight {
		weight[i] = float64(1 + i%3)
	}
	stream := datasets.Stream(func(rng *rand.Rand) iter.Seq2[graph.Batch, error] {
		return points.Batches(7, rng)
	})
	noisy := func(b graph.Batch, rng *rand.Rand) (graph.Batch, error) {
		x := b.X.Float32s()
		for i := range x {
			x[i] += rng.Float32()
		}
		return b, nil
	}
	return datasets.Prefetch{Workers: workers, From: datasets.Map{Func: noisy, From: datasets.Concat{
		datasets.Shuffle{From: stream, Buffer: 20},
		datasets.Weighted{From: &datasets.Cache{From: points}, Weight: weight, N: 30},
	}}}
}

// streamed trains on it, and writes a character to standard output after each checkpoint.
func streamed(t *testing.T, workers int, dir string, out io.Writer) *graph.Model {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 8}, layers.Tanh{}, layers.Dense{Units: 2}, layers.Softmax{}}, graph.Config{
		Input: []int{2}, Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{}, Seed: 3,
	})
	require.NoError(t, err)
	cfg := graph.FitConfig{Epochs: 3, BatchSize: 8}
	if dir != "" {
		cfg.Resume = dir
		cfg.Callbacks = []graph.Callback{
			&callbacks.Checkpoint{Dir: dir, EverySteps: 1, Keep: 2},
			graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				if e == graph.StepEnd {
					r.After(func() error { _, err := fmt.Fprint(out, "."); return err })
				}
				return nil
			}),
		}
	}
	_, err = m.Fit(context.Background(), plumbing(workers), cfg)
	require.NoError(t, err)
	return m
}

// TestResume: a process that trains on a stream is killed again and again, and resumed with another number of workers each time; at
// the end the weights have the bits of a run that was never killed.
func TestResume(t *testing.T) {
	if dir := os.Getenv(resumeDir); dir != "" {
		go func() { // the process exits when the pipe is closed
			_, _ = io.Copy(io.Discard, os.Stdin)
			os.Exit(1)
		}()
		streamed(t, 2, dir, os.Stdout)
		return
	}
	want := streamed(t, 1, "", nil).Weights()
	dir := filepath.Join(t.TempDir(), "checkpoints")
	for kill := range 4 {
		child := exec.Command(os.Args[0], "-test.run=^TestResume$")
		child.Env = append(os.Environ(), resumeDir+"="+dir)
		hold, err := child.StdinPipe()
		require.NoError(t, err)
		progress, err := child.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, child.Start())
		_, err = io.ReadFull(progress, make([]byte, 5+kill))
		require.NoError(t, err)
		require.NoError(t, child.Process.Kill())
		_ = child.Wait()
		hold.Close()
	}
	got := streamed(t, 3, dir, io.Discard).Weights()
	require.Len(t, got, len(want))
	for name, w := range want {
		require.Equal(t, w.Data().([]float32), got[name].Data().([]float32), name)
	}
	require.Equal(t, tensor.Float32, got["dense1/weight"].Dtype())
}
