package layers_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/layers"
)

// attentionPrecision is the tolerance for each element type; the file's numbers have 12 digits.
var attentionPrecision = map[tensor.Dtype]golden.Tolerance{
	tensor.Float64: {Relative: 1e-9, Absolute: 1e-11},
	tensor.Float32: {Relative: 1e-4, Absolute: 5e-6},
}

// An attentionCase is a case of attention.json. Memory is the other sequence, if there is one; lengths are nil without padding.
type attentionCase struct {
	Name          string
	Layer         string
	Config        golden.Settings
	Lengths       []int
	MemoryLengths []int `json:"memory_lengths"`
	Params        map[string]golden.Tensor
	Input         golden.Tensor
	Output        golden.Tensor
	OutputGrad    golden.Tensor            `json:"output_grad"`
	InputGrad     golden.Tensor            `json:"input_grad"`
	ParamGrads    map[string]golden.Tensor `json:"param_grads"`
	Memory        *golden.Tensor
	MemoryGrad    *golden.Tensor `json:"memory_grad"`
}

// apply applies the case's layer to x[0], over x[2] if there is another sequence.
func (c attentionCase) apply(t *testing.T, s *graph.Scope, x []graph.Node) graph.Node {
	x[0] = padded(s, x[0], c.Lengths)
	var memory graph.Node
	if c.Memory != nil {
		memory = padded(s, x[2], c.MemoryLengths)
	}
	config := golden.Settings{}
	for k, v := range c.Config {
		config[k] = v
	}
	heads, width, causal, post := config.Int("heads"), config.Int("width"), config.Is("causal"), config.Is("post_norm")
	var activation graph.Layer
	if config.Is("relu") {
		activation = layers.ReLU{}
	}
	require.Empty(t, config, "settings that the test does not know")
	switch c.Layer {
	case "MultiHeadAttention":
		l := layers.MultiHeadAttention{Heads: heads, Causal: causal}
		if c.Memory != nil {
			return s.ApplyAs("layer", l.Over(memory), x[0])
		}
		return s.ApplyAs("layer", l, x[0])
	case "TransformerEncoder":
		return s.ApplyAs("layer", layers.TransformerEncoder{Heads: heads, Width: width, PostNorm: post, Activation: activation}, x[0])
	}
	return s.ApplyAs("layer", layers.TransformerDecoder{Heads: heads, Width: width, PostNorm: post, Activation: activation}.Over(memory), x[0])
}

// padded returns x with a mask of sequences of the given lengths.
func padded(s *graph.Scope, x graph.Node, lengths []int) graph.Node {
	if lengths == nil {
		return x
	}
	time := x.Dim(1)
	return x.Masked(s.Table(func(i int) float64 {
		if i%time < lengths[i/time] {
			return 1
		}
		return 0
	}, len(lengths), time))
}

// TestAttentionAgreesWithPyTorch compares values and the derivatives by both sequences and by every parameter.
func TestAttentionAgreesWithPyTorch(t *testing.T) {
	for _, c := range golden.Own[attentionCase](t, "attention.json") {
		t.Run(c.Name, func(t *testing.T) {
			shapes, sequences := [][]int{c.Input.Shape, c.OutputGrad.Shape}, []int{0}
			if c.Memory != nil {
				shapes, sequences = append(shapes, c.Memory.Shape), append(sequences, 2)
			}
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				var wrt []graph.Node
				for _, i := range sequences {
					wrt = append(wrt, x[i])
				}
				y := c.apply(t, s.TrainingMode(true), x)
				return append([]graph.Node{y.FillPadding(0)}, graph.Grad(y.Mul(x[1]).Sum(), append(wrt, s.Params()...)...)...)
			}, shapes...)
			require.NoError(t, err)
			weights := graph.Weights{}
			for name, v := range c.Params {
				weights["layer/"+name] = v.Dense(tensor.Float64)
			}
			require.NoError(t, f.SetWeights(weights))
			for dt, limit := range attentionPrecision {
				in := []*tensor.Dense{c.Input.Dense(dt), c.OutputGrad.Dense(dt)}
				if c.Memory != nil {
					in = append(in, c.Memory.Dense(dt))
				}
				got, err := f.Call(context.Background(), in...)
				require.NoError(t, err)
				c.valid().Equal(t, "output", got[0], limit)
				c.InputGrad.Equal(t, "derivative by the input", got[1], limit)
				if c.Memory != nil {
					c.MemoryGrad.Equal(t, "derivative by the other sequence", got[2], limit)
				}
				require.Len(t, f.Params(), len(c.ParamGrads))
				for i, name := range f.Params() {
					c.ParamGrads[name[len("layer/"):]].Equal(t, "derivative by "+name, got[1+len(sequences)+i], limit)
				}
			}
		})
	}
}

// valid returns the output with 0 in the padding, where PyTorch computes something else in some versions.
func (c attentionCase) valid() golden.Tensor {
	y := golden.Tensor{Shape: c.Output.Shape, Data: append([]float64(nil), c.Output.Data...)}
	time, features := y.Shape[1], y.Shape[2]
	for b, n := range c.Lengths {
		clear(y.Data[(b*time+n)*features : (b+1)*time*features])
	}
	return y
}
