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

// A recurrentCase is a case of recurrent.json.
type recurrentCase struct {
	Name, Kind   string
	Units        int
	Lengths      []int
	Params       map[string]golden.Tensor
	ParamGrads   map[string]golden.Tensor `json:"param_grads"`
	Input        golden.Tensor
	InputGrad    golden.Tensor `json:"input_grad"`
	Initial      []golden.Tensor
	InitialGrads []golden.Tensor `json:"initial_grads"`
	Output       golden.Tensor
	OutputGrad   golden.Tensor `json:"output_grad"`
	Final        []golden.Tensor
	FinalGrads   []golden.Tensor `json:"final_grads"`
}

// run runs the layer in one direction or in two.
func (c recurrentCase) run(s *graph.Scope, x graph.Node, states []graph.Node) (graph.Node, []graph.Node) {
	if c.Initial[0].Shape[0] == 2 {
		return layers.Bidirectional{Layer: c.layer()}.Run(s, x, states...)
	}
	return c.layer().Run(s, x, states...)
}

type runner interface {
	graph.Layer
	Run(s *graph.Scope, x graph.Node, states ...graph.Node) (graph.Node, []graph.Node)
}

func (c recurrentCase) layer() runner {
	switch c.Kind {
	case "LSTM":
		return layers.LSTM{Units: c.Units, ReturnSequences: true}
	case "GRU":
		return layers.GRU{Units: c.Units, ReturnSequences: true}
	}
	return layers.SimpleRNN{Units: c.Units, ReturnSequences: true}
}

// ofTorch returns PyTorch's parameter as ours: ours are transposed, and the biases of RNN and LSTM are one.
func (c recurrentCase) ofTorch(params map[string]golden.Tensor, name, suffix string) []float64 {
	switch {
	case name == "bias" && c.Kind == "GRU":
		return params["bias_ih_l0"+suffix].Data
	case name == "recurrent_bias":
		return params["bias_hh_l0"+suffix].Data
	case name == "bias":
		sum := []float64{}
		for i, v := range params["bias_ih_l0"+suffix].Data {
			sum = append(sum, v+params["bias_hh_l0"+suffix].Data[i])
		}
		return sum
	}
	p := params[map[string]string{"weight": "weight_ih_l0", "recurrent": "weight_hh_l0"}[name]+suffix]
	rows, cols := p.Shape[0], p.Shape[1]
	t := make([]float64, rows*cols)
	for i, v := range p.Data {
		t[i%cols*rows+i/cols] = v
	}
	return t
}

// states returns the states of PyTorch, (directions, batch, units) for h and for c, as ours: those of the forward copy first.
func states(list []graph.Node) (out []graph.Node) {
	for d := range list[0].Dim(0) {
		for _, h := range list {
			out = append(out, h.Slice(0, d, d+1).Reshape(h.Shape()[1:]...))
		}
	}
	return out
}

// TestPackedSequences compares the recurrent layers on masked sequences, with given initial states, with PyTorch's on packed
// ones: outputs, final states and all derivatives.
func TestPackedSequences(t *testing.T) {
	for _, c := range golden.Own[recurrentCase](t, "recurrent.json") {
		t.Run(c.Name, func(t *testing.T) {
			batch, time := c.Input.Shape[0], c.Input.Shape[1]
			valid := func(s *graph.Scope) graph.Node {
				return s.Table(func(i int) float64 {
					if i%time < c.Lengths[i/time] {
						return 1
					}
					return 0
				}, batch, time)
			}
			n := len(c.Initial)
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				initial := x[1 : 1+n]
				y, final := c.run(s, x[0].Masked(valid(s)), states(initial))
				y = y.Mul(valid(s).Reshape(batch, time, 1)) // PyTorch's are 0 in the padding
				sum := y.Mul(s.Constant(c.OutputGrad.Dense(tensor.Float64))).Sum()
				results := []graph.Node{y}
				var grads []graph.Node
				for _, g := range c.FinalGrads {
					grads = append(grads, s.Constant(g.Dense(tensor.Float64)))
				}
				for i, g := range states(grads) {
					sum = sum.Add(final[i].Mul(g).Sum())
				}
				results = append(results, final...)
				return append(results, graph.Grad(sum, append(x, s.Params()...)...)...)
			}, append([][]int{c.Input.Shape}, shapes(c.Initial)...)...)
			require.NoError(t, err)
			weights := f.Weights()
			names := f.Params()
			suffix := func(name string) (string, string) {
				for _, dir := range []string{"forward/", "backward/"} {
					if len(name) > len(dir) && name[:len(dir)] == dir {
						return name[len(dir):], map[string]string{"backward/": "_reverse"}[dir]
					}
				}
				return name, ""
			}
			for _, name := range names {
				short, dir := suffix(name)
				copy(weights[name].Float64s(), c.ofTorch(c.Params, short, dir))
			}
			require.NoError(t, f.SetWeights(weights))
			in := []*graph.Tensor{c.Input.Dense(tensor.Float64)}
			for _, h := range c.Initial {
				in = append(in, h.Dense(tensor.Float64))
			}
			got, err := f.Call(context.Background(), in...)
			require.NoError(t, err)
			limit := precision[tensor.Float64]
			c.Output.Equal(t, "output", got[0], limit)
			dirs := c.Initial[0].Shape[0]
			for i, h := range got[1 : 1+n*dirs] {
				want := c.Final[i%n]
				size := len(want.Data) / dirs
				golden.Tensor{Shape: want.Shape[1:], Data: want.Data[i/n*size : (i/n+1)*size]}.Equal(t, "final state", h, limit)
			}
			got = got[1+n*dirs:]
			c.InputGrad.Equal(t, "derivative by the input", got[0], limit)
			for i, g := range c.InitialGrads {
				g.Equal(t, "derivative by an initial state", got[1+i], limit)
			}
			for i, name := range names {
				short, dir := suffix(name)
				if short == "bias" && c.Kind != "GRU" { // each of PyTorch's two has the whole derivative
					short = "recurrent_bias"
				}
				want := golden.Tensor{Shape: got[1+n+i].Shape(), Data: c.ofTorch(c.ParamGrads, short, dir)}
				want.Equal(t, "derivative by "+name, got[1+n+i], limit)
			}
		})
	}
}

func shapes(list []golden.Tensor) (s [][]int) {
	for _, x := range list {
		s = append(s, x.Shape)
	}
	return s
}
