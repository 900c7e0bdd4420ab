package onnx_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestShrink: a Network decides as ONNX's text: x < -lambd first, then x > lambd. With lambd below 0, numbers meet both.
func TestShrink(t *testing.T) {
	in := float32s([]int{2, 4}, -3, -1, -0.5, 0, 0.5, 1, 2, 3)
	for _, c := range []struct {
		lambd, bias float64
		want        []float32
	}{
		{0.5, 0, []float32{-3, -1, 0, 0, 0, 1, 2, 3}},
		{1, 0.5, []float32{-2.5, 0, 0, 0, 0, 0, 1.5, 2.5}},
		{0, 1, []float32{-2, 0, 0.5, 0, -0.5, 0, 1, 2}},
		{-2, 10, []float32{7, 9, 9.5, 10, 10.5, 11, -8, -7}},
	} {
		b := file(func(*proto.Model) {}, node("Shrink", x(), floatAttr("lambd", c.lambd), floatAttr("bias", c.bias)))
		r, err := onnx.LoadBytes(b, "")
		require.NoError(t, err)
		require.Equal(t, c.want, ran(t, r, map[string]onnx.Tensor{"x": in})["y"].Data, "Runner, lambd %v", c.lambd)
		require.Equal(t, c.want, predicted(t, imported(t, b), dense(in)).Float32s(), "Network, lambd %v", c.lambd)
	}
}
