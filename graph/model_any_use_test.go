package graph_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
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

// TestAnyInputs checks networks with several inputs that vary: by themselves, or equal to another, or in another ratio.
func TestAnyInputs(t *testing.T) {
	mean := func(x graph.Node) graph.Node { return x.Mean(1) }
	any3 := []int{graph.Any, 3}
	for _, c := range []struct {
		name   string
		net    graph.LayerFunc
		inputs map[string][]int
		output []int
		probes int // of sizes, with the first
	}{
		{"apart", func(s *graph.Scope, x graph.Node) graph.Node { return mean(x).Add(mean(s.Input("b"))) }, map[string][]int{"b": any3}, []int{3}, 3},
		{"joined", func(s *graph.Scope, x graph.Node) graph.Node { return graph.Concat(1, x, s.Input("b")) }, map[string][]int{"b": any3}, any3, 3},
		{"equal", func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Input("mask").Expand(-1)) },
			map[string][]int{"mask": {graph.Any}}, any3, 2},
		{"two pairs", func(s *graph.Scope, x graph.Node) graph.Node {
			return mean(x.Mul(s.Input("x mask").Expand(-1))).Add(mean(s.Input("y").Mul(s.Input("y mask").Expand(-1))))
		}, map[string][]int{"x mask": {graph.Any}, "y mask": {graph.Any}, "y": any3}, []int{3}, 3},
		{"twice as long", func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Input("b").Reshape(x.Dim(0), x.Dim(1), 2, 3).Mean(2).Add(x)
		},
			map[string][]int{"b": any3}, any3, 2},
		{"attention", func(s *graph.Scope, x graph.Node) graph.Node {
			y := s.Input("memory")
			return x.MatMul(y.SwapAxes(1, 2)).Softmax().MatMul(y)
		}, map[string][]int{"memory": any3}, any3, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := graph.Compile(c.net, graph.Config{Input: any3, Inputs: c.inputs})
			require.NoError(t, err)
			require.Equal(t, c.output, m.Output())
			require.Len(t, graph.Probes(m), c.probes)
		})
	}
	m, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Input("mask").Expand(-1)) }),
		graph.Config{Input: any3, Inputs: map[string][]int{"mask": {graph.Any}}})
	require.NoError(t, err)
	out, err := m.PredictAll(context.Background(), map[string]*tensor.Dense{"input": random(1, 2, 5, 3), "mask": random(1, 2, 5)})
	require.NoError(t, err)
	require.Equal(t, []int{2, 5, 3}, []int(out["output"].Shape()))
	_, err = m.PredictAll(context.Background(), map[string]*tensor.Dense{"input": random(1, 2, 5, 3), "mask": random(1, 2, 4)})
	require.ErrorIs(t, err, graph.ErrInput)
	require.ErrorContains(t, err, "got these sizes from input [n 5 3], mask [n 4]")
}

// TestAnyRows checks predictions in pieces, and those of networks that mix rows for some sizes only.
func TestAnyRows(t *testing.T) {
	ctx := context.Background()
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 3}, layers.Tanh{}}, graph.Config{Input: []int{graph.Any, 2}})
	require.NoError(t, err)
	x := random(1, 1200, 3, 2)
	all, err := m.Predict(ctx, x)
	require.NoError(t, err)
	require.Equal(t, []int{1200, 3, 3}, []int(all.Shape()))
	last, err := m.Predict(ctx, part(t, x, 1198, 1200))
	require.NoError(t, err)
	require.Equal(t, all.Float32s()[1198*9:], last.Float32s())
	none, err := m.Predict(ctx, tensor.New(tensor.WithShape(0, 7, 2), tensor.Of(tensor.Float32)))
	require.NoError(t, err)
	require.Equal(t, []int{0, 7, 3}, []int(none.Shape()))

	mixes := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		if x.Dim(1) > 4 {
			return x.Sub(x.Mean(0))
		}
		return x
	})
	m, err = graph.Compile(mixes, graph.Config{Input: []int{graph.Any, 2}})
	require.NoError(t, err)
	for _, time := range []int{3, 5, 1009} {
		x := random(2, 600, time, 2)
		got, err := m.Predict(ctx, x)
		require.NoError(t, err)
		fixed, err := graph.Compile(mixes, graph.Config{Input: []int{time, 2}})
		require.NoError(t, err)
		want, err := fixed.Predict(ctx, x)
		require.NoError(t, err)
		require.Equal(t, want.Data(), got.Data(), time)
	}
}

// part returns rows of a tensor.
func part(t *testing.T, x *tensor.Dense, from, to int) *tensor.Dense {
	v, err := x.Slice(tensor.S(from, to))
	require.NoError(t, err)
	return v.Materialize().(*tensor.Dense)
}

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

