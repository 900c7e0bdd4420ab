package eval

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// small are limits for tests.
var small = Limits{Bytes: 1 << 22, Work: 1 << 23}

// attributeKinds are the kinds of attributes that are not integers.
var attributeKinds = map[string]proto.AttributeKind{}

func init() {
	for kind, names := range map[proto.AttributeKind]string{
		proto.Ints:    "axes dilations ends kernel_shape output_padding output_shape pads perm pooled_shape scan_input_axes scan_input_directions scan_output_axes scan_output_directions shape split starts strides value_ints paddings",
		proto.Float:   "alpha beta bias bound clip cubic_coeff_a epsilon extrapolation_value gamma high lambd low max mean min momentum ratio scale seed spatial_scale value_float height_scale width_scale",
		proto.Floats:  "activation_alpha activation_beta value_floats scales",
		proto.String:  "approximate auto_pad coordinate_transformation_mode direction equation keep_aspect_ratio_policy mode nearest_mode padding_mode reduction",
		proto.Strings: "activations", proto.Dense: "value", proto.Nested: "body then_branch else_branch",
	} {
		for name := range strings.FieldsSeq(names) {
			attributeKinds[name] = kind
		}
	}
}

var words = []string{"", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", "linear", "nearest", "cubic", "reflect", "edge", "wrap", "constant", "zeros", "border", "reflection",
	"half_pixel", "align_corners", "tf_crop_and_resize", "asymmetric", "none", "sum", "mean", "add", "mul", "max", "min", "bidirectional", "reverse", "forward", "LEFT", "RIGHT", "CRD", "tanh",
	"ij,jk->ik", "...i->i...", "ii", "i,i", "not_larger", "floor", "ceil", "avg"}

// randomTensor returns a small tensor; some of its numbers are not finite, and integers are small so that they may be sizes.
func randomTensor(rng *rand.Rand) *Tensor {
	shape := make([]int, rng.IntN(5))
	for i := range shape {
		shape[i] = []int{0, 1, 2, 2, 3, 4}[rng.IntN(6)]
	}
	if rng.IntN(3) == 0 {
		shape = []int{rng.IntN(5)}
	}
	values := make([]float64, sizeOf(shape))
	for i := range values {
		switch values[i] = float64(rng.IntN(7) - 2); rng.IntN(12) {
		case 0:
			values[i] = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e30, -1e30, 0.5}[rng.IntN(6)]
		case 1:
			values[i] = rng.NormFloat64()
		}
	}
	kinds := slices.Sorted(maps.Keys(blanks))
	kind := []proto.ElementType{proto.Float32, proto.Float32, proto.Int64, kinds[rng.IntN(len(kinds))]}[rng.IntN(4)]
	return of(shape, values).as(kind)
}

func randomAttribute(rng *rand.Rand, name string) proto.Attribute {
	a := proto.Attribute{Name: name, Kind: proto.Int}
	if kind, ok := attributeKinds[name]; ok {
		a.Kind = kind
	}
	a.Int, a.Float = int64(rng.IntN(6)-2), float32(rng.NormFloat64())
	if rng.IntN(8) == 0 {
		a.Int = []int64{math.MaxInt64, math.MinInt64, 1 << 40, -1 << 40}[rng.IntN(4)]
	}
	for range rng.IntN(6) {
		a.Ints, a.Floats = append(a.Ints, int64(rng.IntN(5)-1)), append(a.Floats, float32(rng.IntN(4)))
		a.Strings = append(a.Strings, []string{"Relu", "Affine", "Tanh", "x"}[rng.IntN(4)])
	}
	a.String = words[rng.IntN(len(words))]
	switch a.Kind {
	case proto.Dense:
		a.Tensor = &proto.Tensor{Type: proto.Float32, Raw: make([]byte, 4)}
	case proto.Nested:
		identity := proto.Node{Operator: "Identity", Inputs: []string{"in0"}, Outputs: []string{"b0"}}
		a.Graph = &proto.Graph{Nodes: []proto.Node{identity}}
		for i := range rng.IntN(4) {
			a.Graph.Inputs = append(a.Graph.Inputs, proto.Value{Name: fmt.Sprint("a", i), Type: proto.Float32})
			a.Graph.Outputs = append(a.Graph.Outputs, proto.Value{Name: fmt.Sprint("a", i), Type: proto.Float32})
		}
		a.Graph.Outputs = append(a.Graph.Outputs, proto.Value{Name: "b0", Type: proto.Float32})
	}
	return a
}

// randomModel returns a model of one node with the operator, and inputs for it.
func randomModel(rng *rand.Rand, name string) (*proto.Model, map[string]*Tensor) {
	o := operators[name]
	m := &proto.Model{Opsets: []proto.Opset{{Version: int64([]int{1, 5, 7, 9, 11, 13, 18, 22}[rng.IntN(8)])}}}
	node, inputs := proto.Node{Operator: name, Outputs: []string{"y", "y2", "y3", "y4"}[:1+rng.IntN(4)*rng.IntN(2)]}, map[string]*Tensor{}
	for i := range o.least + rng.IntN(min(o.most-o.least, 4)+1) {
		in := fmt.Sprint("in", i)
		node.Inputs = append(node.Inputs, in)
		inputs[in] = randomTensor(rng)
		if before := inputs[fmt.Sprint("in", i-1)]; before != nil && rng.IntN(2) == 0 {
			if inputs[in] = before; rng.IntN(2) == 0 {
				inputs[in] = randomTensor(rng).as(before.Type())
			}
		}
		m.Graph.Inputs = append(m.Graph.Inputs, proto.Value{Name: in, Type: inputs[in].Type()})
	}
	if inputs["in0"] == nil {
		inputs["in0"] = randomTensor(rng)
		m.Graph.Inputs = append(m.Graph.Inputs, proto.Value{Name: "in0", Type: proto.Float32})
	}
	for a := range strings.FieldsSeq(o.attributes) {
		if rng.IntN(2) == 0 || attributeKinds[a] == proto.Nested {
			node.Attributes = append(node.Attributes, randomAttribute(rng, a))
		}
	}
	m.Graph.Nodes, m.Graph.Outputs = []proto.Node{node}, []proto.Value{{Name: "y"}}
	return m, inputs
}
