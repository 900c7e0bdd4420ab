package graph_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// opened returns the model that is read from a file of m.
func opened(t testing.TB, m *graph.Model) *graph.Model {
	t.Helper()
	o, err := graph.ReadModel(bytes.NewReader(saved(t, m)))
	require.NoError(t, err)
	return o
}

// TestOpen: an opened model predicts the same bits as the original, is saved as the same bytes, and trains to the same bits.
func TestOpen(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		t.Run(dt.String(), func(t *testing.T) {
			m, data := regression(t, graph.Config{DType: dt, Seed: 5, Workers: 1, Metrics: []graph.Metric{metrics.R2{}, &metrics.MeanSquaredError{}}})
			untrained := opened(t, m)
			fit := graph.FitConfig{Epochs: 2, BatchSize: 8}
			_, err := m.Fit(context.Background(), data, fit)
			require.NoError(t, err)
			path := filepath.Join(t.TempDir(), "model.nndiy")
			require.NoError(t, m.Portable())
			require.NoError(t, m.SaveFile(path))
			o, err := graph.Open(path)
			require.NoError(t, err)
			require.Equal(t, saved(t, m), saved(t, o))
			require.Equal(t, m.String(), o.String())
			want, err := m.Predict(context.Background(), data.X)
			require.NoError(t, err)
			got, err := o.Predict(context.Background(), data.X)
			require.NoError(t, err)
			require.Equal(t, want.Data(), got.Data())

			_, err = untrained.Fit(context.Background(), data, fit)
			require.NoError(t, err)
			require.Equal(t, saved(t, m), saved(t, untrained), "a model that was opened before training")
			a, err := m.Fit(context.Background(), data, fit)
			require.NoError(t, err)
			b, err := o.Fit(context.Background(), data, fit)
			require.NoError(t, err)
			require.Equal(t, a, b)
			require.Equal(t, saved(t, m), saved(t, o))
		})
	}
}

// unregistered is a layer and a loss of a type that is not registered.
type unregistered struct{ layers.Identity }

func (unregistered) Loss(pred, target graph.Node) graph.Node { return pred.Sub(target).Square().Mean() }

// oneWay is a layer that can be written to a file, but not read again.
type oneWay struct{ layers.Identity }

func (oneWay) MarshalText() ([]byte, error) { return []byte("one way"), nil }
func (*oneWay) UnmarshalText([]byte) error  { return errors.New("got text, want none") }

func init() { graph.Register("graph_test.oneWay", oneWay{}) }

// TestOpenGaps: Save refuses a network that Open could not read, with the reason and what to do; a checkpoint of it is
// written and resumed. If a file cannot describe the loss, the model is saved, and errors say what is missing.
func TestOpenGaps(t *testing.T) {
	compile := func(l graph.Layer, loss graph.Loss) *graph.Model {
		m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 2}, layers.Residual{Layer: l}}, graph.Config{
			Input: []int{2}, Loss: loss, Optimizer: optimizers.SGD{LearningRate: 0.1},
		})
		require.NoError(t, err)
		return m
	}
	data := graph.Arrays{X: random(1, 4, 2), Y: random(2, 4, 2)}
	function := layers.Lambda(func(x graph.Node) graph.Node { return x })
	for name, r := range map[string]struct {
		layer graph.Layer
		want  string
	}{
		"function":       {function, "network.Net[1].Layer: got a layers.Lambda, a function, which no file can hold: make it a type with fields and graph.Register it"},
		"inner function": {layers.Named("a", layers.Sequential{function}), "got a layers.Lambda, a function"},
		"layer function": {graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return x }), "got a graph.LayerFunc, a function"},
		"type":           {unregistered{}, "network.Net[1].Layer: got a graph_test.unregistered, a type that is not registered: graph.Register it"},
		"one way":        {oneWay{}, "network.Net[1].Layer: got text, want none"},
	} {
		t.Run(name, func(t *testing.T) {
			m, other := compile(r.layer, losses.MeanSquaredError{}), compile(r.layer, losses.MeanSquaredError{})
			require.ErrorContains(t, m.Portable(), r.want)
			folder := t.TempDir()
			path := filepath.Join(folder, "model")
			for _, err := range []error{m.Save(io.Discard), m.SaveFile(path)} {
				require.ErrorContains(t, err, r.want)
				require.ErrorContains(t, err, "; graph.WriteWeights(w, model.Weights(), nil) writes only the weights, for LoadFile")
			}
			require.Empty(t, files(t, folder))
			require.NoError(t, other.Load(bytes.NewReader(written(t, m))))

			fit := graph.FitConfig{Epochs: 2, Resume: path, Callbacks: []graph.Callback{graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				if e == graph.EpochEnd && r.Epoch == 1 {
					r.After(func() error { return r.SaveFile(path) })
				}
				return nil
			})}}
			want, err := m.Fit(context.Background(), data, fit)
			require.NoError(t, err)
			_, err = graph.Open(path)
			require.ErrorContains(t, err, r.want)
			require.ErrorContains(t, err, "graph: Open: "+path+": the file does not describe the network (when it was saved: ")
			require.NoError(t, other.LoadFile(path))
			got, err := compile(r.layer, losses.MeanSquaredError{}).Fit(context.Background(), data, fit)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}

	m := compile(layers.Tanh{}, unregistered{})
	const want = "Config.Loss: got a graph_test.unregistered, a type that is not registered: graph.Register it"
	require.ErrorContains(t, m.Portable(), want)
	o := opened(t, m)
	x := random(1, 3, 2)
	p, err := m.Predict(context.Background(), x)
	require.NoError(t, err)
	q, err := o.Predict(context.Background(), x)
	require.NoError(t, err)
	require.Equal(t, p.Data(), q.Data())
	_, err = o.Evaluate(context.Background(), graph.Arrays{X: x, Y: x})
	require.ErrorContains(t, err, want)
	_, err = o.Fit(context.Background(), graph.Arrays{X: x, Y: x}, graph.FitConfig{})
	require.ErrorContains(t, err, want)

	_, err = graph.ReadModel(file(`{}`))
	require.ErrorContains(t, err, "got a file of weights without a network")
}

