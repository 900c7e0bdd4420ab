package datasets

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// columns returns a wide column, a constant column whose value is not exact in binary, and a column of mean 5 and standard
// deviation 2.
func columns() *tensor.Dense {
	return dense([]float64{
		-10, 0.1, 2,
		0, 0.1, 4,
		10, 0.1, 4,
		30, 0.1, 4,
		0, 0.1, 5,
		0, 0.1, 5,
		0, 0.1, 7,
		0, 0.1, 9,
	}, 8, 3)
}

func TestMinMax(t *testing.T) {
	s, err := MinMax(columns())
	require.NoError(t, err)
	assert.Equal(t, &Scaler{Offset: []float64{-10, 0.1, 2}, Scale: []float64{40, 1, 7}}, s)

	y, err := s.Apply(columns())
	require.NoError(t, err)
	assert.Equal(t, []int{8, 3}, []int(y.Shape()))
	assert.Equal(t, []float64{0, 0, 0, 0.25, 0, 2. / 7}, y.Data().([]float64)[:6])

	// Other data are scaled by the range of the training data: they may lie outside [0,1], and a constant column is only shifted.
	other, err := s.Apply(dense([]float32{70, 0.6, -5}, 1, 3))
	require.NoError(t, err)
	assert.Equal(t, []float32{2, 0.5, -1}, other.Data())
	back, err := s.Invert(other)
	require.NoError(t, err)
	assert.Equal(t, []float32{70, 0.6, -5}, back.Data())
}

func TestMeanVariance(t *testing.T) {
	s, err := MeanVariance(columns())
	require.NoError(t, err)
	assert.Equal(t, []float64{3.75, 0.1, 5}, s.Offset)
	assert.InDeltaSlice(t, []float64{math.Sqrt(1100./8 - 3.75*3.75), 1, 2}, s.Scale, 1e-14)

	y, err := s.Apply(columns())
	require.NoError(t, err)
	again, err := MeanVariance(y)
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{0, 0, 0}, again.Offset, 1e-15)
	assert.InDeltaSlice(t, []float64{1, 1, 1}, again.Scale, 1e-15)
	x, err := s.Invert(y)
	require.NoError(t, err)
	assert.InDeltaSlice(t, columns().Data(), x.Data(), 1e-14)

	// Far from 0 the variance is still accurate.
	far, err := MeanVariance(dense([]float32{1e7, 1e7 + 1, 1e7 + 2}, 3, 1))
	require.NoError(t, err)
	assert.InDelta(t, math.Sqrt(2./3), far.Scale[0], 1e-9)
}

func TestScalerShapes(t *testing.T) {
	x := dense([]float32{0, 1, 2, 3, 4, 5, 6, 7}, 2, 2, 2)
	s, err := MinMax(x)
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 1, 2, 3}, s.Offset)
	y, err := s.Apply(x)
	require.NoError(t, err)
	assert.Equal(t, []int{2, 2, 2}, []int(y.Shape()))
	assert.Equal(t, []float32{0, 0, 0, 0, 1, 1, 1, 1}, y.Data())
	assert.Equal(t, []float32{0, 1, 2, 3, 4, 5, 6, 7}, x.Data())

	// A view that skips elements is a vector here.
	view, err := columns().Slice(nil, tensor.S(2))
	require.NoError(t, err)
	s, err = MinMax(view.(*tensor.Dense))
	require.NoError(t, err)
	assert.Equal(t, &Scaler{Offset: []float64{2}, Scale: []float64{7}}, s)
}

func TestScalerErrors(t *testing.T) {
	s := &Scaler{Offset: []float64{0, 0}, Scale: []float64{1, 1}}
	for _, c := range []struct {
		want string
		call func() (any, error)
	}{
		{"MinMax: train: got no tensor, want one", func() (any, error) { return MinMax(nil) }},
		{"MinMax: train: got elements of string, want numbers", func() (any, error) { return MinMax(tensor.New(tensor.WithBacking([]string{"1", "2"}))) }},
		{"MinMax: train: got a scalar, want rows", func() (any, error) { return MinMax(tensor.New(tensor.FromScalar(1.5))) }},
		{"MinMax: column 2 of train: got values from NaN to NaN, want finite numbers", func() (any, error) {
			return MinMax(dense([]float64{1, math.NaN(), 2, 3}, 2, 2))
		}},
		{"MeanVariance: column 1 of train: got values from 1 to +Inf, want finite numbers", func() (any, error) {
			return MeanVariance(dense([]float64{1, math.Inf(1)}, 2, 1))
		}},
		{"MinMax: column 1 of train: got values from +Inf to +Inf, want finite numbers", func() (any, error) {
			return MinMax(dense([]float64{math.Inf(1)}, 1, 1))
		}},
		{"Scaler.Apply: got 3 columns in shape (8, 3), want 2, as the Scaler was fitted to", func() (any, error) { return s.Apply(columns()) }},
		{"Scaler.Apply: Scale: got 1 columns, want 2 as in Offset", func() (any, error) {
			return (&Scaler{Offset: []float64{0, 0}, Scale: []float64{1}}).Apply(columns())
		}},
		{"Scaler.Invert: got no tensor, want one", func() (any, error) { return s.Invert(nil) }},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, err := c.call()
			assert.EqualError(t, err, "datasets: "+c.want)
		})
	}
}

func TestOneHot(t *testing.T) {
	for _, c := range []struct {
		y       *tensor.Dense
		classes int
		want    any
		shape   []int
	}{
		{dense([]float32{1, 0, 2}, 3), 3, []float32{0, 1, 0, 1, 0, 0, 0, 0, 1}, []int{3, 3}},
		{dense([]float64{1, 0}, 2, 1), 0, []float64{0, 1, 1, 0}, []int{2, 2}},
		{dense([]float32{0}, 1), 0, []float32{1}, []int{1, 1}},
	} {
		got, err := OneHot(c.y, c.classes)
		require.NoError(t, err)
		assert.Equal(t, c.want, got.Data())
		assert.Equal(t, c.shape, []int(got.Shape()))
	}
	for _, c := range []struct {
		y       *tensor.Dense
		classes int
		want    string
	}{
		{dense([]float32{0, 3}, 2), 3, "row 1 of y: got class 3, want an integer from 0 to 2"},
		{dense([]float32{0.5}, 1), 3, "row 0 of y: got class 0.5, want an integer from 0 to 2"},
		{dense([]float64{-1}, 1), 0, "row 0 of y: got class -1, want an integer from 0 to 65535"},
		{dense([]float64{1e300}, 1), 0, "row 0 of y: got class 1e+300, want an integer from 0 to 65535"},
		{dense([]float32{float32(math.NaN())}, 1), 3, "row 0 of y: got class NaN, want an integer from 0 to 2"},
		{dense([]float32{0, 0}, 1, 2), 3, "y: got shape (1, 2), want (n) or (n,1)"},
		{dense([]float32{0}, 1), -1, "classes: got -1, want at least 0 and at most 65536"},
		{nil, 3, "y: got no tensor, want one"},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, err := OneHot(c.y, c.classes)
			assert.EqualError(t, err, "datasets: OneHot: "+c.want)
		})
	}
}
