package graph_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// rounded returns a file of Save, with a valid checksum, in which the tensors of float32 that choose names are cut to BF16.
func rounded(t testing.TB, saved []byte, choose func(name string) bool) []byte {
	t.Helper()
	n := binary.LittleEndian.Uint64(saved)
	var header map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(saved[8:8+n], &header))
	var data []byte
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if name == "__metadata__" {
			continue
		}
		var e struct {
			DType   string `json:"dtype"`
			Shape   []int  `json:"shape"`
			Offsets [2]int `json:"data_offsets"`
		}
		require.NoError(t, json.Unmarshal(header[name], &e))
		old := saved[8+int(n):][e.Offsets[0]:e.Offsets[1]]
		e.Offsets[0] = len(data)
		if choose(name) {
			e.DType = "BF16"
			for i := 0; i < len(old); i += 4 {
				data = append(data, old[i+2:i+4]...)
			}
		} else {
			data = append(data, old...)
		}
		e.Offsets[1] = len(data)
		text, err := json.Marshal(e)
		require.NoError(t, err)
		header[name] = text
	}
	text, err := json.Marshal(header)
	require.NoError(t, err)
	var b bytes.Buffer
	_, err = file(string(text), data...).WriteTo(&b)
	require.NoError(t, err)
	sealed, err := graph.Reseal(b.Bytes(), nil)
	require.NoError(t, err)
	return sealed
}

// TestHalfHostile: Open reads parameters of 16 bits in any file, and nothing else of 16 bits; a damaged file is an error.
func TestHalfHostile(t *testing.T) {
	m, data := regression(t, graph.Config{Seed: 6})
	_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 1, BatchSize: 8})
	require.NoError(t, err)
	whole := saved(t, m)
	isParameter := func(name string) bool { return !strings.HasPrefix(name, "/") }
	o, err := graph.ReadModel(bytes.NewReader(rounded(t, whole, isParameter)))
	require.NoError(t, err)
	for name, w := range m.Weights() {
		for k, v := range w.Float32s() {
			require.InDelta(t, v, o.Weights()[name].Float32s()[k], 0x1p-7*max(float64(v), -float64(v)))
		}
	}
	_, err = o.Fit(context.Background(), data, graph.FitConfig{Epochs: 1, BatchSize: 8})
	require.NoError(t, err)

	half := halfSaved(t, graph.Float16, m)
	for name, r := range map[string]struct {
		file []byte
		want string
	}{
		"state of the optimizer": {rounded(t, whole, func(name string) bool { return name == "/optimizer/1/dense2/weight" }),
			"tensor /optimizer/1/dense2/weight: got BF16 of shape [16 2], want F32 of shape [16 2]"},
		"integers": {resealed(t, bytes.ReplaceAll(half, []byte(`"F16"`), []byte(`"I16"`))), "got I16 of shape [5 16], want F32 of shape [5 16]"},
		"another shape": {resealed(t, bytes.Replace(half, []byte(`"shape":[5,16]`), []byte(`"shape":[16,5]`), 1)),
			"tensor dense1/weight: got F16 of shape [16 5], want F32 of shape [5 16]"},
		"wider":     {bytes.ReplaceAll(half, []byte(`"F16"`), []byte(`"F32"`)), "safetensors: "},
		"truncated": {half[:len(half)-1], "safetensors: the data: got "},
		"a bit":     {append(bytes.Clone(half[:len(half)-1]), half[len(half)-1]^1), "the file is damaged: got checksum "},
		"another seed": {resealed(t, bytes.Replace(half, []byte(`"model":"{\"seed\":6}"`), []byte(`"model":"{\"seed\":7}"`), 1)),
			"Seed: got 7 in the file, want 6"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := graph.ReadModel(bytes.NewReader(r.file))
			require.ErrorContains(t, err, r.want)
		})
	}

	path := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, os.WriteFile(path, half, 0o600))
	before := saved(t, m)
	_, err = m.Fit(context.Background(), data, graph.FitConfig{Epochs: 2, BatchSize: 8, Resume: path})
	require.ErrorContains(t, err, "got a file without the state of a run, want a checkpoint")
	require.Equal(t, before, saved(t, m))
}

func resealed(t testing.TB, file []byte) []byte {
	t.Helper()
	sealed, err := graph.Reseal(file, nil)
	require.NoError(t, err)
	return sealed
}

// TestHalfLimits: a halved file may describe as large a network as the full one.
func TestHalfLimits(t *testing.T) {
	const header = `{"x":{"dtype":%q,"shape":[1024],"data_offsets":[0,%d]}}`
	full, half := file(fmt.Sprintf(header, "F32", 4096), make([]byte, 4096)...), file(fmt.Sprintf(header, "BF16", 2048), make([]byte, 2048)...)
	want, err := graph.FileSize(full)
	require.NoError(t, err)
	got, err := graph.FileSize(half)
	require.NoError(t, err)
	require.Equal(t, want, got)
}
