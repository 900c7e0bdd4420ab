package onnx_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/layers"
)

// maskedRecurrent are recurrent layers with the operators that they are written as.
var maskedRecurrent = []struct {
	name      string
	layer     graph.Layer
	operators []string
	states    []string // names of inputs
}{
	{"rnn", layers.SimpleRNN{Units: 2}, []string{"RNN"}, nil},
	{"rnn, reverse", layers.SimpleRNN{Units: 2, ReturnSequences: true, Reverse: true}, []string{"RNN"}, nil},
	{"lstm", layers.LSTM{Units: 2, FinalState: []string{"last h", "last c"}}, []string{"LSTM"}, nil},
	{"gru, states", layers.GRU{Units: 2, ReturnSequences: true, InitialState: []string{"h"}, FinalState: []string{"last h"}}, []string{"GRU"}, []string{"h"}},
	{"gru, states, reverse", layers.GRU{Units: 2, ReturnSequences: true, InitialState: []string{"h"}, Reverse: true, FinalState: []string{"last h"}}, []string{"GRU"}, []string{"h"}},
	{"both ways, states", layers.Bidirectional{Layer: layers.LSTM{Units: 2, ReturnSequences: true, InitialState: []string{"h", "c", "h back", "c back"},
		FinalState: []string{"last h", "last c", "first h", "first c"}}}, []string{"LSTM", "LSTM"}, []string{"h", "c", "h back", "c back"}},
	{"two layers", layers.Sequential{layers.Bidirectional{Layer: layers.GRU{Units: 2, ReturnSequences: true}}, layers.LSTM{Units: 2}}, []string{"GRU", "GRU", "LSTM"}, nil},
}

// TestMaskedRecurrent: recurrent layers of sequences with padding are written as the operators of ONNX, with the lengths of the
// sequences. Networks that are read compute the same, and are written as the same operators again.
func TestMaskedRecurrent(t *testing.T)        { checkMasked(t, nil) }
func TestMaskedRecurrentRuntime(t *testing.T) { checkMasked(t, ort.Start(t)) }

func checkMasked(t *testing.T, r *ort.Runtime) {
	for _, l := range maskedRecurrent {
		for _, mask := range []graph.Layer{layers.Lengths{}, layers.Masking{Value: 9}} {
			for _, time := range []int{5, graph.Any} {
				t.Run(fmt.Sprintf("%s, %T, %d", l.name, mask, time), func(t *testing.T) {
					x, lengths := padded(mask)
					inputs, in := map[string][]int{}, map[string]*graph.Tensor{graph.MainInput: x}
					for i, name := range l.states {
						inputs[name], in[name] = []int{2}, samples(4, []int{2}, tensor.Float32)
						for k := range 8 {
							shift(in[name], k, float64(i))
						}
					}
					if _, ok := mask.(layers.Lengths); ok {
						inputs["lengths"], in["lengths"] = []int{}, lengths
					}
					m, err := graph.Compile(layers.Sequential{mask, l.layer}, graph.Config{Input: []int{time, 3}, Inputs: inputs, Seed: 3})
					require.NoError(t, err)
					want, err := m.PredictAll(t.Context(), in)
					require.NoError(t, err)
					file := written(t, m)
					for range 2 {
						require.Equal(t, l.operators, recurrentOperators(t, file))
						if r != nil {
							out, err := r.RunAll(file, in)
							require.NoError(t, err)
							equalAll(t, want, out, 1e-5)
						}
						again := imported(t, file)
						out, err := again.PredictAll(t.Context(), in)
						require.NoError(t, err)
						equalAll(t, want, out, 1e-5)
						file = written(t, again)
					}
				})
			}
		}
	}
}

// padded returns sequences of 3 features and their lengths. For a Masking layer, the padding is anywhere.
func padded(mask graph.Layer) (x, lengths *graph.Tensor) {
	x = samples(4, []int{5, 3}, tensor.Float32)
	n := []float32{5, 2, 1, 3}
	for row, length := range n {
		for at := range 5 {
			valid := float32(at) < length
			if _, ok := mask.(layers.Masking); ok {
				valid = row != 2 && (at*row)%3 != 1 // in the middle, and all of row 2
			}
			if !valid {
				copy(x.Float32s()[(row*5+at)*3:][:3], []float32{9, 9, 9})
			}
		}
	}
	return x, tensor.New(tensor.WithShape(4), tensor.WithBacking(n))
}
