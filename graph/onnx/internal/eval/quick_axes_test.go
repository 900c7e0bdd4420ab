package eval

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestQuickAxes: poolings and transposed convolutions over one and two axes, which the kernels compute, give what they give over three,
// where the first ones have one element, in plain Go.
func TestQuickAxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		operator := []string{"MaxPool", "AveragePool", "ConvTranspose"}[i%3]
		n := 1 + i/3%2
		more := 3 - n
		list := func(least, most int, first int64) []int64 {
			out := make([]int64, n)
			for k := range out {
				out[k] = int64(least + rng.IntN(most-least+1))
			}
			return append(slices.Repeat([]int64{first}, more), out...)
		}
		size := list(1, 3, 1)
		before, after := list(0, int(slices.Min(size[more:]))-1, 0), list(0, int(slices.Min(size[more:]))-1, 0)
		attributes := map[string][]int64{"kernel_shape": size, "strides": list(1, 3, 1), "pads": append(before, after...), "dilations": list(1, 2, 1)}
		single := map[string]int64{}
		shape, groups := []int{1 + rng.IntN(2), 4}, 1
		for range n {
			shape = append(shape, 6+rng.IntN(8))
		}
		switch operator {
		case "MaxPool":
			single["ceil_mode"] = int64(rng.IntN(2))
		case "AveragePool":
			single["ceil_mode"], single["count_include_pad"] = int64(rng.IntN(2)), int64(rng.IntN(2))
		default:
			groups = 1 + rng.IntN(2)
			single["group"], attributes["output_padding"] = int64(groups), list(0, 2, 0)
		}
		x := make([]float64, sizeOf(shape))
		for k := range x {
			if x[k] = rng.NormFloat64(); operator == "MaxPool" && k%19 == 0 {
				x[k] = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0}[k/19%4]
			}
		}
		inputs := []*Tensor{of(shape, x)}
		if operator == "ConvTranspose" {
			w := []int{4, 3}
			for _, d := range size[more:] {
				w = append(w, int(d))
			}
			v := make([]float64, sizeOf(w))
			for k := range v {
				v[k] = rng.NormFloat64()
			}
			inputs = append(inputs, of(w, v), of([]int{3 * groups}, v[:3*groups]))
		}
		for _, kind := range []proto.ElementType{proto.Float32, proto.Float64} {
			t.Run(fmt.Sprint(i, " ", operator, " ", n, " ", kind), func(t *testing.T) {
				run := func(skip int) (*Tensor, error) {
					node := proto.Node{Operator: operator, Outputs: []string{"y"}}
					for name, v := range single {
						node.Attributes = append(node.Attributes, proto.Attribute{Name: name, Kind: proto.Int, Int: v})
					}
					for name, v := range attributes {
						if name == "pads" {
							v = append(slices.Clone(v[skip:3]), v[3+skip:]...)
						} else {
							v = v[skip:]
						}
						node.Attributes = append(node.Attributes, proto.Attribute{Name: name, Kind: proto.Ints, Ints: v})
					}
					m := &proto.Model{Opsets: []proto.Opset{{Version: 19}}, Graph: proto.Graph{Outputs: []proto.Value{{Name: "y"}}}}
					values := map[string]*Tensor{}
					for k, v := range inputs {
						name := fmt.Sprint("x", k)
						if v = v.as(kind); skip == 0 && len(v.Shape) > 1 {
							v = v.reshaped(slices.Insert(slices.Clone(v.Shape), 2, slices.Repeat([]int{1}, more)...)...)
						}
						values[name], node.Inputs = v, append(node.Inputs, name)
						m.Graph.Inputs = append(m.Graph.Inputs, proto.Value{Name: name})
					}
					m.Graph.Nodes = []proto.Node{node}
					p, err := Compile(m, 1<<10)
					if err != nil {
						t.Fatal(err)
					}
					out, err := p.Run(context.Background(), values, []string{"y"}, small, 1)
					if err != nil {
						return nil, err
					}
					return out[0], nil
				}
				got, err := run(more)
				want, other := run(0)
				if (err == nil) != (other == nil) {
					t.Fatalf("got error %v, want %v", err, other)
				}
				if err != nil {
					return
				}
				if !slices.Equal(slices.Insert(slices.Clone(got.Shape), 2, slices.Repeat([]int{1}, more)...), want.Shape) {
					t.Fatalf("got shape %v, want %v without the axes", got.Shape, want.Shape)
				}
				y := want.Doubles()
				for k, v := range got.Doubles() {
					if math.Abs(v-y[k]) > 1e-5 || (v != v) != (y[k] != y[k]) {
						t.Fatalf("%v, element %d: got %v, want %v", attributes, k, v, y[k])
					}
				}
			})
		}
	}
}
