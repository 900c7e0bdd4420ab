package graph_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

func random(seed uint64, shape ...int) *tensor.Dense {
	rng := rand.New(rand.NewPCG(seed, 7))
	n := 1
	for _, d := range shape {
		n *= d
	}
	data := make([]float64, n)
	for i := range data {
		data[i] = rng.NormFloat64()
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// regression is a model and data that it can learn.
func regression(t *testing.T, cfg graph.Config) (*graph.Model, graph.Arrays) {
	t.Helper()
	cfg.Input = []int{5}
	if cfg.Loss == nil {
		cfg.Loss = losses.MeanSquaredError{}
	}
	if cfg.Optimizer == nil {
		cfg.Optimizer = optimizers.Adam{LearningRate: 1e-2}
	}
	net := layers.Sequential{layers.Dense{Units: 16}, layers.Tanh{}, layers.Dropout{Rate: 0.1}, layers.Dense{Units: 2}}
	m, err := graph.Compile(net, cfg)
	require.NoError(t, err)
	x := random(1, 53, 5)
	y := random(2, 53, 2)
	for i := range 53 {
		y.Float64s()[2*i] = x.Float64s()[5*i] * x.Float64s()[5*i+1]
	}
	return m, graph.Arrays{X: x, Y: y}
}

func bits(w graph.Weights) string {
	s := ""
	for _, name := range w.Names() {
		s += fmt.Sprint(name, w[name].Data())
	}
	return s
}

// TestReproducible: the same seed gives the same bits, whatever the number of workers.
func TestReproducible(t *testing.T) {
	run := func(seed uint64, workers int, dt tensor.Dtype) (string, graph.History) {
		m, data := regression(t, graph.Config{Seed: seed, Workers: workers, DType: dt})
		h, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 4, BatchSize: 8, Valid: data})
		require.NoError(t, err)
		return bits(m.Weights()), h
	}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		a, ha := run(3, 1, dt)
		b, hb := run(3, 2, dt)
		require.Equal(t, a, b)
		require.Equal(t, ha, hb)
		c, _ := run(4, 1, dt)
		require.NotEqual(t, a, c)
	}
}

// TestEverySampleOnce: an epoch sees each sample once, the last partial batch included, in an order that changes.
func TestEverySampleOnce(t *testing.T) {
	x := tensor.New(tensor.WithShape(7, 1), tensor.WithBacking([]float64{0, 1, 2, 3, 4, 5, 6}))
	orders := map[string]bool{}
	for seed := range uint64(5) {
		seen := map[float64]int{}
		var order []float64
		for b, err := range (graph.Arrays{X: x, Y: x}).Batches(3, rand.New(rand.NewPCG(seed, 0))) {
			require.NoError(t, err)
			require.Equal(t, b.X.Float64s(), b.Y.Float64s())
			for _, v := range b.X.Float64s() {
				seen[v]++
				order = append(order, v)
			}
		}
		require.Len(t, seen, 7)
		require.Len(t, order, 7)
		orders[fmt.Sprint(order)] = true
	}
	require.Greater(t, len(orders), 1)
}

// TestBatchSizes: 0 is the whole set (gradient descent), 1 is stochastic, and a larger size than the set is the set.
func TestBatchSizes(t *testing.T) {
	for size, steps := range map[int]int{0: 1, 1: 53, 10: 6, 53: 1, 100: 1} {
		m, data := regression(t, graph.Config{Optimizer: optimizers.SGD{LearningRate: 0.01}})
		count, samples := 0, 0
		_, err := m.Fit(context.Background(), data, graph.FitConfig{BatchSize: size, Callbacks: []graph.Callback{
			graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				if e == graph.StepEnd {
					count++
					samples = r.Samples
					require.Equal(t, steps, r.Steps)
				}
				return nil
			})}})
		require.NoError(t, err)
		require.Equal(t, steps, count, "batch size %d", size)
		require.Equal(t, 53, samples)
	}
}

