package graph_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/layers"
)

// halves lists the types of Half.
var halves = []graph.Half{graph.Float16, graph.BFloat16}

// halfWeights returns the file of one tensor, named x.
func halfWeights[T graph.Float](t testing.TB, h graph.Half, values []T) []byte {
	t.Helper()
	var b bytes.Buffer
	x := tensor.New(tensor.WithShape(len(values)), tensor.WithBacking(values))
	require.NoError(t, h.WriteWeights(&b, graph.Weights{"x": x}, nil))
	return b.Bytes()
}

// TestHalfKeeps: all 65,536 numbers of each type are read and written back with the same bits, except that a NaN becomes a quiet one.
func TestHalfKeeps(t *testing.T) {
	for i, h := range halves {
		t.Run(h.String(), func(t *testing.T) {
			data := make([]byte, 2<<16)
			for i := range 1 << 16 {
				binary.LittleEndian.PutUint16(data[2*i:], uint16(i))
			}
			header := fmt.Sprintf(`{"x":{"dtype":%q,"shape":[65536],"data_offsets":[0,131072]}}`, []string{"F16", "BF16"}[i])
			w, err := graph.ReadWeights(file(header, data...))
			require.NoError(t, err)
			single := w["x"].Float32s()
			double := make([]float64, len(single))
			quiet := uint16([]int{0x200, 0x40}[i])
			for k, v := range single {
				double[k] = float64(v)
				if v != v {
					binary.LittleEndian.PutUint16(data[2*k:], uint16(k)|quiet)
				}
			}
			for _, written := range [][]byte{halfWeights(t, h, single), halfWeights(t, h, double)} {
				require.Equal(t, data, written[len(written)-len(data):])
			}
		})
	}
}

// A halfCase is what PyTorch computes for one type.
type halfCase struct {
	Type    string
	Numbers []uint32 // bits of float32
	Rounded []uint16
	File    []byte // of a network with weights of 16 bits
	Input   golden.Tensor
	Output  golden.Tensor
}

// TestHalfRounds: numbers are rounded as PyTorch rounds them; those that become infinite there are errors here.
func TestHalfRounds(t *testing.T) {
	for i, c := range golden.Cases[halfCase](t, "half.json") {
		h := halves[i]
		t.Run(c.Type, func(t *testing.T) {
			require.Equal(t, c.Type, h.String())
			overflows := 0
			for k, b := range c.Numbers {
				v := math.Float32frombits(b)
				if c.Rounded[k]&0x7fff == []uint16{0x7c00, 0x7f80}[i] {
					overflows++
					x := tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{v}))
					err := h.WriteWeights(new(bytes.Buffer), graph.Weights{"x": x}, nil)
					require.ErrorContains(t, err, fmt.Sprintf(`parameter "x": element 0: got %v, want a magnitude of at most `, v))
					continue
				}
				for _, file := range [][]byte{halfWeights(t, h, []float32{v}), halfWeights(t, h, []float64{float64(v)})} {
					require.Equal(t, c.Rounded[k], binary.LittleEndian.Uint16(file[len(file)-2:]), "%v", v)
				}
			}
			require.Greater(t, overflows, 3)
		})
	}
}

// TestHalfRoundsOnce: a float64 that lies just beside the middle of two numbers becomes the nearer one, not the even one.
func TestHalfRoundsOnce(t *testing.T) {
	for i, step := range []float64{0x1p-10, 0x1p-7} { // of the numbers from 1 to 2
		h, one := halves[i], []uint16{0x3c00, 0x3f80}[i]
		t.Run(h.String(), func(t *testing.T) {
			const little = 0x1p-40
			x := []float64{1 + step/2 - little, 1 + step/2, 1 + step/2 + little, 1 + 3*step/2 - little, -1 - step/2 - little,
				math.SmallestNonzeroFloat64, -1e-300, math.Inf(-1)}
			want := []uint16{one, one, one + 1, one + 1, one + 1 | 0x8000, 0, 0x8000, []uint16{0xfc00, 0xff80}[i]}
			file := halfWeights(t, h, x)
			for k := range x {
				require.Equal(t, want[k], binary.LittleEndian.Uint16(file[len(file)-2*len(x)+2*k:]), "%v", x[k])
			}
		})
	}
}

// TestHalfFromPyTorch: weights of 16 bits that PyTorch wrote are read without rounding, and the network computes what it computes there.
func TestHalfFromPyTorch(t *testing.T) {
	for _, c := range golden.Cases[halfCase](t, "half.json") {
		t.Run(c.Type, func(t *testing.T) {
			w, err := graph.ReadWeights(bytes.NewReader(c.File))
			require.NoError(t, err)
			w["0.weight"], w["2.weight"] = transposed(t, w["0.weight"]), transposed(t, w["2.weight"])
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 16}, layers.Tanh{}, layers.Dense{Units: 3}}, graph.Config{Input: []int{5}, DType: dt})
				require.NoError(t, err)
				require.NoError(t, m.SetWeights(graph.Weights{
					"dense1/weight": w["0.weight"], "dense1/bias": w["0.bias"], "dense2/weight": w["2.weight"], "dense2/bias": w["2.bias"],
				}))
				y, err := m.Predict(context.Background(), c.Input.Dense(dt))
				require.NoError(t, err)
				for k, want := range c.Output.Data {
					require.InDelta(t, want, at(y, k), map[tensor.Dtype]float64{tensor.Float32: 1e-6, tensor.Float64: 1e-14}[dt])
				}
			}
		})
	}
}
