package extremes

import (
	"math"

	"gorgonia.org/tensor"
)

// Within reports whether got is want within ulps·ε·|want| + abs·ε and 128 denormal numbers. A want beyond the range of the
// element type is infinite.
func Within(dt tensor.Dtype, got, want, ulps, abs float64) bool {
	eps, denormal := 0x1p-52, 5e-324
	if dt == tensor.Float32 {
		eps, denormal = 0x1p-23, 0x1p-149
	}
	if limit := rounded(dt, want); math.IsInf(limit, 0) || math.IsNaN(limit) {
		return got == limit || got != got && limit != limit
	}
	return math.Abs(got-want) <= ulps*eps*math.Abs(want)+abs*eps+128*denormal
}

// rounded returns x rounded to the element type.
func rounded(dt tensor.Dtype, x float64) float64 {
	if dt == tensor.Float32 {
		return float64(float32(x))
	}
	return x
}

// Tensor returns a tensor of the element type.
func Tensor(dt tensor.Dtype, x []float64, shape ...int) *tensor.Dense {
	t := tensor.New(tensor.Of(dt), tensor.WithShape(shape...))
	for i, v := range x {
		if dt == tensor.Float32 {
			t.Float32s()[i] = float32(v)
		} else {
			t.Float64s()[i] = v
		}
	}
	return t
}

// Floats returns the elements of a tensor of float32 or float64.
func Floats(t *tensor.Dense) []float64 {
	switch v := t.Data().(type) {
	case float32:
		return []float64{float64(v)}
	case float64:
		return []float64{v}
	case []float64:
		return v
	}
	out := make([]float64, t.Size())
	for i, v := range t.Float32s() {
		out[i] = float64(v)
	}
	return out
}
