package graph_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// ours is a user's metric: the number of rows that a call of Score gets.
type ours struct{ Title string }

func init() {
	graph.Register("", ours{})
	graph.Register("", streamed{})
}

func (o ours) Name() string                      { return o.Title }
func (ours) Score(pred, _ *graph.Tensor) float64 { return float64(pred.Shape()[0]) }

// mean is a user's metric with all optional interfaces.
type mean struct {
	ours
	Bad bool
}

func (mean) RowMean()                  {}
func (mean) Check(pred, _ []int) error { return fmt.Errorf("checked %v", pred) }
func (m mean) Validate() error {
	if m.Bad {
		return fmt.Errorf("mean: validated")
	}
	return nil
}

// streamed is a user's MeanMetric that fits every shape.
type streamed struct{ Title string }

func (s streamed) Name() string                             { return s.Title }
func (s streamed) Score(pred, target *graph.Tensor) float64 { return ours(s).Score(pred, target) }
func (streamed) RowMean()                                   {}

// TestLogNames: each value in the logs has a name of its own, whatever makes the names equal.
func TestLogNames(t *testing.T) {
	type list = []graph.Metric
	mse, r2 := losses.MeanSquaredError{}, metrics.R2{}
	for _, c := range []struct {
		why       string
		main, aux list
		noLoss    bool // aux has no loss
		want      string
	}{
		{"the loss", list{r2, ours{"loss"}}, nil, true, `metric 1: got the name "loss", which the logs give to the loss, want another, see metrics.Named`},
		{"the loss, of a named metric", list{metrics.Named("loss", r2)}, nil, true, `metric 0: got the name "loss", which the logs give to the loss`},
		{"the loss of an output", nil, list{ours{"loss"}}, false, `output aux: metric 0: got the name "aux_loss", which the logs give to the loss, want another`},
		{"the loss of an output without one", nil, list{ours{"loss"}}, true, `output aux: metric 0: got the name "aux_loss"`},
		{"the part of another output", list{ours{"aux_loss"}}, nil, false, `metric 0: got the name "aux_loss", which the logs give to the loss of output aux`},
		{"the part of its own output", list{ours{"output_loss"}}, nil, false, `metric 0: got the name "output_loss", which the logs give to the loss of output output`},
		{"a part that the logs do not have", list{ours{"output_loss"}, ours{"aux_loss"}}, nil, true, ""},
		{"the learning rate", list{ours{"learning_rate"}}, nil, true, `metric 0: got the name "learning_rate", which the logs give to the learning rate`},
		{"the learning rate with an output in front", nil, list{ours{"learning_rate"}}, true, ""},
		{"twice", list{r2, metrics.R2{}}, nil, true, `metric 1: got the name "r2", which the logs give to metric 0, want another`},
		{"twice, with other settings", list{metrics.F1{}, metrics.F1{Threshold: 0.3}}, nil, true, `metric 1: got the name "f1"`},
		{"a pointer and a value", list{r2, &metrics.R2{}}, nil, true, `metric 1: got the name "r2"`},
		{"twice in an output", nil, list{r2, r2}, true, `output aux: metric 1: got the name "aux_r2", which the logs give to output aux: metric 0`},
		{"one of another output", list{ours{"aux_r2"}}, list{r2}, true, `output aux: metric 0: got the name "aux_r2", which the logs give to metric 0`},
		{"the same in two outputs", list{r2}, list{r2}, true, ""},
		{"none", list{ours{}}, nil, true, `metric 0: got the name "", want a name for the logs`},
		{"none, of a named metric", nil, list{metrics.Named("", r2)}, true, `output aux: metric 0: got the name "", want a name`},
		{"nil in a name", list{metrics.Named("x", nil)}, nil, true, "metric 0: got nil"},
		{"a nil pointer in two names", nil, list{metrics.Named("x", metrics.Named("y", (*metrics.R2)(nil)))}, true, "metric 0: got nil"},
		{"one name each", list{r2, metrics.Named("again", r2)}, list{metrics.Named("again", ours{"loss"})}, false, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			cfg := severalConfig
			cfg.Loss, cfg.Metrics = mse, c.main
			out := graph.Output{Loss: mse, Metrics: c.aux}
			if c.noLoss {
				out.Loss = nil
			}
			cfg.Outputs = map[string]graph.Output{"aux": out}
			m, err := graph.Compile(several, cfg)
			if c.want != "" {
				require.ErrorContains(t, err, "graph: Compile: "+c.want)
				return
			}
			require.NoError(t, err)
			logs, err := m.Evaluate(context.Background(), severalData(4))
			require.NoError(t, err)
			values := 1 + len(c.main) + len(c.aux)
			if !c.noLoss {
				values += 2
			}
			require.Len(t, logs, values, "%v", logs)
		})
	}
}

