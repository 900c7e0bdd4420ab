package graph_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// beside returns a file with a float32 tensor "good" and a tensor "x" of the given type and shape.
func beside(dtype, shape string, data []byte) *bytes.Reader {
	header := fmt.Sprintf(`{"x":{"dtype":%q,"shape":%s,"data_offsets":[0,%d]},"good":{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]}}`,
		dtype, shape, len(data), len(data), len(data)+4)
	return file(header, append(bytes.Clone(data), 0, 0, 0x80, 0x3f)...)
}

// TestReadWeightsTypes: ReadWeights converts every element type that float32 or float64 can hold, without rounding.
func TestReadWeightsTypes(t *testing.T) {
	inf, le := math.Inf(1), binary.LittleEndian
	for dtype, r := range map[string]struct {
		data []byte
		dt   tensor.Dtype
		want []float64
	}{
		"BOOL":        {[]byte{0, 1}, tensor.Float32, []float64{0, 1}},
		"U8":          {[]byte{7, 255}, tensor.Float32, []float64{7, 255}},
		"I8":          {[]byte{0x80, 0xff}, tensor.Float32, []float64{-128, -1}},
		"F8_E4M3":     {[]byte{0x7e, 0xc4}, tensor.Float32, []float64{448, -3}},
		"F8_E5M2":     {[]byte{0x7b, 0xfc}, tensor.Float32, []float64{57344, -inf}},
		"F8_E8M0":     {[]byte{0, 128}, tensor.Float32, []float64{0x1p-127, 2}},
		"F8_E4M3FNUZ": {[]byte{0x7f, 0xc0}, tensor.Float32, []float64{240, -1}},
		"F8_E5M2FNUZ": {[]byte{0x7f, 0xc0}, tensor.Float32, []float64{57344, -1}},
		"I16":         {[]byte{0x00, 0x80, 0xff, 0xff}, tensor.Float32, []float64{-32768, -1}},
		"U16":         {[]byte{0x00, 0x80, 0xff, 0xff}, tensor.Float32, []float64{32768, 65535}},
		"F16":         {[]byte{0x00, 0x38, 0x01, 0x80}, tensor.Float32, []float64{0.5, -0x1p-24}},
		"BF16":        {[]byte{0x00, 0x3f, 0x80, 0xc0}, tensor.Float32, []float64{0.5, -4}},
		"I32":         {[]byte{0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0x80}, tensor.Float64, []float64{math.MaxInt32, math.MinInt32}},
		"U32":         {[]byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0x80}, tensor.Float64, []float64{math.MaxUint32, 1 << 31}},
		"F32":         {[]byte{0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0}, tensor.Float32, []float64{1, -2.5}},
		"F64":         {le.AppendUint64(le.AppendUint64(nil, math.Float64bits(0.1)), math.Float64bits(-inf)), tensor.Float64, []float64{0.1, -inf}},
		"I64":         {le.AppendUint64(le.AppendUint64(nil, 1<<53), 1<<63), tensor.Float64, []float64{1 << 53, math.MinInt64}},
		"U64":         {le.AppendUint64(le.AppendUint64(nil, 1<<53-1), 1<<63), tensor.Float64, []float64{1<<53 - 1, 1 << 63}},
	} {
		t.Run(dtype, func(t *testing.T) {
			w, err := graph.ReadWeights(beside(dtype, "[2,1]", r.data))
			require.NoError(t, err)
			require.Equal(t, []string{"good", "x"}, w.Names())
			require.Equal(t, r.dt, w["x"].Dtype())
			require.Equal(t, tensor.Shape{2, 1}, w["x"].Shape())
			require.Equal(t, r.want, []float64{at(w["x"], 0), at(w["x"], 1)})
			require.Equal(t, 1.0, at(w["good"], 0))

			w, err = graph.ReadWeights(beside(dtype, "[]", r.data[:len(r.data)/2])) // a scalar, such as num_batches_tracked
			require.NoError(t, err)
			require.Empty(t, w["x"].Shape())
			require.Equal(t, r.want[0], at(w["x"], 0))

			w, err = graph.ReadWeights(beside(dtype, "[2,0]", nil))
			require.NoError(t, err)
			require.Equal(t, []string{"good"}, w.Names())
		})
	}
}

