package datasets

import (
	"fmt"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Scaler maps each column linearly, to (x - Offset) / Scale. MinMax and MeanVariance fit it to the training data; apply it to
// all data, so that nothing is learned from validation or test data. In a tensor of more than two dimensions, the columns are
// the elements of a sample. To make it a part of the model, use layers.Rescale(*s) as the first layer. A Scale of 0, and numbers that
// are not finite, are errors of its methods.
type Scaler struct {
	Offset, Scale []float64 // one number for each column; Scale is not 0
}

// MinMax returns the Scaler that maps each column of train to [0,1]: Offset is the minimum, Scale is maximum - minimum. A constant
// column gets a Scale of 1 and becomes 0. Other data may be mapped below 0 or above 1. The elements of train are float32 or
// float64; a column with NaN or infinite values is an error.
func MinMax(train *tensor.Dense) (*Scaler, error) {
	return fit("MinMax", train, func(c columnRange) (offset, scale float64) { return c.min, c.max - c.min })
}

// MeanVariance returns the Scaler that gives each column of train the mean 0 and the variance 1: Offset is the mean, Scale is the
// standard deviation √(Σ(x-mean)²/n). A constant column gets a Scale of 1 and becomes 0. The elements of train are float32 or
// float64; a column with NaN or infinite values is an error.
func MeanVariance(train *tensor.Dense) (*Scaler, error) {
	return fit("MeanVariance", train, func(c columnRange) (offset, scale float64) { return c.mean, c.deviation })
}

// Apply returns (x - Offset) / Scale as a new tensor of the same shape and element type. It returns an error
// if x and train differ in the number of columns.
func (s *Scaler) Apply(x *tensor.Dense) (*tensor.Dense, error) {
	return s.transform("Apply", x, func(v, offset, scale float64) float64 { return (v - offset) / scale })
}

// Invert undoes Apply: it returns y·Scale + Offset as a new tensor.
func (s *Scaler) Invert(y *tensor.Dense) (*tensor.Dense, error) {
	return s.transform("Invert", y, func(v, offset, scale float64) float64 { return v*scale + offset })
}

// transform returns a new tensor of f of each element of x, for the method that errors call what.
func (s *Scaler) transform(what string, x *tensor.Dense, f func(v, offset, scale float64) float64) (*tensor.Dense, error) {
	data, err := elements(x)
	if err != nil {
		return nil, fmt.Errorf("datasets: Scaler.%s: %w", what, err)
	}
	if len(s.Scale) != len(s.Offset) {
		return nil, fmt.Errorf("datasets: Scaler.%s: Scale: got %d columns, want %d as in Offset", what, len(s.Scale), len(s.Offset))
	}
	for j, scale := range s.Scale {
		if scale == 0 || scale-scale != 0 || s.Offset[j]-s.Offset[j] != 0 {
			return nil, fmt.Errorf("datasets: Scaler.%s: column %d: got Offset %v and Scale %v, want finite numbers and a Scale other than 0",
				what, j+1, s.Offset[j], scale)
		}
	}
	if width := rowWidth(x); width != len(s.Offset) {
		return nil, fmt.Errorf("datasets: Scaler.%s: got %d columns in shape %v, want %d, as the Scaler was fitted to",
			what, width, x.Shape(), len(s.Offset))
	}
	switch data := data.(type) {
	case []float32:
		return dense(scaled(s, data, f), x.Shape()...), nil
	case []float64:
		return dense(scaled(s, data, f), x.Shape()...), nil
	}
	return nil, nil
}

// scaled is transform for one element type.
func scaled[T graph.Float](s *Scaler, x []T, f func(v, offset, scale float64) float64) []T {
	y := make([]T, 0, len(x))
	for row := range slices.Chunk(x, max(len(s.Offset), 1)) {
		for j, v := range row {
			y = append(y, T(f(float64(v), s.Offset[j], s.Scale[j])))
		}
	}
	return y
}

// A columnRange contains the statistics of a column.
type columnRange struct{ min, max, mean, deviation float64 }

// fit returns the Scaler with the offsets and scales that choose returns for the columns of train.
func fit(what string, train *tensor.Dense, choose func(columnRange) (offset, scale float64)) (*Scaler, error) {
	data, err := elements(train)
	if err == nil {
		err = notEmpty(train)
	}
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: train: %w", what, err)
	}
	var ranges []columnRange
	switch data := data.(type) {
	case []float32:
		ranges = columnRanges(data, rowWidth(train))
	case []float64:
		ranges = columnRanges(data, rowWidth(train))
	}
	s := &Scaler{}
	for j, c := range ranges {
		offset, scale := choose(c)
		if c.min == c.max {
			offset = c.min // the mean may differ by rounding
			scale = 1
		}
		if spread := c.max - c.min; spread-spread != 0 {
			want := "finite numbers"
			if c.min >= -math.MaxFloat64 && c.max <= math.MaxFloat64 {
				want = "a finite difference"
			}
			return nil, fmt.Errorf("datasets: %s: column %d of train: got values from %v to %v, want %s", what, j+1, c.min, c.max, want)
		}
		s.Offset, s.Scale = append(s.Offset, offset), append(s.Scale, scale)
	}
	return s, nil
}

// columnRanges computes the statistics of the columns in two passes, since the standard deviation needs the mean.
func columnRanges[T graph.Float](x []T, width int) []columnRange {
	c := make([]columnRange, width)
	if len(x) == 0 || width == 0 {
		return c
	}
	n := float64(len(x) / width)
	for j := range c {
		c[j].min, c[j].max = math.Inf(1), math.Inf(-1)
	}
	for row := range slices.Chunk(x, width) {
		for j, v := range row {
			c[j].min, c[j].max = min(c[j].min, float64(v)), max(c[j].max, float64(v))
			c[j].mean += float64(v) / n
		}
	}
	for row := range slices.Chunk(x, width) {
		for j, v := range row {
			d := float64(v) - c[j].mean
			c[j].deviation += d * d
		}
	}
	for j := range c {
		if square := c[j].deviation / n; tensors.Exact(square) {
			c[j].deviation = math.Sqrt(square)
			continue
		}
		c[j].deviation = tensors.Deviation(len(x)/width, func(i int) float64 { return float64(x[i*width+j]) - c[j].mean })
	}
	return c
}
