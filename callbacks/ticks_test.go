package callbacks_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"testing"
	"time"

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

// TestEndless: a schedule that is as long as a run whose number of epochs is not known is an error; with a length of its own it works.
func TestEndless(t *testing.T) {
	for _, c := range []struct {
		name  string
		cfg   graph.FitConfig
		steps int
		known bool
	}{
		{"time", graph.FitConfig{Epochs: math.MaxInt32, MaxTime: time.Hour}, 3, false},
		{"time, data of unknown length", graph.FitConfig{Epochs: math.MaxInt32, MaxTime: time.Hour}, 0, false},
		{"steps, data of unknown length", graph.FitConfig{Epochs: math.MaxInt32, MaxSteps: 20}, 0, false},
		{"steps", graph.FitConfig{Epochs: 7, MaxSteps: 20}, 3, true},
		{"steps that are epochs", graph.FitConfig{Epochs: 20, MaxSteps: 20}, 1, true},
		{"as many epochs as steps, data of unknown length", graph.FitConfig{Epochs: 20, MaxSteps: 20}, 0, true},
		{"epochs", graph.FitConfig{Epochs: 7, MaxTime: time.Hour}, 3, true},
		{"epochs, data of unknown length", graph.FitConfig{Epochs: 7, MaxTime: time.Hour, MaxSteps: 30}, 0, true},
	} {
		for _, length := range []int{0, 4} {
			for name, schedule := range map[string]graph.Callback{
				"CosineDecay":     &callbacks.CosineDecay{Epochs: length},
				"OneCycle":        &callbacks.OneCycle{Epochs: length},
				"PolynomialDecay": &callbacks.PolynomialDecay{Epochs: length},
			} {
				err := schedule.Handle(&graph.Run{Rate: 1, Steps: c.steps, Config: c.cfg}, graph.TrainBegin)
				if c.known || length > 0 {
					require.NoError(t, err, "%s: %s of %d", c.name, name, length)
				} else {
					require.ErrorContains(t, err, "callbacks: "+name+": Epochs: got 0 for all epochs of a run", c.name)
				}
			}
		}
	}
}

// TestEndlessFit: Fit says of such runs that the number of epochs is not known, and they end all the same.
func TestEndlessFit(t *testing.T) {
	for _, c := range []struct {
		cfg    graph.FitConfig
		want   string
		epochs int
	}{
		{graph.FitConfig{MaxSteps: 5}, "Epochs: got 0 for all epochs of a run", 3},
		{graph.FitConfig{MaxTime: time.Nanosecond}, "Epochs: got 0 for all epochs of a run", 1},
		{graph.FitConfig{Epochs: 4, MaxSteps: 4}, "", 2},
		{graph.FitConfig{}, "", 1},
	} {
		for _, schedule := range []graph.Callback{&callbacks.CosineDecay{}, &callbacks.CosineDecay{Epochs: 2}} {
			net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Param("w", graph.Ones, 1)) })
			m, err := graph.Compile(net, graph.Config{Input: []int{1}, Loss: squares, Optimizer: optimizers.SGD{}})
			require.NoError(t, err)
			cfg := c.cfg
			cfg.BatchSize, cfg.Callbacks = 2, []graph.Callback{schedule}
			h, err := m.Fit(context.Background(), stream{}, cfg)
			if c.want != "" && schedule.(*callbacks.CosineDecay).Epochs == 0 {
				require.ErrorContains(t, err, c.want)
				continue
			}
			require.NoError(t, err)
			require.Len(t, h.Logs, c.epochs)
		}
	}
}