// TestMetricWrapper: Compile, Fit and files ask a wrapper's inner metric for all that it can do.
func TestMetricWrapper(t *testing.T) {
	for _, c := range []struct {
		metric graph.Metric
		want   string
	}{
		{mean{ours: ours{"x"}}, "graph: Compile: metric low: checked [2 2]"},
		{mean{Bad: true}, "graph: Compile: mean: validated"},
		{metrics.F1{Threshold: 7}, "graph: Compile: metrics: F1: Threshold: got 7"},
		{metrics.TopK{}, "graph: Compile: metric low: K: got 5"},
	} {
		for _, named := range []graph.Metric{metrics.Named("low", c.metric), metrics.Named("low", metrics.Named("y", c.metric))} {
			t.Run(c.want, func(t *testing.T) {
				_, err := graph.Compile(layers.Dense{Units: 2}, graph.Config{
					Input: []int{5}, Loss: losses.MeanSquaredError{}, Metrics: []graph.Metric{named},
				})
				require.ErrorContains(t, err, c.want)
			})
		}
	}
	m, data := regression(t, graph.Config{DType: tensor.Float64, Metrics: []graph.Metric{
		metrics.Named("batches", metrics.Named("x", streamed{"x"})), metrics.Named("whole", ours{"x"}),
		metrics.R2{}, metrics.Named("again", &metrics.R2{}),
	}})
	m = opened(t, m)
	h, err := m.Fit(context.Background(), data, graph.FitConfig{BatchSize: 8})
	require.NoError(t, err)
	logs := h.Logs[0]
	require.InDelta(t, (6*8*8+5*5)/53., logs["train_batches"], 1e-12, "the mean of the batches")
	require.Equal(t, 53., logs["train_whole"])
	require.Contains(t, logs, "train_r2")
	require.Equal(t, logs["train_r2"], logs["train_again"])
}

// TestMetricExplained: a NaN with a reason ends Fit and Evaluate with it; an undefined score is NaN.
func TestMetricExplained(t *testing.T) {
	for _, c := range []struct {
		why    string
		metric graph.Metric
		target []float64
		want   string // "" means a NaN
	}{
		{"batch by batch", metrics.Accuracy{}, []float64{0, 1, 0.5, 1}, "metric accuracy: row 2 of the targets: got 0.5, want a class number from 0 to 1"},
		{"all rows at once", metrics.F1{}, []float64{0, 1, 2, 1}, "metric f1: row 2 of the targets: got 2, want a class number"},
		{"named", metrics.Named("low", metrics.Recall{Threshold: 0.3}), []float64{0, 1, -1, 1}, "metric low: row 2 of the targets: got -1"},
		{"elements", metrics.BinaryAccuracy{}, []float64{0, 1, 1, 3}, "metric binary_accuracy: element 3 of the targets: got 3"},
		{"undefined", metrics.Recall{}, []float64{0, 0, 0, 0}, ""},
		{"undefined, named", metrics.Named("x", metrics.AUC{}), []float64{1, 1, 1, 1}, ""},
		{"a metric that does not explain", silent{}, []float64{0, 0, 0, 0}, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Param("w", graph.Ones, 1)) })
			m, err := graph.Compile(net, graph.Config{
				Input: []int{1}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}, DType: tensor.Float64, Metrics: []graph.Metric{c.metric},
			})
			require.NoError(t, err)
			column := func(list []float64) *graph.Tensor {
				return tensor.New(tensor.WithShape(4, 1), tensor.WithBacking(list))
			}
			bad, good := graph.Arrays{X: column([]float64{0, 0, 0, 0}), Y: column(c.target)}, graph.Arrays{X: column([]float64{0, 1, 0, 1}), Y: column([]float64{0, 1, 0, 1})}
			logs, err := m.Evaluate(context.Background(), bad)
			if c.want == "" {
				require.NoError(t, err)
				require.True(t, math.IsNaN(logs[c.metric.Name()]))
				return
			}
			require.ErrorContains(t, err, "graph: Evaluate: "+c.want)
			_, err = m.Fit(context.Background(), bad, graph.FitConfig{NoShuffle: true})
			require.ErrorContains(t, err, "graph: Fit: epoch 1")
			require.ErrorContains(t, err, c.want)
			_, err = m.Fit(context.Background(), good, graph.FitConfig{Valid: bad})
			require.ErrorContains(t, err, "graph: Fit: epoch 1: validation: "+c.want)
		})
	}
}

// silent is a user's metric that is never defined.
type silent struct{}

func (silent) Name() string                     { return "silent" }
func (silent) Score(_, _ *graph.Tensor) float64 { return math.NaN() }
