package graph_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/checkpoint"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// body is the network of these tests. Its parameters have the same names wherever it is emitted.
func body(s *graph.Scope, x, side graph.Node) (main, aux graph.Node) {
	h := s.ApplyAs("hidden", layers.Dense{Units: 4}, x).Tanh()
	return s.ApplyAs("main", layers.Dense{Units: 2}, graph.Concat(-1, h, side)), s.ApplyAs("aux", layers.Dense{Units: 3}, h)
}

// several is a network with two inputs and two outputs.
var several = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
	y, aux := body(s, x, s.Input("side"))
	s.Output("aux", aux)
	return y
})

var severalConfig = graph.Config{
	Input: []int{5}, Inputs: map[string][]int{"side": {1}}, DType: tensor.Float64, Optimizer: optimizers.Adam{},
	Loss: losses.MeanSquaredError{}, LossWeight: 2, Metrics: []graph.Metric{metrics.MeanAbsoluteError{}},
	Outputs: map[string]graph.Output{"aux": {Loss: losses.MeanAbsoluteError{}, Weight: 0.3, Metrics: []graph.Metric{metrics.R2{}}}},
}

func severalData(rows int) graph.Arrays {
	return graph.Arrays{
		X: random(1, rows, 5), Inputs: map[string]*graph.Tensor{"side": random(2, rows, 1)},
		Y: random(3, rows, 2), Targets: map[string]*graph.Tensor{"aux": random(4, rows, 3)},
	}
}

// severalLayer is several as a type that can be registered for files.
type severalLayer struct{}

func (severalLayer) Emit(s *graph.Scope, x graph.Node) graph.Node { return several(s, x) }

func init() { graph.Register("", severalLayer{}) }

// TestSeveralSaved: a network with several inputs and outputs can be saved and opened, and its training resumed from any step.
func TestSeveralSaved(t *testing.T) {
	dir, data := t.TempDir(), severalData(7)
	fit := func(resume string, more ...graph.Callback) *graph.Model {
		m, err := graph.Compile(severalLayer{}, severalConfig)
		require.NoError(t, err)
		_, err = m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, BatchSize: 3, Valid: data, Resume: resume, Callbacks: more})
		require.NoError(t, err)
		return m
	}
	m := fit("", graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.StepEnd {
			r.After(func() error { return r.SaveFile(filepath.Join(dir, checkpoint.Name(r.Total))) })
		}
		return nil
	}))
	for step := 1; step < 9; step++ {
		require.Equal(t, saved(t, m), saved(t, fit(filepath.Join(dir, checkpoint.Name(step)))), step)
	}
	x := map[string]*graph.Tensor{graph.MainInput: data.X, "side": data.Inputs["side"]}
	want, err := m.PredictAll(context.Background(), x)
	require.NoError(t, err)
	got, err := opened(t, m).PredictAll(context.Background(), x)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// columns joins matrices side by side.
func columns(list ...*graph.Tensor) *graph.Tensor {
	t, err := list[0].Hstack(list[1:]...)
	if err != nil {
		panic(err)
	}
	return t
}

// TestSeveral compares a network with two inputs and outputs with another that has them as columns of one tensor.
func TestSeveral(t *testing.T) {
	ctx := context.Background()
	data := severalData(7)
	m, err := graph.Compile(several, severalConfig)
	require.NoError(t, err)
	one, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y, aux := body(s, x.Slice(-1, 0, 5), x.Slice(-1, 5, 6))
		return graph.Concat(-1, y, aux)
	}), graph.Config{
		Input: []int{6}, DType: tensor.Float64, Optimizer: optimizers.Adam{},
		Loss: graph.LossFunc(func(y, t graph.Node) graph.Node {
			return y.Slice(-1, 0, 2).Sub(t.Slice(-1, 0, 2)).Square().Mean().Scale(2).Add(y.Slice(-1, 2, 5).Sub(t.Slice(-1, 2, 5)).Abs().Mean().Scale(0.3))
		}),
	})
	require.NoError(t, err)
	x, y := columns(data.X, data.Inputs["side"]), columns(data.Y, data.Targets["aux"])

	loss, grads, err := m.GradientsOf(graph.Batch(data))
	require.NoError(t, err)
	wantLoss, want, err := one.Gradients(x, y)
	require.NoError(t, err)
	require.InDelta(t, wantLoss, loss, 1e-14)
	require.Equal(t, want.Names(), grads.Names())
	for name, g := range want {
		require.InDeltaSlice(t, g.Float64s(), grads[name].Float64s(), 1e-14, name)
	}

	cfg := graph.FitConfig{Epochs: 3, BatchSize: 3, Valid: data}
	h, err := m.Fit(ctx, data, cfg)
	require.NoError(t, err)
	_, err = one.Fit(ctx, graph.Arrays{X: x, Y: y}, graph.FitConfig{Epochs: 3, BatchSize: 3})
	require.NoError(t, err)
	both, err := m.PredictAll(ctx, map[string]*graph.Tensor{graph.MainInput: data.X, "side": data.Inputs["side"]})
	require.NoError(t, err)
	joined, err := one.Predict(ctx, x)
	require.NoError(t, err)
	require.Len(t, both, 2)
	require.InDeltaSlice(t, joined.Float64s(), columns(both[graph.MainOutput], both["aux"]).Float64s(), 1e-12)

	last := h.Logs[2]
	require.Equal(t, []string{
		"learning_rate", "train_aux_loss", "train_aux_r2", "train_loss", "train_mae", "train_output_loss",
		"valid_aux_loss", "valid_aux_r2", "valid_loss", "valid_mae", "valid_output_loss",
	}, last.Names())
	require.InDelta(t, 2*last["valid_output_loss"]+0.3*last["valid_aux_loss"], last["valid_loss"], 1e-12)
	require.InDelta(t, metrics.MeanAbsoluteError{}.Score(both["aux"], data.Targets["aux"]), last["valid_aux_loss"], 1e-12)
}

