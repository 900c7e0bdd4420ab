package kernels

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestHalf: all numbers of half precision and of bfloat16 are kept, numbers between two of them become the nearer one, and those in
// the middle the even one.
func TestHalf(t *testing.T) {
	for name, f := range map[string]struct {
		to   func(float32) uint16
		from func(uint16) float32
		last uint16 // the largest finite number
	}{"half": {ToHalf, FromHalf, 0x7bff}, "bfloat": {ToBFloat, FromBFloat, 0x7f7f}} {
		t.Run(name, func(t *testing.T) {
			for h := range f.last {
				low, high := f.from(h), f.from(h+1)
				require.Equal(t, h, f.to(low))
				require.Equal(t, h|0x8000, f.to(-low))
				middle := float32((float64(low) + float64(high)) / 2)
				require.Equal(t, h+h&1, f.to(middle), "between %v and %v", low, high)
				require.Equal(t, h, f.to(math.Nextafter32(middle, 0)))
				require.Equal(t, h+1, f.to(math.Nextafter32(middle, math.MaxFloat32)))
			}
			require.Equal(t, f.last+1, f.to(float32(math.Inf(1))))
			require.Equal(t, f.last+1, f.to(math.MaxFloat32))
			require.True(t, math.IsNaN(float64(f.from(f.to(float32(math.NaN()))))))
		})
	}
}

// TestRoundings: the functions on slices, in both element types.
func TestRoundings(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	x := []float64{1, 1.0004, 70000, -inf, 1e-9, 0.1}
	out := make([]float64, len(x))
	RoundHalf(out, x)
	require.Equal(t, []float64{1, 1, inf, -inf, 0, 0.0999755859375}, out)
	RoundBFloat(out, x)
	require.Equal(t, []float64{1, 1, 70144, -inf, out[4], 0.10009765625}, out)
	require.InEpsilon(t, 1e-9, out[4], 0x1p-8)
	small := []float32{2, float32(nan), float32(inf)}
	ZeroNaN(small, small)
	require.Equal(t, []float32{2, 0, float32(inf)}, small)
	RoundHalf([]float32{}, nil)
}
