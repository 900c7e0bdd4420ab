package layers_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
)

// layerPrecision is the tolerance for each element type.
var layerPrecision = map[tensor.Dtype]golden.Tolerance{
	tensor.Float64: {Relative: 1e-9, Absolute: 1e-13},
	tensor.Float32: {Relative: 1e-4, Absolute: 1e-6},
}

// A layerCase is a case of layers.json.
type layerCase struct {
	Name          string
	Config        golden.Settings
	Training      bool
	Params        map[string]golden.Tensor
	Input         golden.Tensor
	Output        golden.Tensor
	OutputGrad    golden.Tensor            `json:"output_grad"`
	InputGrad     *golden.Tensor           `json:"input_grad"`
	ParamGrads    map[string]golden.Tensor `json:"param_grads"`
	BuffersBefore map[string]golden.Tensor `json:"buffers_before"`
	BuffersAfter  map[string]golden.Tensor `json:"buffers_after"`
}

// layer returns the layer of the case.
func (c layerCase) layer(t *testing.T) graph.Layer {
	kind := c.Config.Text("layer")
	build := goldenLayers[kind]
	require.NotNil(t, build, "no layer %q", kind)
	if kind == "LayerNorm" { // PyTorch's weight has the shape of the normalized dimensions
		c.Config["dims"] = float64(len(c.Params["weight"].Shape))
	}
	l := build(c.Config)
	require.Empty(t, c.Config, "settings that the test does not know")
	return l
}

// again returns a copy of the case whose settings can be read again.
func (c layerCase) again() layerCase {
	c.Config = maps.Clone(c.Config)
	return c
}

// A source says how PyTorch stores a parameter of ours: under another name, perhaps transposed, or as the sum of two
// parameters, each with the derivative of the sum.
type source struct {
	name, plus string
	transposed bool
}

// source returns the source of a parameter: by default the parameter of the same name inside the layer.
func (c layerCase) source(kind, name string) source {
	name = strings.TrimPrefix(name, "layer/")
	if s, ok := sources[kind][name]; ok {
		return s
	}
	return source{name: name}
}

// value returns a parameter of ours, made from PyTorch's; sum adds the second one.
func (s source) value(t *testing.T, from map[string]golden.Tensor, sum bool) golden.Tensor {
	v, ok := from[s.name]
	require.True(t, ok, "no parameter %q", s.name)
	v.Data = append([]float64(nil), v.Data...)
	if s.plus != "" && sum {
		for i, x := range from[s.plus].Data {
			v.Data[i] += x
		}
	}
	if s.transposed {
		rows, cols := v.Shape[0], v.Shape[1]
		data := make([]float64, len(v.Data))
		for i, x := range v.Data {
			data[i%cols*rows+i/cols] = x
		}
		v = golden.Tensor{Shape: []int{cols, rows}, Data: data}
	}
	return v
}

// weights returns the values of the parameters with the given names.
func (c layerCase) weights(t *testing.T, kind string, names []string) graph.Weights {
	all := map[string]golden.Tensor{}
	for _, m := range []map[string]golden.Tensor{c.Params, c.BuffersBefore} {
		for name, v := range m {
			all[name] = v
		}
	}
	w := graph.Weights{}
	for _, name := range names {
		w[name] = c.source(kind, name).value(t, all, true).Dense(tensor.Float64)
	}
	return w
}

// TestLayersAgreeWithPyTorch compares values and the derivatives by the input and by every parameter.
func TestLayersAgreeWithPyTorch(t *testing.T) {
	for _, c := range slices.Concat(golden.Cases[layerCase](t, "layers.json"), golden.Own[layerCase](t, "resize.json")) {
		t.Run(c.Name, func(t *testing.T) {
			kind, _ := c.Config["layer"].(string)
			l := c.layer(t)
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				y := s.TrainingMode(c.Training).ApplyAs("layer", l, x[0])
				return append([]graph.Node{y}, graph.Grad(y.Mul(x[1]).Sum(), append([]graph.Node{x[0]}, s.Params()...)...)...)
			}, c.Input.Shape, c.OutputGrad.Shape)
			require.NoError(t, err)
			require.NoError(t, f.SetWeights(c.weights(t, kind, f.Weights().Names())))
			for dt, limit := range layerPrecision {
				got, err := f.Call(context.Background(), c.Input.Dense(dt), c.OutputGrad.Dense(dt))
				require.NoError(t, err)
				c.Output.Equal(t, "output", got[0], limit)
				if c.InputGrad != nil {
					c.InputGrad.Equal(t, "derivative by the input", got[1], limit)
				}
				left := len(c.ParamGrads)
				for i, name := range f.Params() {
					s := c.source(kind, name)
					s.value(t, c.ParamGrads, false).Equal(t, "derivative by "+name, got[2+i], limit)
					if left--; s.plus != "" {
						left--
					}
				}
				require.Zero(t, left, "PyTorch's parameters without one of ours")
			}
		})
	}
}
