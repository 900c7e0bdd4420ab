package callbacks_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/checkpoint"
)

// stepping trains a gate, see TestFit, in epochs of three steps. Each step moves it closer to 0.
func stepping(t *testing.T, ctx context.Context, cfg graph.FitConfig) error {
	t.Helper()
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Param("gate", graph.Ones, 1)) })
	loss := graph.LossFunc(func(pred, target graph.Node) graph.Node { return pred.Sub(target).Square().Mean() })
	m, err := graph.Compile(net, graph.Config{Input: []int{1}, Loss: loss, Optimizer: descent{}})
	if err != nil {
		t.Fatal(err)
	}
	cfg.BatchSize = 1
	_, err = m.Fit(ctx, graph.Arrays{
		X: tensor.New(tensor.WithShape(3, 1), tensor.WithBacking([]float32{1, 0.5, 1})),
		Y: tensor.New(tensor.WithShape(3, 1), tensor.WithBacking([]float32{0, 0, 0})),
	}, cfg)
	return err
}

// names lists a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestCheckpointFiles(t *testing.T) {
	for _, c := range []struct {
		why  string
		set  callbacks.Checkpoint
		want []int // steps
	}{
		{"every epoch", callbacks.Checkpoint{}, []int{3, 6, 9, 12, 15}},
		{"every other epoch", callbacks.Checkpoint{Every: 2}, []int{6, 12}},
		{"only the newest two", callbacks.Checkpoint{Keep: 2}, []int{12, 15}},
		{"only the newest", callbacks.Checkpoint{Keep: 1, EverySteps: 1}, []int{15}},
		{"steps", callbacks.Checkpoint{EverySteps: 4}, []int{4, 8, 12}},
		{"steps and epochs", callbacks.Checkpoint{EverySteps: 4, Every: 5}, []int{4, 8, 12, 15}},
		{"only the best", callbacks.Checkpoint{BestOnly: true, Monitor: "scripted"}, []int{3, 9}},
		{"only the best, larger is better", callbacks.Checkpoint{BestOnly: true, Monitor: "scripted", Maximize: true}, []int{3, 6, 15}},
		{"only the best of every other", callbacks.Checkpoint{BestOnly: true, Monitor: "scripted", Every: 2}, []int{6, 12}},
	} {
		t.Run(c.why, func(t *testing.T) {
			c.set.Dir = filepath.Join(t.TempDir(), "made")
			values := []float64{2, 3, 1, 1, 4}
			scripted := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				if e == graph.EpochEnd {
					r.Logs["scripted"] = values[r.Epoch-1]
				}
				return nil
			})
			if err := stepping(t, context.Background(), graph.FitConfig{Epochs: 5, Callbacks: []graph.Callback{scripted, &c.set}}); err != nil {
				t.Fatal(err)
			}
			want := []string{}
			for _, steps := range c.want {
				want = append(want, checkpoint.Name(steps))
			}
			if got := names(t, c.set.Dir); !slices.Equal(got, want) {
				t.Errorf("got files %v, want %v", got, want)
			}
		})
	}
}

func TestCheckpointErrors(t *testing.T) {
	dir := t.TempDir()
	if err := stepping(t, context.Background(), graph.FitConfig{Epochs: 2, Callbacks: []graph.Callback{&callbacks.Checkpoint{Dir: dir}}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why  string
		set  callbacks.Checkpoint
		want string
	}{
		{"nowhere to write", callbacks.Checkpoint{}, `callbacks: Checkpoint: got Path "" and Dir "", want one of them`},
		{"two places to write", callbacks.Checkpoint{Path: "x", Dir: "y"}, `got Path "x" and Dir "y", want one of them`},
		{"a negative number", callbacks.Checkpoint{Path: "x", Every: -1}, "Every: got -1, want 0 or more"},
		{"the best step", callbacks.Checkpoint{Path: "x", BestOnly: true, EverySteps: 1}, "EverySteps: got 1 with BestOnly, want 0"},
		{"an unknown log name", callbacks.Checkpoint{Path: "x", BestOnly: true, Monitor: "none"}, `got log name "none"`},
		{"a missing folder", callbacks.Checkpoint{Path: filepath.Join(dir, "none", "x")},
			"callback 0 (*callbacks.Checkpoint) at TrainBegin: callbacks: Checkpoint: Path: stat "},
		{"a file as the folder", callbacks.Checkpoint{Path: filepath.Join(dir, checkpoint.Name(6), "x")}, "want a file in a folder: "},
		{"the folder of a longer run", callbacks.Checkpoint{Dir: dir}, "which already holds step-000000000006.nndiy from a longer run"},
	} {
		t.Run(c.why, func(t *testing.T) {
			wantError(t, stepping(t, context.Background(), graph.FitConfig{Callbacks: []graph.Callback{&c.set}}), c.want)
		})
	}
	if got := names(t, dir); len(got) != 2 {
		t.Errorf("got files %v, want the first two", got)
	}
}
