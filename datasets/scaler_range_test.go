package datasets

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestScalerRange: numbers whose squares are below or above the range of float64 are scaled as others are.
func TestScalerRange(t *testing.T) {
	x := []float64{2, 4, 4, 4, 5, 5, 7, 9} // of mean 5 and deviation 2
	for _, unit := range []float64{1, 0x1p-500, 0x1p-530, 0x1p-545, 0x1p-600, 0x1p-1020, 0x1p-1070, math.SmallestNonzeroFloat64, 0x1p505, 0x1p520, 0x1p1020} {
		values := make([]float64, 0, 2*len(x))
		for _, v := range x {
			values = append(values, v*unit, v)
		}
		train := dense(values, len(x), 2)
		s, err := MeanVariance(train)
		require.NoError(t, err, "unit %g", unit)
		digits := max(1e-14*unit, math.SmallestNonzeroFloat64) // a number below 2⁻¹⁰²² has fewer
		require.InDelta(t, 5*unit, s.Offset[0], 8*digits, "unit %g", unit)
		require.InDelta(t, 2*unit, s.Scale[0], 8*digits, "unit %g", unit)
		require.InDelta(t, 2, s.Scale[1], 1e-14, "the column beside it")
		r, err := MinMax(train)
		require.NoError(t, err, "unit %g", unit)
		require.Equal(t, []float64{2 * unit, 2}, r.Offset)
		require.Equal(t, []float64{7 * unit, 7}, r.Scale)
		for _, s := range []*Scaler{s, r} {
			y, err := s.Apply(train)
			require.NoError(t, err, "unit %g", unit)
			for _, v := range y.Data().([]float64) {
				require.Less(t, math.Abs(v), 10., "unit %g", unit)
			}
		}
	}
	for name, values := range map[string][]float64{"equal": {3e-200, 3e-200}, "zeros": {0, 0}} {
		s, err := MeanVariance(dense(values, 2, 1))
		require.NoError(t, err, name)
		require.Equal(t, &Scaler{Offset: values[:1], Scale: []float64{1}}, s, name)
	}
	s, err := MeanVariance(dense([]float64{math.SmallestNonzeroFloat64, 0, 0, 0, 0, 0, 0, 0}, 8, 1))
	require.NoError(t, err)
	require.NotZero(t, s.Scale[0])
	for _, f := range []string{"MinMax", "MeanVariance"} {
		train := dense([]float64{0, -1e308, 0, 1e308}, 2, 2)
		_, err := MinMax(train)
		if f == "MeanVariance" {
			_, err = MeanVariance(train)
		}
		require.EqualError(t, err, "datasets: "+f+": column 2 of train: got values from -1e+308 to 1e+308, want a finite difference")
	}
}
