package graph_test

import (
	"context"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/checkpoint"
)

var long = flag.Bool("long", false, "kill 200 processes in TestCrash instead of 10; the largest metadata; more values of padding")

// crashDir is the environment variable that makes TestCrash the process that is killed.
const crashDir = "NNDIY_TEST_CRASH_DIR"

// TestCrash: a process that trains and writes a checkpoint at each step is killed at random moments, again and again. Each
// time the newest file opens and the run resumes from it; at the end it has the bits of a run that was never killed.
func TestCrash(t *testing.T) {
	if dir := os.Getenv(crashDir); dir != "" {
		crashing(t, dir)
		return
	}
	kills := 10
	if *long {
		kills = 200
	}
	dir := filepath.Join(t.TempDir(), "checkpoints")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	ends, last := 0, 0
	for range kills {
		child := exec.Command(os.Args[0], "-test.run=^TestCrash$")
		child.Env = append(os.Environ(), crashDir+"="+dir)
		hold, err := child.StdinPipe() // the child exits when this pipe is closed
		require.NoError(t, err)
		progress, err := child.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, child.Start())
		_, _ = io.ReadFull(progress, make([]byte, 1+rng.IntN(4))) // fails if the run has ended
		time.Sleep(time.Duration(rng.IntN(5000)) * time.Microsecond)
		_ = child.Process.Kill()
		_ = child.Wait()
		hold.Close()

		path := newestCheckpoint(t, dir)
		m, err := graph.Open(path)
		require.NoError(t, err)
		e := newEventful(t, tensor.Float32)
		e.model = m
		steps := 0
		ctx, cancel := context.WithCancel(context.Background())
		_, err = e.fit(t, ctx, path, &callbacks.Checkpoint{Path: filepath.Join(t.TempDir(), "x"), EverySteps: 1},
			graph.CallbackFunc(func(r *graph.Run, event graph.Event) error {
				if event == graph.StepEnd {
					steps = r.Total
					cancel()
				}
				return nil
			}))
		cancel()
		if steps == 0 { // no step was left
			require.NoError(t, err)
			ends++
			require.NoError(t, os.RemoveAll(dir))
			last = 0
			continue
		}
		require.ErrorIs(t, err, context.Canceled)
		require.GreaterOrEqual(t, steps, last, "the newest checkpoint must not be older than before")
		last = steps
	}
	t.Logf("%d processes killed, %d runs ended meanwhile, the last process left %d temporary files", kills, ends, len(leftovers(t, dir)))

	plain := newEventful(t, tensor.Float32)
	want, err := plain.fit(t, context.Background(), "")
	require.NoError(t, err)
	e := newEventful(t, tensor.Float32)
	history, err := e.fit(t, context.Background(), dir, &callbacks.Checkpoint{Dir: dir, EverySteps: 1, Keep: 3})
	require.NoError(t, err)
	require.Equal(t, want, history)
	require.Equal(t, saved(t, plain.model), saved(t, e.model))
	require.Len(t, files(t, dir), 3)
	require.Empty(t, leftovers(t, dir))
}

// newestCheckpoint returns the path of the newest checkpoint in a folder.
func newestCheckpoint(t *testing.T, dir string) string {
	t.Helper()
	newest := ""
	for _, name := range files(t, dir) {
		if checkpoint.IsName(name) {
			newest = name
		}
	}
	require.NotEmpty(t, newest)
	return filepath.Join(dir, newest)
}

// crashing trains, and writes a character to standard output after each step.
func crashing(t *testing.T, dir string) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	e := newEventful(t, tensor.Float32)
	_, err := e.fit(t, context.Background(), dir, &callbacks.Checkpoint{Dir: dir, EverySteps: 1, Keep: 3},
		graph.CallbackFunc(func(r *graph.Run, event graph.Event) error {
			if event == graph.StepEnd {
				r.After(func() error {
					_, err := os.Stdout.WriteString(".")
					return err
				})
			}
			return nil
		}))
	require.NoError(t, err)
}