// TestRaggedBatchCountsBySamples: the training loss is the mean over samples, not over batches.
func TestRaggedBatchCountsBySamples(t *testing.T) {
	net := layers.Dense{Units: 1, NoBias: true, KernelInit: graph.Zeros}
	m, err := graph.Compile(net, graph.Config{Input: []int{1}, Loss: losses.MeanSquaredError{}, Optimizer: frozen{}})
	require.NoError(t, err)
	y := tensor.New(tensor.WithShape(5, 1), tensor.WithBacking([]float64{1, 2, 3, 4, 5}))
	h, err := m.Fit(context.Background(), graph.Arrays{X: y, Y: y}, graph.FitConfig{BatchSize: 2})
	require.NoError(t, err)
	require.InDelta(t, 11, h.Logs[0]["train_loss"], 1e-6)
	logs, err := m.Evaluate(context.Background(), graph.Arrays{X: y, Y: y})
	require.NoError(t, err)
	require.InDelta(t, 11, logs["loss"], 1e-6)
}

// frozen is an optimizer that changes nothing.
type frozen struct{}

func (frozen) Rate() float64                  { return 0.5 }
func (frozen) Slots() int                     { return 0 }
func (frozen) Update32(graph.Update[float32]) {}
func (frozen) Update64(graph.Update[float64]) {}

// signSGD is a user's own rule: one generic function for both element types.
type signSGD struct{ LearningRate float64 }

func (o signSGD) Rate() float64                    { return o.LearningRate }
func (o signSGD) Slots() int                       { return 0 }
func (o signSGD) Update32(u graph.Update[float32]) { sign(u) }
func (o signSGD) Update64(u graph.Update[float64]) { sign(u) }

func sign[T graph.Float](u graph.Update[T]) {
	for i, g := range u.Grad {
		switch {
		case g > 0:
			u.Weights[i] -= T(u.Rate)
		case g < 0:
			u.Weights[i] += T(u.Rate)
		}
	}
}

func TestUsersOptimizer(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		m, data := regression(t, graph.Config{DType: dt, Optimizer: signSGD{1e-3}})
		h, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 30, BatchSize: 8})
		require.NoError(t, err)
		require.Less(t, h.Logs[29]["train_loss"], h.Logs[0]["train_loss"])
	}
}

// TestClipping: an update by a clipped gradient moves as far as the limit says; for a rule that scales gradients itself and
// for one that does not.
func TestClipping(t *testing.T) {
	for _, rule := range []graph.Optimizer{optimizers.SGD{LearningRate: 1}, plainSGD{}} {
		m, data := regression(t, graph.Config{DType: tensor.Float64, Optimizer: optimizers.Clip{Optimizer: rule, GlobalNorm: 1e-3}})
		before := m.Weights()
		_, err := m.Fit(context.Background(), data, graph.FitConfig{})
		require.NoError(t, err)
		sum := 0.0
		for name, w := range m.Weights() {
			for i, v := range w.Float64s() {
				sum += math.Pow(v-before[name].Float64s()[i], 2)
			}
		}
		require.InDelta(t, 1e-3, math.Sqrt(sum), 1e-12)
	}
}

type plainSGD struct{ frozen }

func (plainSGD) Rate() float64 { return 1 }
func (plainSGD) Update64(u graph.Update[float64]) {
	for i, g := range u.Grad {
		u.Weights[i] -= u.Rate * g
	}
}

func TestEventsComeInOrder(t *testing.T) {
	m, data := regression(t, graph.Config{})
	got := ""
	_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 2, BatchSize: 30, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
			got += fmt.Sprintf("%v %d.%d ", e, r.Epoch, r.Step)
			return nil
		})}})
	require.NoError(t, err)
	require.Equal(t, "TrainBegin 0.0 EpochBegin 1.0 StepEnd 1.1 StepEnd 1.2 EpochEnd 1.2 "+
		"EpochBegin 2.0 StepEnd 2.1 StepEnd 2.2 EpochEnd 2.2 TrainEnd 2.2 ", got)
}

