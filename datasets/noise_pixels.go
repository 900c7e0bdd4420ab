package datasets

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

// newLike returns a tensor of zeros with the given shape and the element type of data.
func newLike(data any, shape []int) *graph.Tensor {
	switch data := data.(type) {
	case []float32:
		return dense(make([]float32, len(data)), shape...)
	case []float64:
		return dense(make([]float64, len(data)), shape...)
	}
	return nil
}

// replace expects uniform random numbers u in dst. It replaces u by u/amount, which is uniform again, if u is below amount, and
// by the pixel of clean otherwise. So one random number both decides about a pixel and gives its new value.
func replace[T graph.Float](dst, clean []T, amount T) {
	if amount == 0 {
		copy(dst, clean)
		return
	}
	switch dst := any(dst).(type) {
	case []float32:
		replace32(dst, any(clean).([]float32), float32(amount))
	case []float64:
		replace64(dst, any(clean).([]float64), float64(amount))
	}
}

// replace32 selects with a mask, since a branch on random numbers cannot be predicted. Positive floats compare as their bits do.
// The factor is slightly less than 1/amount, so that no result rounds to 1.
func replace32(dst, clean []float32, amount float32) {
	limit, factor := int32(math.Float32bits(amount)), (1-0x1p-23)/amount
	clean = clean[:len(dst)]
	for i, u := range dst {
		mask := uint32((int32(math.Float32bits(u)) - limit) >> 31)
		dst[i] = math.Float32frombits(math.Float32bits(u*factor)&mask | math.Float32bits(clean[i])&^mask)
	}
}

// replace64 is replace32 in double precision.
func replace64(dst, clean []float64, amount float64) {
	limit, factor := int64(math.Float64bits(amount)), (1-0x1p-52)/amount
	clean = clean[:len(dst)]
	for i, u := range dst {
		mask := uint64((int64(math.Float64bits(u)) - limit) >> 63)
		dst[i] = math.Float64frombits(math.Float64bits(u*factor)&mask | math.Float64bits(clean[i])&^mask)
	}
}

// hash returns a number that depends on every bit of x, and is the same on every machine.
func hash[T graph.Float](x []T) uint64 {
	h := uint64(len(x))
	switch x := any(x).(type) {
	case []float32:
		for len(x) >= 2 {
			h = mix(h, uint64(math.Float32bits(x[0]))|uint64(math.Float32bits(x[1]))<<32)
			x = x[2:]
		}
		if len(x) > 0 {
			h = mix(h, uint64(math.Float32bits(x[0])))
		}
	case []float64:
		for _, v := range x {
			h = mix(h, math.Float64bits(v))
		}
	}
	return h
}

// mix adds a word to a hash: a multiplication, by an odd number near 2⁶⁴ over the golden ratio, carries each bit upwards,
// and a shift brings the upper half down.
func mix(h, word uint64) uint64 {
	h = (h ^ word) * 0x9E3779B97F4A7C15
	return h ^ h>>32
}