// TestAnyFile saves and opens models that take any size, and parts of them.
func TestAnyFile(t *testing.T) {
	ctx := context.Background()
	net := layers.Sequential{
		layers.Named("encoder", layers.Sequential{layers.Conv2D{Filters: 3, Kernel: []int{3}, Stride: []int{2}}, layers.ReLU{}}),
		layers.GlobalAvgPool{}, layers.Named("head", layers.Dense{Units: 2}),
	}
	m, err := graph.Compile(net, graph.Config{Input: []int{1, graph.Any, graph.Any}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}, Seed: 4})
	require.NoError(t, err)
	x := random(7, 3, 1, 9, 14)
	want, err := m.Predict(ctx, x)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, m.SaveFile(path))
	opened, err := graph.Open(path)
	require.NoError(t, err)
	require.Equal(t, m.Input(), opened.Input())
	require.Equal(t, m.Output(), opened.Output())
	got, err := opened.Predict(ctx, x)
	require.NoError(t, err)
	require.Equal(t, want.Data(), got.Data())
	_, err = opened.Fit(ctx, graph.Arrays{X: x, Y: random(1, 3, 2)}, graph.FitConfig{})
	require.NoError(t, err)
	var first, second bytes.Buffer
	require.NoError(t, m.Save(&first))
	opened, err = graph.ReadModel(bytes.NewReader(first.Bytes()))
	require.NoError(t, err)
	require.NoError(t, opened.Save(&second))
	require.Equal(t, first.Bytes(), second.Bytes())

	encoder, err := opened.Sub("encoder")
	require.NoError(t, err)
	require.Equal(t, []int{3, graph.Any, graph.Any}, encoder.Output())
	inner, err := opened.Sub("encoder/relu1")
	require.NoError(t, err)
	require.Equal(t, []int{3, graph.Any, graph.Any}, inner.Input())
	head, err := opened.Sub("head")
	require.NoError(t, err)
	require.Equal(t, []int{3}, head.Input())
	code, err := encoder.Predict(ctx, x)
	require.NoError(t, err)
	require.Equal(t, []int{3, 3, 4, 6}, []int(code.Shape()))
	first.Reset()
	require.NoError(t, encoder.Save(&first))
	again, err := graph.ReadModel(&first)
	require.NoError(t, err)
	same, err := again.Predict(ctx, x)
	require.NoError(t, err)
	require.Equal(t, code.Data(), same.Data())
}

// TestAnyHostileFile checks files with invalid sizes, and that they take little memory.
func TestAnyHostileFile(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.PositionalEncoding{}, layers.LSTM{Units: 1}}, graph.Config{Input: []int{graph.Any, 2}})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, m.Save(&file))
	for name, c := range map[string]struct{ sizes, want string }{
		"valid":         {"[[[5,2]],[[7,2]]]", ""},
		"none":          {"", `sizes: got "", want the shapes of the inputs as JSON`},
		"not JSON":      {"[[", `sizes: got "[[", want the shapes of the inputs as JSON`},
		"one":           {"[[[16,2]]]", "sizes: got 1 lists of shapes, want from 2 to 32"},
		"many":          {"[" + strings.Repeat("[[16,2]],", 40) + "[[16,2]]]", "sizes: got 41 lists of shapes, want from 2 to 32"},
		"no input":      {"[[],[]]", "sizes: got the shapes of 0 inputs, want 1"},
		"other input":   {"[[[16,2]],[[16,3]]]", "sizes: input: got shape [16 3], want [n any 2]"},
		"0":             {"[[[16,2]],[[0,2]]]", "sizes: input: got shape [0 2], want [n any 2]"},
		"Any":           {"[[[-1,2]],[[16,2]]]", "sizes: input: got shape [-1 2], want [n any 2]"},
		"rank":          {"[[[16,2]],[[16]]]", "sizes: input: got shape [16], want [n any 2]"},
		"huge":          {"[[[16,2]],[[9000000000000000000,2]]]", "want at most"},
		"long, not two": {"[[[1000000000,2]],[[16,2]]]", "want at most"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := graph.Reseal(file.Bytes(), func(m map[string]string) { m["sizes"] = c.sizes })
			require.NoError(t, err)
			n := allocated(func() { _, err = graph.ReadModel(bytes.NewReader(b)) })
			require.Less(t, n, 64<<20)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
	wrong, err := graph.Reseal(file.Bytes(), func(m map[string]string) {
		m["network"] = strings.Replace(m["network"], `"layers.PositionalEncoding"`, `"layers.PositionalEncoding","Learned":true`, 1)
	})
	require.NoError(t, err)
	_, err = graph.ReadModel(bytes.NewReader(wrong))
	require.ErrorContains(t, err, "positionalencoding1/weight: got no tensor of that name in the file")
}
