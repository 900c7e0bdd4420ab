package layers_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestAdapt: layers inside a Sequential are fitted to what the layers in front of them return.
func TestAdapt(t *testing.T) {
	x := tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float32{1, layers.Missing, 2, 10, 3, 20, 6, 60}))
	net, err := layers.Adapt(layers.Sequential{layers.Named("a", layers.Sequential{layers.Impute{Indicator: true}}), layers.Normalize{}, layers.Dense{Units: 1}}, graph.Arrays{X: x})
	require.NoError(t, err)
	list := net.(layers.Sequential)
	assert.Equal(t, []float64{3, 27.5, 0, 0.25}, list[1].(layers.Normalize).Offset)
	model, err := graph.Compile(list[:2], graph.Config{Input: []int{2}, DType: tensor.Float64})
	require.NoError(t, err)
	y, err := model.Predict(context.Background(), x)
	require.NoError(t, err)
	assert.InDelta(t, (20-27.5)/list[1].(layers.Normalize).Scale[1], y.Data().([]float64)[1], 1e-12) // the median in place of the missing one

	images := tensor.New(tensor.WithShape(2, 2, 1, 2), tensor.WithBacking([]uint8{0, 2, 10, 30, 4, 6, 20, 20}))
	for name, c := range map[string]struct {
		l             layers.Normalize
		offset, scale []float64
	}{
		"channels": {layers.Normalize{Axis: 1, Range: true}, []float64{0, 10}, []float64{6, 20}},
		"whole":    {layers.Normalize{Whole: true, Range: true}, []float64{0}, []float64{30}},
		"last":     {layers.Normalize{Range: true}, []float64{0, 2}, []float64{20, 28}},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := layers.Adapt(c.l, graph.Arrays{X: images})
			require.NoError(t, err)
			assert.Equal(t, c.offset, l.(layers.Normalize).Offset)
			assert.Equal(t, c.scale, l.(layers.Normalize).Scale)
		})
	}
	_, err = layers.Adapt(layers.Normalize{Axis: 4}, graph.Arrays{X: images})
	assert.EqualError(t, err, "layers: Adapt: layers.Normalize: Axis: got 4 for shape [2 2 1 2], want one after the batch")
}

// TestAdaptNothing: no network, no layer in it and no data are errors that say so, also as nil pointers.
func TestAdaptNothing(t *testing.T) {
	data := graph.Arrays{X: tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{1, 2}))}
	adapt := func(net graph.Layer, data graph.Dataset) func() error {
		return func() error { _, err := layers.Adapt(net, data); return err }
	}
	columns := func(rows graph.Rows) func() error {
		return func() error { _, err := layers.Columns{}.Adapt(rows); return err }
	}
	fitted := layers.Columns{Groups: []layers.Group{{Names: []string{"a"}, Layers: []graph.Layer{layers.Impute{}}}}}
	for _, c := range []struct {
		f    func() error
		want string
	}{
		{adapt(nil, data), "layers: Adapt: got no network, want a Layer"},
		{adapt((*layers.Normalize)(nil), data), "layers: Adapt: got no network, want a Layer"},
		{adapt(layers.Sequential{layers.Normalize{}, nil}, data), "layers: Adapt: layers.Sequential: layer 1: got nil, want a layer"},
		{adapt(layers.Sequential{nil, layers.Normalize{}}, data), "layers: Adapt: layers.Sequential: layer 0: got nil, want a layer"},
		{adapt(layers.Named("a", nil), data), "layer 0: got nil, want a layer"},
		{adapt(layers.Normalize{}, nil), "layers: Adapt: got no data, want at least one sample"},
		{adapt(layers.Normalize{}, (*graph.Arrays)(nil)), "layers: Adapt: got no data, want at least one sample"},
		{columns(nil), "layers: Columns.Adapt: got no rows, want some"},
		{columns((*datasets.Table)(nil)), "layers: Columns.Adapt: got no rows, want some"},
		{func() error { _, err := fitted.Arrays(nil); return err }, "layers: Columns: got no rows, want at least one"},
		{func() error { _, err := fitted.Arrays((*datasets.Table)(nil)); return err }, "layers: Columns: got no rows, want at least one"},
	} {
		assert.ErrorContains(t, c.f(), c.want)
	}
}

