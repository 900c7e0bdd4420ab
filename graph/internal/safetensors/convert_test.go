package safetensors

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// hard lists numbers whose bits are easily lost.
var hard = []float64{0, math.Copysign(0, -1), 1, -1.0 / 3, math.MaxFloat64, -math.SmallestNonzeroFloat64, 0x1p-1022,
	math.MaxFloat32, math.SmallestNonzeroFloat32, math.Inf(1), math.Inf(-1), math.NaN(),
	math.Float64frombits(0x7ff0000000000001), math.Float64frombits(0xfff8000000abcdef)}

// TestFloats: both element types are read back bit for bit, NaNs with their payload.
func TestFloats(t *testing.T) {
	wide, err := FromFloats("wide", []int{len(hard)}, hard)
	require.NoError(t, err)
	require.Equal(t, F64, wide.DType)
	got := make([]float64, len(hard))
	require.NoError(t, Floats(got, wide))
	singles := make([]float32, len(hard), len(hard)+1)
	for i, v := range hard {
		require.Equal(t, math.Float64bits(v), math.Float64bits(got[i]))
		require.Equal(t, math.Float64bits(v), binary.LittleEndian.Uint64(wide.Data[8*i:]))
		singles[i] = float32(v)
	}
	singles = append(singles, math.Float32frombits(0x7f800001)) // a signalling NaN
	narrow, err := FromFloats("narrow", []int{1, len(singles)}, singles)
	require.NoError(t, err)
	require.Equal(t, F32, narrow.DType)
	back := make([]float32, len(singles))
	require.NoError(t, Floats(back, narrow))
	for i, v := range singles {
		require.Equal(t, math.Float32bits(v), math.Float32bits(back[i]))
		require.Equal(t, math.Float32bits(v), binary.LittleEndian.Uint32(narrow.Data[4*i:]))
	}
	// To the other type, as Go converts.
	require.NoError(t, Floats(back[:len(hard)], wide))
	got = append(got, 0)
	require.NoError(t, Floats(got, narrow))
	for i, v := range hard {
		same(t, float64(float32(v)), float64(back[i]))
		same(t, float64(singles[i]), got[i])
	}
}

// same compares numbers: NaN equals NaN, 0 does not equal -0.
func same(t *testing.T, want, got float64) {
	t.Helper()
	if !math.IsNaN(want) || !math.IsNaN(got) {
		require.Equal(t, math.Float64bits(want), math.Float64bits(got), "want %v, got %v", want, got)
	}
}

// TestHalves: all 16-bit numbers are converted by the definition of their format.
func TestHalves(t *testing.T) {
	data := make([]byte, 2<<16)
	for i := range 1 << 16 {
		binary.LittleEndian.PutUint16(data[2*i:], uint16(i))
	}
	got, wide := make([]float32, 1<<16), make([]float64, 1<<16)
	for d, f := range map[DType]struct{ exponent, fraction int }{F16: {5, 10}, BF16: {8, 7}} {
		x := Tensor{"x", d, []int{1 << 16}, data}
		require.NoError(t, Floats(got, x))
		require.NoError(t, Floats(wide, x))
		for i := range 1 << 16 {
			exponent := i >> f.fraction & (1<<f.exponent - 1)
			fraction := float64(i&(1<<f.fraction-1)) / float64(int(1)<<f.fraction)
			bias := 1<<(f.exponent-1) - 1
			var want float64
			switch {
			case exponent == 1<<f.exponent-1 && fraction > 0:
				want = math.NaN()
			case exponent == 1<<f.exponent-1:
				want = math.Inf(1)
			case exponent == 0:
				want = math.Ldexp(fraction, 1-bias)
			default:
				want = math.Ldexp(1+fraction, exponent-bias)
			}
			if i >= 1<<15 {
				want = -want
			}
			same(t, want, float64(got[i]))
			same(t, want, wide[i])
		}
	}
}

// TestIntegers: integers keep their sign, and are rounded to the element type's precision.
func TestIntegers(t *testing.T) {
	le := binary.LittleEndian
	ints := le.AppendUint32(le.AppendUint32(nil, 0xfffffffe), 0x7fffffff)
	longs := le.AppendUint64(le.AppendUint64(nil, 0xfffffffffffffffe), 1<<53+1)
	for _, r := range []struct {
		x      Tensor
		wide   []float64
		single []float32
	}{
		{Tensor{"x", I32, []int{2}, ints}, []float64{-2, math.MaxInt32}, []float32{-2, 1 << 31}},
		{Tensor{"x", I64, []int{2}, longs}, []float64{-2, 1 << 53}, []float32{-2, 1 << 53}},
		{Tensor{"x", U32, []int{2}, ints}, []float64{1<<32 - 2, math.MaxInt32}, []float32{1 << 32, 1 << 31}},
		{Tensor{"x", U64, []int{2}, longs}, []float64{1 << 64, 1 << 53}, []float32{1 << 64, 1 << 53}},
		{Tensor{"x", I16, []int{2}, []byte{0xfe, 0xff, 0xff, 0x7f}}, []float64{-2, math.MaxInt16}, []float32{-2, math.MaxInt16}},
		{Tensor{"x", U16, []int{2}, []byte{0xfe, 0xff, 0xff, 0x7f}}, []float64{1<<16 - 2, math.MaxInt16}, []float32{1<<16 - 2, math.MaxInt16}},
		{Tensor{"x", U8, []int{2}, []byte{255, 7}}, []float64{255, 7}, []float32{255, 7}},
		{Tensor{"x", I8, []int{2}, []byte{255, 7}}, []float64{-1, 7}, []float32{-1, 7}},
		{Tensor{"x", Bool, []int{2}, []byte{0, 1}}, []float64{0, 1}, []float32{0, 1}},
	} {
		t.Run(r.x.DType.String(), func(t *testing.T) {
			wide, single := make([]float64, 2), make([]float32, 2)
			require.NoError(t, Floats(wide, r.x))
			require.NoError(t, Floats(single, r.x))
			require.Equal(t, r.wide, wide)
			require.Equal(t, r.single, single)
		})
	}
}

func TestFloatsErrors(t *testing.T) {
	require.EqualError(t, Floats(make([]float32, 3), Tensor{"x", F32, []int{2}, counting(8)}),
		`safetensors: tensor "x": got 8 bytes of F32, want 3 elements`)
	require.ErrorContains(t, Floats(make([]float32, 2), Tensor{"x", "X77", []int{2}, counting(8)}), `of "X77"`)
}
