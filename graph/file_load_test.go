package graph_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// file returns a file in the safetensors format, from its header and data.
func file(header string, data ...byte) *bytes.Reader {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return bytes.NewReader(append(append(b, header...), data...))
}

// small returns a model with the parameters dense1/weight of shape [2 1] and dense1/bias of shape [1].
func small(t testing.TB, dt tensor.Dtype) *graph.Model {
	t.Helper()
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 1}}, graph.Config{Input: []int{2}, DType: dt, Seed: 1})
	require.NoError(t, err)
	return m
}

// TestLoadConverts: Load converts the element type of a file to the model's, also from types that only other programs write.
func TestLoadConverts(t *testing.T) {
	single, double := small(t, tensor.Float32), small(t, tensor.Float64)
	require.NoError(t, double.SetWeights(graph.Weights{
		"dense1/weight": tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{1.0 / 3, -2})),
		"dense1/bias":   tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{0.1})),
	}))
	require.NoError(t, single.Load(bytes.NewReader(saved(t, double))))
	require.Equal(t, []float32{1.0 / 3, -2}, single.Weights()["dense1/weight"].Float32s())
	require.NoError(t, double.Load(bytes.NewReader(saved(t, single))))
	require.Equal(t, []float64{float64(float32(1.0 / 3)), -2}, double.Weights()["dense1/weight"].Float64s())
	require.Equal(t, []float64{float64(float32(0.1))}, double.Weights()["dense1/bias"].Float64s())

	const header = `{"__metadata__":{"format":"pt"},"dense1/weight":{"dtype":"%W","shape":[2,1],"data_offsets":[0,%w]},` +
		`"dense1/bias":{"dtype":"I64","shape":[1],"data_offsets":[%w,%e]}} `
	for _, r := range []struct {
		dtype, offset, end string
		data               []byte
	}{
		{"F16", "4", "12", []byte{0x00, 0x38, 0x00, 0xc4}},
		{"BF16", "4", "12", []byte{0x00, 0x3f, 0x80, 0xc0}},
	} {
		t.Run(r.dtype, func(t *testing.T) {
			h := strings.NewReplacer("%W", r.dtype, "%w", r.offset, "%e", r.end).Replace(header)
			for _, m := range []*graph.Model{single, double} {
				require.NoError(t, m.Load(file(h, append(slices.Clone(r.data), 0xfb, 255, 255, 255, 255, 255, 255, 255)...)))
				w := m.Weights()
				require.Equal(t, []float64{0.5, -4, -5}, []float64{at(w["dense1/weight"], 0), at(w["dense1/weight"], 1), at(w["dense1/bias"], 0)})
			}
		})
	}
}

// TestLoadErrors: a file that does not fit the model is an error that says why, and nothing changes.
func TestLoadErrors(t *testing.T) {
	const bias = `"dense1/bias":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}`
	const weight = `"dense1/weight":{"dtype":"U8","shape":[2,1],"data_offsets":[1,3]}`
	m := small(t, tensor.Float32)
	before := saved(t, m)
	for name, r := range map[string]struct {
		file *bytes.Reader
		want string
	}{
		"missing":      {file(`{`+bias+`}`, 1), `graph: Load: got no "dense1/weight"`},
		"surplus":      {file(`{`+bias+`,`+weight+`,"a":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}`, 1, 2, 3, 4), `graph: Load: got "a", want no parameter of that name`},
		"other name":   {file(`{`+bias+`,"w":{"dtype":"U8","shape":[2,1],"data_offsets":[1,3]}}`, 1, 2, 3), `got no "dense1/weight"; got "w"`},
		"misshapen":    {file(`{`+bias+`,"dense1/weight":{"dtype":"U8","shape":[1,2],"data_offsets":[1,3]}}`, 1, 2, 3), `graph: Load: parameter dense1/weight: got shape [1 2], want [2 1]`},
		"scalar":       {file(`{"dense1/bias":{"dtype":"U8","shape":[],"data_offsets":[0,1]},`+weight+`}`, 1, 2, 3), `parameter dense1/bias: got shape [], want [1]`},
		"no elements":  {file(`{`+bias+`,"dense1/weight":{"dtype":"U8","shape":[0,1],"data_offsets":[1,1]}}`, 1), `parameter "dense1/weight": got shape [0 1], want dimensions of 1 or more`},
		"truncated":    {file(`{`+bias+`,`+weight+`}`, 1, 2), `graph: Load: safetensors: the data: got 2 bytes, want 3: unexpected EOF`},
		"empty":        {bytes.NewReader(nil), `graph: Load: safetensors: the header's length: got 0 bytes, want 8`},
		"other format": {bytes.NewReader([]byte("PK\x03\x04 and so on")), "is this a safetensors file?"},
		"later":        {file(`{"__metadata__":{"format":"nndiy","version":"3"}}`), `graph: Load: got version "3" of the format, want at most 2`},
		"no version":   {file(`{"__metadata__":{"format":"nndiy"}}`), `got version "" of the format`},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, m.Load(r.file), r.want)
			require.Equal(t, before, saved(t, m))
		})
	}
	require.NoError(t, m.Load(file(`{`+bias+`,`+weight+`}`, 1, 2, 3)))
	require.Equal(t, []float32{2, 3}, m.Weights()["dense1/weight"].Float32s())
}

// FuzzLoad: for any file, Load returns an error and changes nothing, or sets parameters that can be saved and loaded again.
func FuzzLoad(f *testing.F) {
	f.Add(saved(f, small(f, tensor.Float32)))
	f.Add(saved(f, small(f, tensor.Float64)))
	for _, r := range []*bytes.Reader{
		file(`{"dense1/bias":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"dense1/weight":{"dtype":"BF16","shape":[2,1],"data_offsets":[1,5]}}`, 1, 2, 3, 4, 5),
		file(`{"dense1/bias":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}`, 1, 2, 3, 4, 5, 6, 7, 8),
		file(`{"__metadata__":{"format":"nndiy","version":"7"},"a":{"dtype":"F16","shape":[0,9],"data_offsets":[0,0]}}`),
	} {
		seed, err := io.ReadAll(r)
		require.NoError(f, err)
		f.Add(seed)
	}
	m := small(f, tensor.Float32)
	other := small(f, tensor.Float32)
	x := random(1, 3, 2)
	f.Fuzz(func(t *testing.T, file []byte) {
		before := saved(t, m)
		w, readErr := graph.ReadWeights(bytes.NewReader(file))
		if err := m.Load(bytes.NewReader(file)); err != nil {
			require.Equal(t, before, saved(t, m))
		} else {
			require.NoError(t, readErr)
			_, err := m.Predict(context.Background(), x)
			require.NoError(t, err)
			require.NoError(t, other.Load(bytes.NewReader(saved(t, m))))
			require.Equal(t, saved(t, m), saved(t, other))
		}
		if readErr == nil {
			require.NoError(t, graph.WriteWeights(io.Discard, w, nil))
		}
	})
}