// TestAdapted: values of the fitted layers, computed by hand.
func TestAdapted(t *testing.T) {
	bucket, err := layers.Adapt(layers.Sequential{layers.Bucket{Count: 4}, layers.OneHot{}}, graph.Arrays{
		X: tensor.New(tensor.WithShape(8, 1), tensor.WithBacking([]float64{8, 1, 7, 2, 6, 3, 5, 4}))})
	require.NoError(t, err)
	assert.Equal(t, layers.Sequential{layers.Bucket{Count: 4, Edges: [][]float64{{3, 5, 7}}}, layers.OneHot{Classes: 4}}, bucket)
	model, err := graph.Compile(bucket, graph.Config{Input: []int{1}})
	require.NoError(t, err)
	y, err := model.Predict(context.Background(), tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float64{-9, 3, 6.9, 100})))
	require.NoError(t, err)
	assert.Equal(t, []float32{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, y.Data())

	uneven, err := graph.Compile(layers.Bucket{Edges: [][]float64{{1}, {1, 2, 3}, {}}}, graph.Config{Input: []int{3}})
	require.NoError(t, err)
	y, err = uneven.Predict(context.Background(), tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 2.5, 7, 0, 9, 7})))
	require.NoError(t, err)
	assert.Equal(t, []float32{1, 2, 0, 0, 3, 0}, y.Data())
}

func TestEncoders(t *testing.T) {
	values := func(list ...any) func(func(any, error) bool) {
		return func(yield func(any, error) bool) {
			for _, v := range list {
				if !yield(v, nil) {
					return
				}
			}
		}
	}
	for _, c := range []struct {
		name    string
		encoder layers.Encoder
		train   []any
		fitted  layers.Encoder
		in      []any
		out     [][]float64
	}{
		{"vocabulary", layers.Vocabulary{MinCount: 2}, []any{"b", "a", "b", nil, "a", "b", "c"}, layers.Vocabulary{MinCount: 2, Words: []string{"b", "a"}},
			[]any{"a", "b", "c", nil, "", 7}, [][]float64{{2}, {1}, {0}, {0}, {0}, {0}}},
		{"vocabulary of numbers", layers.Vocabulary{Max: 1}, []any{1.0, "1", true}, layers.Vocabulary{Max: 1, Words: []string{"1"}},
			[]any{1, json.Number("1"), float32(1), true}, [][]float64{{1}, {1}, {1}, {0}}},
		{"bag", layers.Tokens{}, []any{"The cat, the dog.", "a CAT", nil}, layers.Tokens{Words: []string{"cat", "the"}},
			[]any{"cat the the", "", nil, "dog"}, [][]float64{{1, 2}, {0, 0}, {0, 0}, {0, 0}}},
		{"pairs", layers.Tokens{NGrams: 2, KeepCase: true}, []any{"x y z", "x y"}, layers.Tokens{NGrams: 2, KeepCase: true, Words: []string{"x", "x y", "y"}},
			[]any{"x y x", "X y"}, [][]float64{{2, 1, 1}, {0, 0, 1}}},
		{"sequence", layers.Tokens{Length: 3}, []any{"it's naïve", "naïve it"}, layers.Tokens{Length: 3, Words: []string{"it", "naïve"}},
			[]any{"naïve it was it", "it", nil}, [][]float64{{3, 2, 1}, {2, 0, 0}, {0, 0, 0}}},
		{"dates", layers.Dates{Parts: []string{"trend", "day"}}, nil, layers.Dates{Parts: []string{"trend", "day"}},
			[]any{"2001-01-01T06:00:00Z", "2000-01-01", nil}, [][]float64{{1 + 0.25/365, 1, 0}, {0, 0, 1}, {layers.Missing, layers.Missing, layers.Missing}}},
		{"the days of a week", layers.Dates{}, []any{"2024-01-01", "2024-01-02"}, layers.Dates{Parts: []string{"trend", "year", "month", "week"}}, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			fitted, err := c.encoder.Learn(values(c.train...))
			require.NoError(t, err)
			assert.Equal(t, c.fitted, fitted)
			encode := fitted.Encoding()
			for i, v := range c.in {
				to := make([]float64, fitted.Width())
				require.NoError(t, encode(to, v))
				assert.InDeltaSlice(t, c.out[i], to, 1e-12, "%v", v)
			}
		})
	}
}