// TestOpenUnknownTraining: a model whose optimizer is not registered in the program that opens it can still predict.
func TestOpenUnknownTraining(t *testing.T) {
	m, data := regression(t, graph.Config{})
	_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 1})
	require.NoError(t, err)
	elsewhere, err := graph.Reseal(saved(t, m), func(metadata map[string]string) {
		require.Contains(t, metadata["config"], `"optimizers.Adam"`)
		metadata["config"] = strings.ReplaceAll(metadata["config"], "optimizers.Adam", "main.Own")
	})
	require.NoError(t, err)
	o, err := graph.ReadModel(bytes.NewReader(elsewhere))
	require.NoError(t, err)
	p, err := m.Predict(context.Background(), data.X)
	require.NoError(t, err)
	q, err := o.Predict(context.Background(), data.X)
	require.NoError(t, err)
	require.Equal(t, p.Data(), q.Data())
	_, err = o.Fit(context.Background(), data, graph.FitConfig{})
	require.ErrorContains(t, err, `cannot train or evaluate: the file's training configuration: Config.Optimizer: got the type "main.Own", which this program has not registered`)
}

// TestOpenPart: the file of a part opens as the part; the file of Sub("") as the whole model without its optimizer.
func TestOpenPart(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{
		layers.Named("encoder", layers.Sequential{layers.Dense{Units: 3}, layers.Tanh{}}), layers.Dense{Units: 5},
	}, graph.Config{Input: []int{5}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}})
	require.NoError(t, err)
	x := random(1, 4, 5)
	_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: x}, graph.FitConfig{Epochs: 3})
	require.NoError(t, err)
	for _, name := range []string{"encoder", ""} {
		t.Run("part "+name, func(t *testing.T) {
			part, err := m.Sub(name)
			require.NoError(t, err)
			o := opened(t, part)
			require.Equal(t, part.String(), o.String())
			require.Equal(t, saved(t, part), saved(t, o))
			require.Equal(t, bits(part.Weights()), bits(o.Weights()))
			require.Less(t, len(saved(t, part)), len(saved(t, m))*2/3)
			want, err := part.Predict(context.Background(), x)
			require.NoError(t, err)
			got, err := o.Predict(context.Background(), x)
			require.NoError(t, err)
			require.Equal(t, want.Data(), got.Data())
		})
	}
}

// TestOpenTrusted: a network that is much larger than its file suggests opens only with OpenTrusted, and then predicts.
func TestOpenTrusted(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 200 MB, and several times that under the race detector")
	}
	m, err := graph.Compile(layers.Sequential{layers.PositionalEncoding{}, layers.GlobalAvgPool{}}, graph.Config{Input: []int{2200, 2000}})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, m.SaveFile(path))
	_, err = graph.Open(path)
	require.ErrorContains(t, err, "got a constant of shape [2200 2000], want at most ")
	require.ErrorContains(t, err, " more elements in constants for a file of this size; if you trust it, use OpenTrusted")
	m, err = graph.OpenTrusted(path)
	require.NoError(t, err)
	_, err = m.Predict(context.Background(), tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(3, 2200, 2000)))
	require.NoError(t, err)
	_, err = graph.OpenTrusted(path + "?")
	require.ErrorContains(t, err, "graph: OpenTrusted: open ")
}
