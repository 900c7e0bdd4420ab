package eval

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// ran returns the outputs of a node, or the error of its run.
func ran(t *testing.T, opset int64, outputs int, operator string, inputs []*Tensor, attributes ...proto.Attribute) ([]*Tensor, error) {
	t.Helper()
	node := proto.Node{Name: "n", Operator: operator, Attributes: attributes}
	m, values := &proto.Model{Opsets: []proto.Opset{{Version: opset}}}, map[string]*Tensor{}
	for i, x := range inputs {
		name := ""
		if x != nil {
			name = string(rune('a' + i))
			values[name] = x
			m.Graph.Inputs = append(m.Graph.Inputs, proto.Value{Name: name, Type: x.Type()})
		}
		node.Inputs = append(node.Inputs, name)
	}
	for i := range outputs {
		node.Outputs = append(node.Outputs, string(rune('x'+i)))
		m.Graph.Outputs = append(m.Graph.Outputs, proto.Value{Name: node.Outputs[i]})
	}
	m.Graph.Nodes = []proto.Node{node}
	p, err := Compile(m, 1000)
	require.NoError(t, err)
	return p.Run(context.Background(), values, node.Outputs, small, 1)
}

func number1(name string, v int64) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Int, Int: v}
}

func text1(name, v string) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.String, String: v}
}

func float1(name string, v float32) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Float, Float: v}
}

// waves returns numbers that no resize leaves as they are.
func waves(shape ...int) *Tensor {
	x := make([]float64, sizeOf(shape))
	for i := range x {
		x[i] = math.Round(500*math.Sin(1.7*float64(i))) / 100
	}
	return of(shape, x)
}

