package onnx_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestComparisonsWithNaN: comparisons with NaN are false, in the network, and in the file that it is written to.
func TestComparisonsWithNaN(t *testing.T) {
	for _, operator := range []string{"Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual"} {
		t.Run(operator, func(t *testing.T) {
			b := file(nil, floatNode("one", 1), op("c", operator, x("one")), node("Cast", []string{"c"}, intAttr("to", int64(proto.Float32))))
			m := imported(t, b)
			in := tensor.New(tensor.WithShape(1, 4), tensor.WithBacking([]float32{float32(math.NaN()), 1, 0, 2}))
			want := map[string][]float32{"Equal": {0, 1, 0, 0}, "Greater": {0, 0, 0, 1}, "Less": {0, 0, 1, 0}, "GreaterOrEqual": {0, 1, 0, 1}, "LessOrEqual": {0, 1, 1, 0}}[operator]
			require.Equal(t, want, predicted(t, m, in).Data())
			require.Equal(t, want, predicted(t, imported(t, written(t, m)), in).Data())
		})
	}
}

// TestCastRounds: a cast to float16 or bfloat16 rounds, of constants too, and its derivative is that of no rounding.
func TestCastRounds(t *testing.T) {
	for to, want := range map[proto.ElementType][]float32{proto.Float16: {0.0999755859375, float32(math.Inf(1)), 1, -2}, proto.BFloat16: {0.10009765625, 70144, 1, -2}} {
		t.Run(to.String(), func(t *testing.T) {
			b := file(nil, op("h", "Cast", x(), intAttr("to", int64(to))), node("Cast", []string{"h"}, intAttr("to", int64(proto.Float32))))
			m := imported(t, b)
			in := tensor.New(tensor.WithShape(1, 4), tensor.WithBacking([]float32{0.1, 70000, 1.0004, -2}))
			require.Equal(t, want, predicted(t, m, in).Data())
			require.Equal(t, want, predicted(t, imported(t, written(t, m)), in).Data())
			c := file(nil, floatNode("tenth", 0.1), op("h", "Cast", []string{"tenth"}, intAttr("to", int64(to))), op("f", "Cast", []string{"h"}, intAttr("to", 1)), op("zero", "Sub", x("x")), node("Add", []string{"zero", "f"}))
			require.Equal(t, want[0], predicted(t, imported(t, c), samples(1, []int{4}, tensor.Float32)).Float32s()[0])
		})
	}
}

// TestThresholdsOfNaN: ThresholdedRelu and Shrink give 0 where no comparison holds, so also for NaN.
func TestThresholdsOfNaN(t *testing.T) {
	for operator, want := range map[string][]float32{"ThresholdedRelu": {0, 0, 0, 2}, "Shrink": {0, 1, 0, 2}} {
		t.Run(operator, func(t *testing.T) {
			m := imported(t, file(nil, node(operator, x())))
			in := tensor.New(tensor.WithShape(1, 4), tensor.WithBacking([]float32{float32(math.NaN()), 1, 0, 2}))
			require.Equal(t, want, predicted(t, m, in).Data())
		})
	}
}

// TestNoAxes: a reduction of no axes, or of one number, is still the square, the size or the logarithm of each element.
func TestNoAxes(t *testing.T) {
	in := tensor.New(tensor.WithShape(1, 4), tensor.WithBacking([]float32{-2, 1, -0.5, 3}))
	for operator, want := range map[string][]float32{"ReduceSumSquare": {4, 1, 0.25, 9}, "ReduceL1": {2, 1, 0.5, 3}, "ReduceL2": {2, 1, 0.5, 3}, "ReduceMean": {-2, 1, -0.5, 3}} {
		t.Run(operator, func(t *testing.T) {
			at18 := func(m *proto.Model) { m.Opsets[0].Version = 18 }
			m := imported(t, file(at18, node(operator, x(), intAttr("noop_with_empty_axes", 1))))
			require.Equal(t, want, predicted(t, m, in).Data())
			number := file(at18, floatNode("two", -2), op("r", operator, []string{"two"}, intAttr("keepdims", 0)), node("Mul", x("r")))
			require.Equal(t, -2*want[0], predicted(t, imported(t, number), in).Float32s()[0])
		})
	}
}