// TestStopAndErrors: Stop ends training without an error, any other error is returned, and TrainEnd comes in any case.
func TestStopAndErrors(t *testing.T) {
	broken := errors.New("broken")
	for _, r := range []struct{ give, want error }{{graph.Stop, nil}, {broken, broken}} {
		m, data := regression(t, graph.Config{})
		var ended bool
		h, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 9, Callbacks: []graph.Callback{
			graph.CallbackFunc(func(run *graph.Run, e graph.Event) error {
				switch {
				case e == graph.EpochEnd && run.Epoch == 2:
					return r.give
				case e == graph.TrainEnd:
					ended = true
					require.ErrorIs(t, run.Err, r.want)
				}
				return nil
			})}})
		require.ErrorIs(t, err, r.want)
		require.True(t, ended)
		require.Len(t, h.Logs, 2)
	}
}

// TestCancel: training stops within one step of the context's end, the model as after the last whole step.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	m, data := regression(t, graph.Config{})
	steps := 0
	var last string
	_, err := m.Fit(ctx, data, graph.FitConfig{Epochs: 100, BatchSize: 4, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
			if e == graph.StepEnd {
				if steps++; steps == 5 {
					last = bits(m.Weights())
					cancel()
				}
			}
			return nil
		})}})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 5, steps)
	require.Equal(t, last, bits(m.Weights()))
	_, err = m.Predict(ctx, data.X)
	require.ErrorIs(t, err, context.Canceled)
	_, err = m.Evaluate(ctx, data)
	require.ErrorIs(t, err, context.Canceled)
}

// TestDiverged: a loss that is not finite ends training with an error that says when, and good weights in place.
func TestDiverged(t *testing.T) {
	m, data := regression(t, graph.Config{Optimizer: optimizers.SGD{LearningRate: 1e6}})
	_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 50, BatchSize: 10})
	require.ErrorIs(t, err, graph.ErrDiverged)
	require.Regexp(t, `^graph: Fit: epoch \d+, step \d+: training diverged: the loss is (NaN|\+Inf)$`, err.Error())
	logs, err := m.Evaluate(context.Background(), data)
	require.NoError(t, err)
	require.False(t, math.IsNaN(logs["loss"]) || math.IsInf(logs["loss"], 0))
	_, err = m.Fit(context.Background(), graph.Arrays{X: data.X, Y: random(3, 53, 2)}, graph.FitConfig{Callbacks: []graph.Callback{
		graph.CallbackFunc(func(r *graph.Run, _ graph.Event) error { r.Rate = 1e-3; return nil })}})
	require.NoError(t, err, "training goes on")

	bad := random(1, 53, 5)
	bad.Float64s()[17] = math.NaN()
	before := bits(m.Weights())
	_, err = m.Fit(context.Background(), graph.Arrays{X: bad, Y: data.Y}, graph.FitConfig{})
	require.ErrorIs(t, err, graph.ErrDiverged, "a NaN in the data is not swallowed")
	require.ErrorContains(t, err, "the loss is NaN: the input has NaN at element 2 of sample ")
	require.Equal(t, before, bits(m.Weights()))
}