// TestReadWeightsSkips: what Weights cannot hold is left out and reported by name; the rest of the file is read.
func TestReadWeightsSkips(t *testing.T) {
	large := binary.LittleEndian.AppendUint64(nil, 1<<53+1)
	for name, r := range map[string]struct {
		dtype, shape string
		data         []byte
		reason       string
	}{
		"no elements":     {"F32", "[0]", nil, "got shape [0], want dimensions of 1 or more"},
		"no elements, 2D": {"BOOL", "[3,0]", nil, "got shape [3 0], want dimensions of 1 or more"},
		"complex":         {"C64", "[1]", make([]byte, 8), `got elements of "C64", want a type that is converted to float32 or float64`},
		"packed":          {"F4", "[3]", make([]byte, 2), `got elements of "F4"`},
		"future, empty":   {"Q3_K", "[0]", nil, `got elements of "Q3_K"`},
		"future, huge":    {"Q3_K", "[9223372036854775807,9223372036854775807]", make([]byte, 3), `got elements of "Q3_K"`},
		"signed":          {"I64", "[1]", large, "element 0: got 9007199254740993, want an integer that float64 represents"},
		"negative":        {"I64", "[1]", []byte{1, 0, 0, 0, 0, 0, 0, 0x80}, "element 0: got -9223372036854775807, want"},
		"unsigned":        {"U64", "[2]", append(make([]byte, 8), 255, 255, 255, 255, 255, 255, 255, 255), "element 1: got 18446744073709551615, want"},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := graph.ReadWeights(beside(r.dtype, r.shape, r.data))
			require.NoError(t, err)
			require.Equal(t, []string{"good"}, w.Names())

			var names []string
			w, err = graph.WeightsReader{Skipped: func(name string, reason error) error {
				require.ErrorContains(t, reason, r.reason)
				names = append(names, name)
				return nil
			}}.Read(beside(r.dtype, r.shape, r.data))
			require.NoError(t, err)
			require.Equal(t, []string{"x"}, names)
			require.Equal(t, []string{"good"}, w.Names())

			refused := errors.New("refused")
			w, err = graph.WeightsReader{Skipped: func(string, error) error { return refused }}.Read(beside(r.dtype, r.shape, r.data))
			require.ErrorIs(t, err, refused)
			require.EqualError(t, err, `graph: WeightsReader: parameter "x": refused`)
			require.Nil(t, w)
		})
	}
}

// TestLoadSkips: Load leaves out what cannot be a parameter, and refuses a parameter that it cannot read.
func TestLoadSkips(t *testing.T) {
	const rest = `"dense1/bias":{"dtype":"I8","shape":[1],"data_offsets":[0,1]},"dense1/weight":{"dtype":%q,"shape":[2,1],"data_offsets":[1,3]}}`
	m := small(t, tensor.Float32)
	require.NoError(t, m.Load(file(`{"rng":{"dtype":"X9","shape":[5],"data_offsets":[3,4]},"none":{"dtype":"F32","shape":[0],"data_offsets":[3,3]},`+
		fmt.Sprintf(rest, "F8_E4M3"), 0xfe, 0x38, 0xc4, 0)))
	w := m.Weights()
	require.Equal(t, []float64{1, -3, -2}, []float64{at(w["dense1/weight"], 0), at(w["dense1/weight"], 1), at(w["dense1/bias"], 0)})
	require.EqualError(t, m.Load(file(`{`+fmt.Sprintf(rest, "F4"), 1, 2, 3)),
		`graph: Load: parameter "dense1/weight": got elements of "F4", want a type that is converted to float32 or float64`)
}
