package safetensors

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNative: on a little-endian machine, copying memory gives the same result as conversion by the format, both ways.
func TestNative(t *testing.T) {
	if !littleEndian {
		t.Skip("a big-endian machine copies no memory")
	}
	single := []float32{1, -0.1, math.MaxFloat32, float32(math.Inf(-1)), math.Float32frombits(0x7f800001)}
	double := []float64{1, -0.1, math.SmallestNonzeroFloat64, math.Inf(1)}
	portable := func(f func()) {
		littleEndian = false
		defer func() { littleEndian = true }()
		f()
	}
	var want, got Tensor
	portable(func() { want, _ = FromFloats("x", []int{5}, single) })
	got, err := FromFloats("x", []int{5}, single)
	require.NoError(t, err)
	require.Equal(t, want, got)
	single2, double2 := make([]float32, 5), make([]float64, 4)
	require.NoError(t, Floats(single2, got))
	again, err := FromFloats("x", []int{5}, single2)
	require.NoError(t, err)
	require.Equal(t, want, again)

	portable(func() { want, _ = FromFloats("x", []int{4}, double) })
	got, err = FromFloats("x", []int{4}, double)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.NoError(t, Floats(double2, got))
	require.Equal(t, double, double2)
	portable(func() { require.NoError(t, Floats(double2, got)) })
	require.Equal(t, double, double2)

	got.Data[0]++ // a copy
	require.Equal(t, 1.0, double[0])
}
