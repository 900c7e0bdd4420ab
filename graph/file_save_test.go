package graph_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// saved returns the bytes that Save writes.
func saved(t testing.TB, m *graph.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}

// written returns the bytes that WriteWeights writes for the parameters.
func written(t testing.TB, m *graph.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, graph.WriteWeights(&b, m.Weights(), nil))
	return b.Bytes()
}

// TestSaveRoundTrip: a loaded model has the same bits and predicts the same, in both element types, also with negative zeros,
// subnormal numbers, infinities and NaN.
func TestSaveRoundTrip(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		t.Run(dt.String(), func(t *testing.T) {
			m, data := regression(t, graph.Config{DType: dt, Seed: 1})
			_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 2, BatchSize: 8})
			require.NoError(t, err)
			other, _ := regression(t, graph.Config{DType: dt, Seed: 2})
			require.NotEqual(t, written(t, m), written(t, other))
			require.NoError(t, other.Load(bytes.NewReader(saved(t, m))))
			require.Equal(t, bits(m.Weights()), bits(other.Weights()))
			want, err := m.Predict(context.Background(), data.X)
			require.NoError(t, err)
			got, err := other.Predict(context.Background(), data.X)
			require.NoError(t, err)
			require.Equal(t, want.Data(), got.Data())

			w := m.Weights()
			if dt == tensor.Float32 {
				copy(w["dense1/bias"].Float32s(), []float32{float32(math.Copysign(0, -1)), math.SmallestNonzeroFloat32,
					float32(math.Inf(-1)), math.Float32frombits(0x7f800001), math.Float32frombits(0xffc12345)})
			} else {
				copy(w["dense1/bias"].Float64s(), []float64{math.Copysign(0, -1), math.SmallestNonzeroFloat64,
					math.Inf(-1), math.Float64frombits(0x7ff0000000000001), math.Float64frombits(0xfff8000000012345)})
			}
			require.NoError(t, m.SetWeights(w))
			require.NoError(t, other.Load(bytes.NewReader(saved(t, m))))
			require.Equal(t, written(t, m), written(t, other))
		})
	}
}

// TestSaveFormat reads a file as another program would, from the description of the format.
func TestSaveFormat(t *testing.T) {
	m, _ := regression(t, graph.Config{})
	file := saved(t, m)
	n := binary.LittleEndian.Uint64(file)
	header, data := file[8:8+n], file[8+n:]
	require.Zero(t, n%8)
	var metadata struct {
		M map[string]string `json:"__metadata__"`
	}
	require.NoError(t, json.Unmarshal(header, &metadata))
	require.Equal(t, "nndiy", metadata.M["format"])
	require.Equal(t, "2", metadata.M["version"])
	require.Equal(t, `{"Net":{"type":"layers.Sequential","value":[{"type":"layers.Dense","Units":16},{"type":"layers.Tanh"},`+
		`{"type":"layers.Dropout","Rate":0.1},{"type":"layers.Dense","Units":2}]},"Config":{"Input":[5],"DType":"float32"}}`, metadata.M["network"])
	require.Equal(t, `{"Input":[5],"Loss":{"type":"losses.MeanSquaredError"},"Optimizer":{"type":"optimizers.Adam","LearningRate":0.01},`+
		`"DType":"float32"}`, metadata.M["config"])
	require.Equal(t, "{}", metadata.M["model"])
	type entry struct {
		DType   string `json:"dtype"`
		Shape   []int  `json:"shape"`
		Offsets [2]int `json:"data_offsets"`
	}
	tensors := map[string]entry{}
	require.NoError(t, json.Unmarshal(header, &tensors))
	delete(tensors, "__metadata__")
	w := m.Weights()
	require.Len(t, tensors, len(w))
	at := 0
	for _, name := range w.Names() { // the data is in alphabetical order
		e := tensors[name]
		require.Equal(t, "F32", e.DType)
		require.Equal(t, []int(w[name].Shape()), e.Shape)
		require.Equal(t, at, e.Offsets[0])
		for _, v := range w[name].Float32s() {
			require.Equal(t, math.Float32bits(v), binary.LittleEndian.Uint32(data[at:]))
			at += 4
		}
		require.Equal(t, at, e.Offsets[1])
	}
	require.Len(t, data, at)
}

