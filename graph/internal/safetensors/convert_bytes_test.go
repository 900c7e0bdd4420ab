package safetensors

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEightBits: numbers of 8 bits that the types' definitions name: the OCP specifications OFP8 and MX, and for FNUZ
// arXiv:2206.02915.
func TestEightBits(t *testing.T) {
	nan, inf, negative := float32(math.NaN()), float32(math.Inf(1)), float32(math.Copysign(0, -1))
	for d, want := range map[DType]map[byte]float32{
		Bool: {0: 0, 1: 1, 7: 1},
		U8:   {0: 0, 127: 127, 128: 128, 255: 255},
		I8:   {0: 0, 127: 127, 128: -128, 255: -1},
		F8E4M3: {0: 0, 0x80: negative, 0x01: 0x1p-9, 0x07: 0.875 * 0x1p-6, 0x08: 0x1p-6, 0x38: 1, 0xc4: -3, 0x78: 256, 0x7e: 448, 0xfe: -448,
			0x7f: nan, 0xff: nan},
		F8E5M2: {0: 0, 0x80: negative, 0x01: 0x1p-16, 0x03: 0.75 * 0x1p-14, 0x04: 0x1p-14, 0x3c: 1, 0xc2: -3, 0x7b: 57344, 0x7c: inf, 0xfc: -inf,
			0x7d: nan, 0x7f: nan, 0xff: nan},
		F8E8M0:     {0: 0x1p-127, 1: 0x1p-126, 127: 1, 128: 2, 254: 0x1p127, 255: nan},
		F8E4M3FNUZ: {0: 0, 0x80: nan, 0x01: 0x1p-10, 0x08: 0x1p-7, 0x40: 1, 0x7f: 240, 0xff: -240},
		F8E5M2FNUZ: {0: 0, 0x80: nan, 0x01: 0x1p-17, 0x04: 0x1p-15, 0x40: 1, 0x7f: 57344, 0xff: -57344},
	} {
		t.Run(d.String(), func(t *testing.T) {
			for b, v := range want {
				single, double := make([]float32, 1), make([]float64, 1)
				x := Tensor{"x", d, []int{}, []byte{b}}
				require.NoError(t, Floats(single, x))
				require.NoError(t, Floats(double, x))
				same(t, float64(v), float64(single[0]))
				same(t, float64(v), double[0])
			}
		})
	}
}

// TestKnown: every known type has a size, its own place and a conversion.
func TestKnown(t *testing.T) {
	for i, d := range dtypes {
		require.Equal(t, i, d.order())
		require.True(t, d.Known())
		require.Equal(t, string(d.DType), d.String())
		if i > 0 {
			require.GreaterOrEqual(t, d.size, dtypes[i-1].size, d.DType)
		}
		ones := make([]byte, d.size)
		for i := range ones {
			ones[i] = 1
		}
		got := make([]float64, 1)
		require.NoError(t, Floats(got, Tensor{"x", d.DType, []int{}, ones}))
		require.NotZero(t, got[0], d.DType)
	}
	require.False(t, DType("F4").Known())
	require.Equal(t, `"a\n"`, DType("a\n").String())
}