// TestGradientPenaltyTrains: a loss with a derivative in it, of which training takes the derivative.
func TestGradientPenaltyTrains(t *testing.T) {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y := s.Apply(layers.Sequential{layers.Dense{Units: 8}, layers.Tanh{}, layers.Dense{Units: 1}}, x)
		if s.Training() {
			slope := graph.Grad(y.Sum(), x)[0]
			s.Penalty(slope.Square().Sum(1).Mean().Scale(10))
		}
		return y
	})
	slope := func(penalty bool) float64 {
		l := graph.Layer(net)
		if !penalty {
			l = layers.Sequential{layers.Dense{Units: 8}, layers.Tanh{}, layers.Dense{Units: 1}}
		}
		m, err := graph.Compile(l, graph.Config{Input: []int{5}, DType: tensor.Float64, Loss: losses.MeanSquaredError{},
			Optimizer: optimizers.Adam{LearningRate: 0.05}})
		require.NoError(t, err)
		x := random(1, 40, 5)
		_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: random(2, 40, 1)}, graph.FitConfig{Epochs: 200})
		require.NoError(t, err)
		moved := x.Clone().(*tensor.Dense)
		for i := range moved.Float64s() {
			moved.Float64s()[i] += 1e-3
		}
		a, err := m.Predict(context.Background(), x)
		require.NoError(t, err)
		b, err := m.Predict(context.Background(), moved)
		require.NoError(t, err)
		sum := 0.0
		for i, v := range a.Float64s() {
			sum += math.Abs(b.Float64s()[i]-v) / 1e-3
		}
		return sum
	}
	require.Less(t, slope(true), slope(false)/5)
}

func TestLogsAndMetrics(t *testing.T) {
	m, data := regression(t, graph.Config{DType: tensor.Float64, Metrics: []graph.Metric{metrics.MeanSquaredError{}, metrics.R2{}}})
	h, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 2, BatchSize: 20, Valid: data})
	require.NoError(t, err)
	var names []string
	for _, metric := range []graph.Metric{metrics.MeanSquaredError{}, metrics.R2{}} {
		names = append(names, "train_"+metric.Name(), "valid_"+metric.Name())
	}
	for _, name := range append(names, "train_loss", "valid_loss", "learning_rate") {
		require.Len(t, h.Series(name), 2, name)
	}
	require.InDelta(t, h.Logs[1]["valid_loss"], h.Logs[1]["valid_"+metrics.MeanSquaredError{}.Name()], 1e-12)
}

func TestFitErrors(t *testing.T) {
	m, data := regression(t, graph.Config{})
	ctx := context.Background()
	for _, r := range []struct {
		train graph.Dataset
		cfg   graph.FitConfig
		want  string
	}{
		{nil, graph.FitConfig{}, "graph: Fit: got no training data"},
		{graph.Arrays{}, graph.FitConfig{}, "graph: Fit: got no training data"},
		{data, graph.FitConfig{Epochs: -1}, "got -1 epochs"},
		{data, graph.FitConfig{Valid: graph.Arrays{}}, "the validation set is empty"},
		{graph.Arrays{X: random(1, 9, 4), Y: random(1, 9, 2)}, graph.FitConfig{}, "graph: Fit: epoch 1, step 1: input: got shape [9 4], want [n 5]"},
		{graph.Arrays{X: random(1, 9, 5), Y: random(1, 8, 2)}, graph.FitConfig{}, "X has shape [9 5] and Y [8 2], want as many rows"},
		{graph.Arrays{X: random(1, 9, 5)}, graph.FitConfig{}, "target: got no tensor, want 9 rows as the input has"},
		{graph.Arrays{X: random(1, 9, 5), Y: random(1, 9, 3)}, graph.FitConfig{}, "loss: got a prediction of shape [9 2] and a target of shape [9 3], want the same"},
		{data, graph.FitConfig{Callbacks: []graph.Callback{graph.CallbackFunc(func(r *graph.Run, _ graph.Event) error { r.Rate = -1; return nil })}},
			"a callback set the learning rate to -1 at TrainBegin"},
	} {
		_, err := m.Fit(ctx, r.train, r.cfg)
		require.ErrorContains(t, err, r.want)
	}
	only, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{5}})
	require.NoError(t, err)
	_, err = only.Fit(ctx, data, graph.FitConfig{})
	require.ErrorContains(t, err, "compiled without a Loss")
	_, err = only.Evaluate(ctx, data)
	require.ErrorContains(t, err, "compiled without a Loss")
}
