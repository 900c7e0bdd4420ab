package layers_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/layers"
)

var precision = map[tensor.Dtype]golden.Tolerance{
	tensor.Float64: {Relative: 1e-10, Absolute: 1e-13},
	tensor.Float32: {Relative: 1e-5, Absolute: 1e-6},
}

var activations = map[string]graph.Layer{
	"relu": layers.ReLU{}, "sigmoid": layers.Sigmoid{}, "tanh": layers.Tanh{}, "softmax": layers.Softmax{},
	"log_softmax": layers.LogSoftmax{}, "elu": layers.ELU{}, "selu": layers.SELU{}, "gelu": layers.GELU{},
	"gelu_tanh": layers.GELU{Tanh: true}, "silu": layers.SiLU{}, "softplus": layers.Softplus{}, "softsign": layers.Softsign{},
	"hard_sigmoid": layers.HardSigmoid{}, "mish": layers.Mish{},
}

// activation returns the layer that a case's name stands for; leaky_relu's name ends with its slope.
func activation(t *testing.T, name string) graph.Layer {
	name = strings.TrimSuffix(name, "_extreme")
	if slope, ok := strings.CutPrefix(name, "leaky_relu_"); ok {
		v, err := strconv.ParseFloat(slope, 64)
		require.NoError(t, err)
		return layers.LeakyReLU{Slope: v}
	}
	l, ok := activations[name]
	require.True(t, ok, "no activation %q", name)
	return l
}

// TestActivationsAgreeWithPyTorch compares values and derivatives.
func TestActivationsAgreeWithPyTorch(t *testing.T) {
	type goldenCase struct {
		Name       string
		Input      golden.Tensor
		Output     golden.Tensor
		OutputGrad golden.Tensor `json:"output_grad"`
		InputGrad  golden.Tensor `json:"input_grad"`
	}
	for _, c := range golden.Cases[goldenCase](t, "activations.json") {
		t.Run(c.Name, func(t *testing.T) {
			l := activation(t, c.Name)
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				y := s.Apply(l, x[0])
				return []graph.Node{y, graph.Grad(y.Mul(x[1]).Sum(), x[0])[0]}
			}, c.Input.Shape, c.OutputGrad.Shape)
			require.NoError(t, err)
			for dt, limit := range precision {
				got, err := f.Call(context.Background(), c.Input.Dense(dt), c.OutputGrad.Dense(dt))
				require.NoError(t, err)
				c.Output.Equal(t, "output", got[0], limit)
				if c.Name == "hard_sigmoid" && limit.Relative < 1e-7 { // PyTorch's derivative is 1/6 rounded to float32, whatever the element type
					limit.Relative = 1e-7
				}
				c.InputGrad.Equal(t, "derivative", got[1], limit)
			}
		})
	}
}