// TestSeveralSub: a part has only the additional inputs that it uses.
func TestSeveralSub(t *testing.T) {
	sided := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Add(s.Input("side")) })
	m, err := graph.Compile(layers.Sequential{layers.Named("plain", layers.Dense{Units: 3}), layers.Named("sided", sided)},
		graph.Config{Input: []int{5}, Inputs: map[string][]int{"side": {1}}})
	require.NoError(t, err)
	plain, err := m.Sub("plain")
	require.NoError(t, err)
	_, err = plain.Predict(context.Background(), random(1, 2, 5))
	require.NoError(t, err)
	part, err := m.Sub("sided")
	require.NoError(t, err)
	_, err = part.Predict(context.Background(), random(1, 2, 3))
	require.EqualError(t, err, "graph: Predict: got one input, want 2: use PredictAll")
	_, err = part.PredictAll(context.Background(), map[string]*graph.Tensor{graph.MainInput: random(1, 2, 3), "side": random(2, 2, 1)})
	require.NoError(t, err)
}

// TestSeveralErrors: inputs and outputs that do not fit the network are an error of Compile.
func TestSeveralErrors(t *testing.T) {
	change := func(f func(*graph.Config)) graph.Config {
		c := severalConfig
		f(&c)
		return c
	}
	inputs := func(inputs map[string][]int) graph.Config { return change(func(c *graph.Config) { c.Inputs = inputs }) }
	for _, r := range []struct {
		name string
		cfg  graph.Config
		want string
	}{
		{"reserved name", inputs(map[string][]int{"input": {1}}), `graph: Compile: Config.Inputs: got the name "input", want a nonempty name other than "input"`},
		{"empty dimension", inputs(map[string][]int{"side": {0}}), `graph: Compile: Config.Inputs: side: got [0], want dimensions of 1 or more, or graph.Any`},
		{"no input", inputs(nil), `graph: Input: got the name "side", want one of Config.Inputs: []`},
		{"unused input", inputs(map[string][]int{"side": {1}, "more": {1}}), `graph: Compile: Config.Inputs: got "more", want only inputs that the network uses`},
		{"unknown output", change(func(c *graph.Config) { c.Outputs = map[string]graph.Output{"b": {}} }),
			`graph: Compile: Config.Outputs: got the name "b", want one of ["aux"], which the network passes to Scope.Output`},
		{"negative weight", change(func(c *graph.Config) { c.LossWeight = -1 }),
			`graph: Compile: output output: got the weight -1, want more than 0 and at most 1e30, or 0 for 1`},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, err := graph.Compile(several, r.cfg)
			require.EqualError(t, err, r.want)
		})
	}
	twice := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		s.Output("a", x)
		s.Output("a", x)
		return x
	})
	_, err := graph.Compile(layers.Sequential{layers.Named("net", twice)}, graph.Config{Input: []int{1}})
	require.EqualError(t, err, `graph: net: Output: got the name "a" twice, want unique names`)
}

// TestSeveralDataErrors: data that do not fit the inputs and outputs are an error.
func TestSeveralDataErrors(t *testing.T) {
	m, err := graph.Compile(several, severalConfig)
	require.NoError(t, err)
	for _, r := range []struct {
		name  string
		spoil func(*graph.Arrays)
		want  string
	}{
		{"no inputs", func(a *graph.Arrays) { a.Inputs = nil }, "side: got no tensor"},
		{"shape of an input", func(a *graph.Arrays) { a.Inputs["side"] = random(1, 4, 2) }, "side: got shape [4 2], want [n 1]"},
		{"rows of an input", func(a *graph.Arrays) { a.Inputs["side"] = random(1, 3, 1) }, "input side: got shape [3 1], want 4 rows as in X"},
		{"no targets", func(a *graph.Arrays) { a.Targets = nil }, "aux target: got no tensor, want 4 rows"},
		{"unknown input", func(a *graph.Arrays) { a.Inputs["b"] = random(1, 4, 2) }, `input: got the name "b", want one of ["side"]`},
		{"unknown target", func(a *graph.Arrays) { a.Targets["b"] = random(1, 4, 2) }, `target: got the name "b", want one of ["aux"]`},
		{"shape of a target", func(a *graph.Arrays) { a.Targets["aux"] = random(1, 4, 2) },
			"aux loss: got a prediction of shape [4 3] and a target of shape [4 2]"},
	} {
		t.Run(r.name, func(t *testing.T) {
			data := severalData(4)
			r.spoil(&data)
			_, err := m.Fit(context.Background(), data, graph.FitConfig{})
			require.ErrorContains(t, err, r.want)
		})
	}
	_, err = m.PredictAll(context.Background(), map[string]*graph.Tensor{"in": nil})
	require.EqualError(t, err, `graph: PredictAll: input: got the name "in", want one of ["input" "side"]`)
}
