package kernels

import "math"

// ToHalf returns the bits of the nearest number in IEEE 754 half precision, ties to even. Numbers beyond the range become infinite.
func ToHalf(v float32) uint16 {
	b := math.Float32bits(v)
	sign := uint16(b>>16) & 0x8000
	abs := b & 0x7fffffff
	switch {
	case abs > 0x7f800000: // NaN
		return sign | 0x7e00 | uint16(abs>>13)&0x3ff
	case abs >= 0x477ff000: // 65520, which rounds up beyond 65504
		return sign | 0x7c00
	case abs < 0x38800000: // below 2^-14: a multiple of 2^-24
		return sign | uint16(math.RoundToEven(float64(math.Float32frombits(abs))*0x1p24))
	}
	abs -= (127 - 15) << 23
	return sign | uint16((abs+0xfff+abs>>13&1)>>13)
}

// FromHalf returns the number with the given bits in half precision: a sign, 5 bits of exponent, 10 bits of fraction.
func FromHalf(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10)&31, uint32(h)&1023
	switch exponent {
	case 0: // zero or denormal: a multiple of the smallest number, which is exact
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 31:
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// ToBFloat returns the upper half of the bits of v, rounded to the nearest, ties to even.
func ToBFloat(v float32) uint16 {
	b := math.Float32bits(v)
	if b&0x7fffffff > 0x7f800000 { // NaN
		return uint16(b>>16) | 0x40
	}
	return uint16((b + 0x7fff + b>>16&1) >> 16)
}

// FromBFloat returns the number whose bits have the given upper half.
func FromBFloat(h uint16) float32 { return math.Float32frombits(uint32(h) << 16) }

// RoundHalf sets dst to x rounded to half precision.
func RoundHalf[T Float](dst, x []T) {
	sameLength("RoundHalf", len(dst), len(x))
	for i, v := range x {
		dst[i] = T(FromHalf(ToHalf(float32(v))))
	}
}

// RoundBFloat sets dst to x rounded to the 8 bits of precision of bfloat16.
func RoundBFloat[T Float](dst, x []T) {
	sameLength("RoundBFloat", len(dst), len(x))
	for i, v := range x {
		dst[i] = T(FromBFloat(ToBFloat(float32(v))))
	}
}

// ZeroNaN sets dst = x, and 0 where x is NaN.
func ZeroNaN[T Float](dst, x []T) {
	sameLength("ZeroNaN", len(dst), len(x))
	for i, v := range x {
		if v != v {
			v = 0
		}
		dst[i] = v
	}
}