// TestValues compares results with the text of ONNX's operators. ONNX's reference implementation has computed those of Resize; where it
// differs from the text, the text counts.
func TestValues(t *testing.T) {
	vec := vector[float32]
	inf := float32(math.Inf(1))
	x := vec(-1, 2, -3)
	cubic, linear, crop := text1("mode", "cubic"), text1("mode", "linear"), text1("coordinate_transformation_mode", "tf_crop_and_resize")
	sized := func(x *Tensor, n ...int64) []*Tensor { return []*Tensor{x, nil, nil, vector(n...)} }
	scaled := func(x *Tensor, by float32) []*Tensor { return []*Tensor{x, nil, vec(by)} }
	for name, c := range map[string]struct {
		opset      int64
		operator   string
		inputs     []*Tensor
		attributes []proto.Attribute
		want       *Tensor
	}{
		"no axes are reduced: sum of squares": {18, "ReduceSumSquare", []*Tensor{x}, []proto.Attribute{number1("noop_with_empty_axes", 1)}, vec(1, 4, 9)},
		"no axes are reduced: sum of sizes":   {18, "ReduceL1", []*Tensor{x, vector[int64]()}, []proto.Attribute{number1("noop_with_empty_axes", 1)}, vec(1, 2, 3)},
		"no axes are reduced: norm":           {18, "ReduceL2", []*Tensor{x}, []proto.Attribute{number1("noop_with_empty_axes", 1), number1("keepdims", 0)}, vec(1, 2, 3)},
		"maximum of no numbers":               {20, "ReduceMax", []*Tensor{vec()}, nil, vec(-inf).reshaped(1)},
		"minimum of no numbers":               {18, "ReduceMin", []*Tensor{vec()}, nil, vec(inf).reshaped(1)},
		"maximum of no halves":                {20, "ReduceMax", []*Tensor{vec().as(proto.Float16)}, nil, vec(-inf).as(proto.Float16)},
		"maximum of no int8":                  {20, "ReduceMax", []*Tensor{vector[int8]()}, nil, vector[int8](math.MinInt8)},
		"minimum of no int8":                  {20, "ReduceMin", []*Tensor{vector[int8]()}, nil, vector[int8](math.MaxInt8)},
		"maximum of no int64":                 {20, "ReduceMax", []*Tensor{vector[int64]()}, nil, vector[int64](math.MinInt64)},
		"minimum of no int64":                 {20, "ReduceMin", []*Tensor{vector[int64]()}, nil, vector[int64](math.MaxInt64)},
		"maximum of no uint32":                {20, "ReduceMax", []*Tensor{vector[uint32]()}, nil, vector[uint32](0)},
		"minimum of no uint32":                {20, "ReduceMin", []*Tensor{vector[uint32]()}, nil, vector[uint32](math.MaxUint32)},
		"maximum of bools":                    {20, "ReduceMax", []*Tensor{vector(false, true), vector[int64](0)}, nil, vector(true)},
		"minimum of bools":                    {20, "ReduceMin", []*Tensor{vector(false, true), vector[int64](0)}, nil, vector(false)},
		"maximum of no bools":                 {20, "ReduceMax", []*Tensor{vector[bool]()}, nil, vector(false)},
		"minimum of no bools":                 {20, "ReduceMin", []*Tensor{vector[bool]()}, nil, vector(true)},
		"all axes of size 1 go":               {13, "Squeeze", []*Tensor{waves(2, 1, 3)}, nil, waves(2, 3)},
		"so with an empty list of axes":       {13, "Squeeze", []*Tensor{waves(2, 1, 3), vector[int64]()}, nil, waves(2, 3)},
		"also as an attribute":                {11, "Squeeze", []*Tensor{waves(2, 1, 3)}, []proto.Attribute{{Name: "axes", Kind: proto.Ints}}, waves(2, 3)},
		"numbers below both limits":           {9, "Shrink", []*Tensor{vec(-3, -1, 0, 1, 3)}, []proto.Attribute{float1("lambd", -2), float1("bias", 10)}, vec(7, 9, 10, 11, -7)},
		"no axes are reduced: sum":            {13, "ReduceSum", []*Tensor{x}, []proto.Attribute{number1("noop_with_empty_axes", 1)}, x},
		"slice from before the start, back":   {13, "Slice", []*Tensor{x, vector[int64](-100), vector[int64](-4), vector[int64](0), vector[int64](-2)}, nil, vec(-1)},
		"slice of nothing, back":              {13, "Slice", []*Tensor{vec(), vector[int64](-100), vector[int64](-4), vector[int64](0), vector[int64](-2)}, nil, vec()},
		"threshold of infinities and NaN":     {10, "ThresholdedRelu", []*Tensor{vec(-inf, inf, inf-inf, 1, 2)}, nil, vec(0, inf, 0, 0, 2)},
		"power of half precision":             {13, "Pow", []*Tensor{vec(1.0001, 3), vec(1).as(proto.Float16)}, nil, vec(1.0001, 3)},
		"power in half precision":             {13, "Pow", []*Tensor{vec(1.0001, 3).as(proto.Float16), vec(1)}, nil, vec(1, 3).as(proto.Float16)},
		"dropout, a ratio of half precision":  {13, "Dropout", []*Tensor{vec(1.0001), scalar(ToFloat16(0.5))}, nil, vec(1.0001)},
		"resize, factor of a quotient":        {19, "Resize", scaled(vec(1, 2, 3, 4, 5), 1.4), nil, vec(1, 2, 2, 3, 4, 4, 5)},
		"resize, last element of a crop":      {19, "Resize", []*Tensor{waves(3), vec(0, 1), vec(7. / 3)}, []proto.Attribute{linear, crop, float1("extrapolation_value", 7)}, of([]int{7}, []float64{0, 4.96 / 3, 9.92 / 3, 4.96, 2.88, 0.8, -1.28})},
		"resize, crop":                        {19, "Resize", []*Tensor{waves(5, 3), vec(0, 0.25, 1.25, 0.75), nil, vector[int64](5, 4)}, []proto.Attribute{cubic, crop, float1("extrapolation_value", 7)}, of([]int{5, 4}, []float64{3.065, 4.78981, 4.495, 2.305, -2.37825, -0.19057, 2.07771, 3.46912, -3.56689, -4.92035, -4.19886, -1.70697, 1.70801, -0.4757, -2.45929, -3.40548, 7, 7, 7, 7})},
		"resize, antialias":                   {19, "Resize", scaled(waves(4), 0.7), []proto.Attribute{linear, number1("antialias", 1)}, of([]int{2}, []float64{1.53931, 1.13815})},
		"resize, antialias, cubic":            {19, "Resize", sized(waves(5), 2), []proto.Attribute{cubic, number1("antialias", 1), text1("coordinate_transformation_mode", "asymmetric")}, of([]int{2}, []float64{1.43045, -0.93968})},
		"resize, antialias, nothing outside":  {19, "Resize", scaled(waves(5), 0.5), []proto.Attribute{cubic, number1("antialias", 1), number1("exclude_outside", 1)}, of([]int{2}, []float64{2.35555, -1.49361})},
		"resize to one element":               {19, "Resize", sized(waves(4), 1), []proto.Attribute{cubic, text1("coordinate_transformation_mode", "pytorch_half_pixel")}, of([]int{1}, []float64{0})},
		"resize, aligned corners":             {19, "Resize", scaled(waves(5), 0.7), []proto.Attribute{linear, text1("coordinate_transformation_mode", "align_corners")}, of([]int{3}, []float64{0, -1.28, 2.47})},
		"resize beyond the range of bytes":    {19, "Resize", []*Tensor{vector[uint8](255, 255, 0, 0), nil, vec(2)}, []proto.Attribute{cubic}, vector[uint8](255, 255, 255, 197, 58, 0, 0, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := ran(t, c.opset, 1, c.operator, c.inputs, c.attributes...)
			require.NoError(t, err)
			require.Equal(t, c.want.Type(), out[0].Type())
			require.Equal(t, c.want.Shape, out[0].Shape)
			for i, v := range out[0].Doubles() {
				if w := c.want.Doubles()[i]; v != w {
					require.InDelta(t, w, v, 1e-5, "element %d", i)
				}
			}
		})
	}
}

// TestStatisticsOfHalves: LayerNormalization returns means and deviations of the type that stash_type names.
func TestStatisticsOfHalves(t *testing.T) {
	half := vector[float32](1, 2.001, 4).as(proto.Float16)
	for stash, attributes := range map[proto.ElementType][]proto.Attribute{proto.Float32: nil, proto.BFloat16: {number1("stash_type", int64(proto.BFloat16))}} {
		out, err := ran(t, 17, 3, "LayerNormalization", []*Tensor{half, half}, attributes...)
		require.NoError(t, err)
		require.Equal(t, proto.Float16, out[0].Type())
		require.Equal(t, stash, out[1].Type())
		require.Equal(t, stash, out[2].Type())
		require.InDelta(t, 2.3339844, out[1].Doubles()[0], map[proto.ElementType]float64{proto.Float32: 1e-4, proto.BFloat16: 1e-2}[stash])
	}
}

// TestMeanOfNoIntegers: there is none.
func TestMeanOfNoIntegers(t *testing.T) {
	_, err := ran(t, 18, 1, "ReduceMean", []*Tensor{vector[int64]()})
	require.ErrorContains(t, err, "got no elements, want at least one for a mean of integers")
}
