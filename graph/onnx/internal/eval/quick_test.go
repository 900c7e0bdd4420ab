package eval

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestQuickForms: the kernels of float32 compute what the operators compute in float64, on shapes that broadcast, and for NaN, infinities
// and zeros.
func TestQuickForms(t *testing.T) {
	special := []float64{0, math.Copysign(0, -1), 1, -2, 3.5, 100, -100, math.NaN(), math.Inf(1), math.Inf(-1), 1e-30, 0.25}
	filled := func(shape ...int) *Tensor {
		v := make([]float64, sizeOf(shape))
		for i := range v {
			v[i] = special[(i*7+len(shape))%len(special)]
		}
		return of(shape, v)
	}
	end := func(v float64) *Tensor { return of([]int{}, []float64{v}) }
	shapes := [][2]*Tensor{
		{filled(3, 17), filled(3, 17)}, {filled(3, 17), filled(17)}, {filled(17), filled(3, 17)}, {filled(3, 17), filled(3, 1)}, {filled(3, 1), filled(3, 17)},
		{filled(2, 3, 4), filled(3, 1)}, {filled(0, 4), filled(4)}, {filled(), filled(5)}, {filled(5), filled()}, {filled(), filled()}, {filled(2, 1), filled(1, 2)},
		{filled(2, 1, 33), filled(2, 1)}, {filled(1, 4, 1), filled(2, 1, 3)},
	}
	var cases []struct {
		operator string
		inputs   []*Tensor
	}
	add := func(operator string, inputs ...*Tensor) {
		cases = append(cases, struct {
			operator string
			inputs   []*Tensor
		}{operator, inputs})
	}
	for _, s := range shapes {
		for _, operator := range []string{"Add", "Sub", "Mul", "Div", "Max", "Min"} {
			add(operator, s[0], s[1])
		}
		add("Pow", s[0], end(2))
	}
	for _, operator := range []string{"Exp", "Log", "Sqrt", "Erf", "Tanh", "Sigmoid", "Relu"} {
		add(operator, filled(5, 7))
		add(operator, filled(0))
	}
	add("LeakyRelu", filled(5, 7))
	add("Max", filled(40), end(math.NaN()))
	add("Min", filled(40), end(math.NaN()))
	add("Clip", filled(40), end(-2), end(3))
	add("Clip", filled(40), end(math.NaN()), end(3))
	add("Clip", filled(40), nil, end(-1))
	add("Clip", filled(40), end(5), end(-5))
	add("BatchNormalization", filled(3, 2, 6), of([]int{2}, []float64{2, -1}), of([]int{2}, []float64{0, 3}), of([]int{2}, []float64{0.5, -1}), of([]int{2}, []float64{1, 4}))
	for _, operator := range []string{"Softmax", "LogSoftmax"} {
		add(operator, filled(5, 7))
		add(operator, of([]int{2, 3}, []float64{1, 2, 3, -100, 0, 5}))
		add(operator, filled(3, 0))
	}
	for _, operator := range []string{"GlobalAveragePool", "GlobalMaxPool"} {
		add(operator, filled(2, 3, 7))
		add(operator, filled(2, 3, 1, 1))
	}
	for _, scales := range [][]float64{{1, 2, 3}, {1, 0.5, 1}, {2, 1, 0.3}, {1, 1, 1}} {
		add("Resize", filled(2, 5, 7), nil, of([]int{3}, scales))
	}
	add("Max", filled(4))
	add("Sum", filled(4))
	for i, c := range cases {
		t.Run(fmt.Sprint(i, " ", c.operator), func(t *testing.T) {
			m := &proto.Model{Opsets: []proto.Opset{{Version: 15}}, Graph: proto.Graph{Nodes: []proto.Node{{Operator: c.operator, Outputs: []string{"y"}}}, Outputs: []proto.Value{{Name: "y"}}}}
			values := [2]map[string]*Tensor{{}, {}}
			for k, x := range c.inputs {
				name := ""
				if x != nil {
					name = fmt.Sprint("x", k)
					values[0][name], values[1][name] = x.as(proto.Float32), x
					m.Graph.Inputs = append(m.Graph.Inputs, proto.Value{Name: name})
				}
				m.Graph.Nodes[0].Inputs = append(m.Graph.Nodes[0].Inputs, name)
			}
			p, err := Compile(m, 1<<10)
			if err != nil {
				t.Fatal(err)
			}
			var got [2][]float64
			for k, in := range values {
				out, err := p.Run(context.Background(), in, []string{"y"}, small, 1)
				if err != nil {
					t.Fatal(err)
				}
				got[k] = out[0].as(proto.Float32).Doubles()
			}
			if len(got[0]) != len(got[1]) {
				t.Fatalf("got %d elements, want %d", len(got[0]), len(got[1]))
			}
			for k, want := range got[1] {
				v := got[0][k]
				if near := math.Abs(v-want) <= 1e-6*math.Abs(want)+1e-7; !near && v != want && !(math.IsNaN(v) && math.IsNaN(want)) {
					t.Errorf("element %d: got %v, want %v", k, v, want)
				}
			}
		})
	}
}