// TestSavePart: a part of a model saves and loads only its own parameters, under their names in the whole model.
func TestSavePart(t *testing.T) {
	whole := func(seed uint64) (m, part *graph.Model) {
		m, err := graph.Compile(layers.Sequential{
			layers.Named("encoder", layers.Sequential{layers.Dense{Units: 3}, layers.Tanh{}}), layers.Named("encoder2", layers.Dense{Units: 5}),
		}, graph.Config{Input: []int{5}, Seed: seed})
		require.NoError(t, err)
		part, err = m.Sub("encoder")
		require.NoError(t, err)
		return m, part
	}
	m, part := whole(1)
	w, err := graph.ReadWeights(bytes.NewReader(saved(t, part)))
	require.NoError(t, err)
	require.Equal(t, []string{"encoder/dense1/bias", "encoder/dense1/weight"}, w.Names())

	other, otherPart := whole(2)
	before := other.Weights()
	require.ErrorContains(t, other.Load(bytes.NewReader(saved(t, part))), `got no "encoder2/weight", "encoder2/bias"`)
	require.ErrorContains(t, otherPart.Load(bytes.NewReader(saved(t, m))), `got "encoder2/bias", "encoder2/weight", want no`)
	require.Equal(t, bits(before), bits(other.Weights()))
	require.NoError(t, otherPart.Load(bytes.NewReader(saved(t, part))))
	require.Equal(t, bits(w), bits(otherPart.Weights()))
	require.Equal(t, before["encoder2/weight"].Data(), other.Weights()["encoder2/weight"].Data())
	require.NoError(t, part.SetWeights(part.Weights()))
}

// adding is an optimizer that adds 1 to every weight in each step.
type adding struct{ frozen }

func (adding) Update32(u graph.Update[float32]) {
	for i := range u.Weights {
		u.Weights[i]++
	}
}

// TestSaveWhileTraining: a file saved during Fit, from another goroutine or from a callback, has the weights of one step.
func TestSaveWhileTraining(t *testing.T) {
	m, data := regression(t, graph.Config{Optimizer: adding{}})
	zeros := m.Weights()
	for _, w := range zeros {
		clear(w.Float32s())
	}
	require.NoError(t, m.SetWeights(zeros))
	one := func() float32 { // the value that all saved weights have
		w, err := graph.ReadWeights(bytes.NewReader(saved(t, m)))
		require.NoError(t, err)
		first := w["dense1/bias"].Float32s()[0]
		for _, name := range w.Names() {
			for _, v := range w[name].Float32s() {
				require.Equal(t, first, v)
			}
		}
		return first
	}
	const steps = 200
	var done sync.WaitGroup
	done.Go(func() {
		for one() < steps {
		}
	})
	_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: steps, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
			if e == graph.StepEnd {
				require.Equal(t, float32(r.Total), one())
			}
			return nil
		})}})
	require.NoError(t, err)
	done.Wait()
}

// TestWeightsFiles: weights are written with metadata and read without a model; a transposed view is written in row order.
func TestWeightsFiles(t *testing.T) {
	w := graph.Weights{
		"single":     tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6})),
		"double":     random(1, 4, 1, 2),
		"scalar":     tensor.New(tensor.WithShape(), tensor.WithBacking([]float64{7})),
		"transposed": transposed(t, tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 3, 5, 2, 4, 6}))),
	}
	var b bytes.Buffer
	require.NoError(t, graph.WriteWeights(&b, w, map[string]string{"by": "a test"}))
	require.Contains(t, b.String(), `{"__metadata__":{"by":"a test"},"double":{"dtype":"F64","shape":[4,1,2],"data_offsets":[0,64]},"scalar"`)
	got, err := graph.ReadWeights(&b)
	require.NoError(t, err)
	require.Equal(t, w.Names(), got.Names())
	for name, want := range map[string]any{"single": w["single"].Data(), "double": w["double"].Data(), "transposed": []float32{1, 2, 3, 4, 5, 6}} {
		require.Equal(t, []int(w[name].Shape()), []int(got[name].Shape()))
		require.Equal(t, want, got[name].Data(), name)
	}
	require.Equal(t, []float64{7}, got["scalar"].Float64s())
	require.Empty(t, got["scalar"].Shape())

	for name, r := range map[string]struct {
		x    *tensor.Dense
		want string
	}{
		"no tensor": {nil, `graph: WriteWeights: parameter "x": got no tensor`},
		"integers": {tensor.New(tensor.WithShape(1), tensor.WithBacking([]int{1})),
			`graph: WriteWeights: parameter "x": got elements of int, want float32 or float64`},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, graph.WriteWeights(&b, graph.Weights{"x": r.x}, nil), r.want)
		})
	}
	require.ErrorContains(t, graph.WriteWeights(&b, nil, map[string]string{"x": "\xff"}), "graph: WriteWeights: safetensors: metadata")
	_, err = graph.ReadWeights(&b)
	require.ErrorContains(t, err, "graph: ReadWeights: safetensors: the header's length: got 0 bytes")
}
