package graph_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// outer and inner are layers whose errors contain those of others.
func inner(_ *graph.Scope, x graph.Node) graph.Node { return x.Reshape(7) }

func outer(s *graph.Scope, x graph.Node) graph.Node {
	return x.Errorf("inside: %w", s.Apply(graph.LayerFunc(inner), x).Err())
}

// TestErrorPrefix: "graph: " is at the beginning of each error of an exported function, and only there, also where one function
// returns the error of another.
func TestErrorPrefix(t *testing.T) {
	ctx := context.Background()
	config := graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}}
	m := trainable(t, layers.Dense{Units: 2})
	function := trainable(t, layers.Sequential{layers.Dense{Units: 2}, layers.Lambda(func(x graph.Node) graph.Node { return x })})
	x := random(1, 3, 2)
	odd := graph.Arrays{X: x, Y: random(1, 4, 2)} // an error of Arrays
	wide := tensor.New(tensor.WithShape(3, 5), tensor.Of(tensor.Float32))
	compile := func(f graph.LayerFunc) error { _, err := graph.Compile(f, config); return err }
	fit := func(d graph.Dataset, cfg graph.FitConfig) error { _, err := m.Fit(ctx, d, cfg); return err }
	call := func(e graph.Event, f func(r *graph.Run) error) graph.FitConfig {
		return graph.FitConfig{Callbacks: []graph.Callback{graph.CallbackFunc(func(r *graph.Run, at graph.Event) error {
			if at == e {
				return f(r)
			}
			return nil
		})}}
	}
	good := graph.Arrays{X: x, Y: x}
	build := func(s *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{outer(s, x[0])} }
	second := func(_ any, err error) error { return err }
	third := func(_, _ any, err error) error { return err }
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	sum, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{x[0].Sum()} }, []int{2})
	require.NoError(t, err)
	for name, err := range map[string]error{
		"Compile, layer in layer":  compile(outer),
		"Compile, Err in panic":    compile(func(s *graph.Scope, x graph.Node) graph.Node { panic(inner(s, x).Err()) }),
		"Compile, nil":             second(graph.Compile(nil, config)),
		"Compile, config":          second(graph.Compile(layers.Dense{Units: 1}, graph.Config{})),
		"Compile, loss":            second(graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{2}, Loss: losses.CategoricalCrossEntropy{}})),
		"Compile, nodes of others": compile(func(*graph.Scope, graph.Node) graph.Node { return graph.Concat(0) }),
		"NewFunction":              second(graph.NewFunction(build, []int{2, 2})),
		"Call":                     second(sum.Call(cancelled, x)),
		"Call, shape":              second(sum.Call(ctx, wide)),
		"SetWeights of a Function": sum.SetWeights(graph.Weights{"a": x}),
		"Fit of bad Arrays":        fit(odd, graph.FitConfig{}),
		"Fit, validation":          fit(good, graph.FitConfig{Valid: odd}),
		"Fit in Fit":               fit(good, call(graph.EpochEnd, func(*graph.Run) error { return fit(good, graph.FitConfig{}) })),
		"Evaluate in Fit": fit(good, call(graph.EpochEnd, func(r *graph.Run) error {
			_, err := r.Model.Evaluate(ctx, nil)
			return fmt.Errorf("own: %w", errors.Join(err, r.SaveFile("x")))
		})),
		"Run.SaveFile": fit(good, call(graph.EpochEnd, func(r *graph.Run) error {
			r.After(func() error { return r.SaveFile("/none/x") })
			return nil
		})),
		"Checkpoint":      fit(good, graph.FitConfig{Callbacks: []graph.Callback{&callbacks.Checkpoint{Path: "/none/x"}}}),
		"Resume":          fit(good, graph.FitConfig{Resume: os.Args[0]}),
		"Evaluate":        second(m.Evaluate(ctx, odd)),
		"Evaluate, nil":   second(m.Evaluate(ctx, nil)),
		"Gradients":       third(m.Gradients(wide, x)),
		"Predict":         second(m.Predict(ctx, wide)),
		"Predict, nil":    second(m.Predict(ctx, nil)),
		"PredictInto":     m.PredictInto(ctx, nil, x),
		"PredictAll":      second(m.PredictAll(ctx, map[string]*graph.Tensor{"a": x})),
		"Split":           func() error { _, _, err := graph.Split(odd, 1, 1); return err }(),
		"Sub":             second(m.Sub("none")),
		"Freeze":          m.Freeze("none"),
		"SetWeights":      m.SetWeights(nil),
		"SetMetadata":     m.SetMetadata(map[string]string{"\xff": ""}),
		"Portable":        function.Portable(),
		"Save":            function.Save(io.Discard),
		"SaveFile":        function.SaveFile("/none/x"),
		"SaveFile, path":  m.SaveFile("/none/x"),
		"Load":            m.Load(bytes.NewReader(nil)),
		"LoadFile":        m.LoadFile("/none/x"),
		"Open":            second(graph.Open(os.Args[0])),
		"Open, path":      second(graph.Open("/none/x")),
		"ReadModel":       second(graph.ReadModel(file(`{}`))),
		"ReadModel, net":  second(graph.ReadModel(bytes.NewReader(unfit(t)))),
		"ReadWeights":     second(graph.ReadWeights(bytes.NewReader(nil))),
		"WeightsReader":   second(graph.WeightsReader{Skipped: func(string, error) error { return m.Freeze("none") }}.Read(beside("X", "[0]", nil))),
		"WriteWeights":    graph.WriteWeights(io.Discard, graph.Weights{"a": nil}, nil),
		"WriteDOT":        m.WriteDOT(failing{}),
		"Node.Err":        nodeError(t),
		"Dataset's error": fit(failingData{good}, graph.FitConfig{}),
	} {
		t.Run(name, func(t *testing.T) {
			require.Error(t, err)
			require.True(t, strings.HasPrefix(err.Error(), "graph: "), err)
			require.Equal(t, 1, strings.Count(err.Error(), "graph: "), err)
			require.NotRegexp(t, regexp.MustCompile(`^graph: (\w+): (Compile|Fit|Arrays): (Compile|Fit|Arrays): `), err.Error())
		})
	}
	require.EqualError(t, fit(odd, graph.FitConfig{}), "graph: Fit: Arrays: Y: got shape [4 2], want 3 rows as in X")
	require.ErrorIs(t, second(graph.Open("/none/x")), os.ErrNotExist)
	require.ErrorIs(t, second(m.Predict(cancelled, x)), context.Canceled)
	require.ErrorIs(t, second(m.Predict(ctx, wide)), graph.ErrInput)
}

// unfit returns a file whose network does not fit its input.
func unfit(t *testing.T) []byte {
	b, err := graph.Reseal(saved(t, trainable(t, layers.Sequential{layers.Flatten{}, layers.Dense{Units: 2}})), func(metadata map[string]string) {
		metadata["network"] = strings.Replace(metadata["network"], `"layers.Flatten"`, `"layers.Reshape","Shape":[7]`, 1)
	})
	require.NoError(t, err)
	return b
}

// nodeError returns the error of a node that carries another node's error.
func nodeError(t *testing.T) (err error) {
	_, _ = graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		err = outer(s, x[0]).Err()
		return x
	}, []int{2, 2})
	return err
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("failed") }

// failingData is a set that wraps the error of another.
type failingData struct{ graph.Arrays }

func (d failingData) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		for _, err := range (graph.Arrays{X: d.X, Y: random(1, 9, 2)}).Batches(size, rng) {
			yield(graph.Batch{}, fmt.Errorf("mine: %w", err))
			return
		}
	}
}
