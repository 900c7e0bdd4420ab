package eval

import "math"

// A Float16 is the bits of a number in IEEE 754 half precision.
type Float16 uint16

// A BFloat16 is the upper half of the bits of a float32.
type BFloat16 uint16

// Float returns the number.
func (h Float16) Float() float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10)&31, uint32(h)&1023
	switch exponent {
	case 0: // zero or denormal: a multiple of the smallest number, which is exact
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 31:
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// Float returns the number.
func (h BFloat16) Float() float32 { return math.Float32frombits(uint32(h) << 16) }

// ToFloat16 rounds to the nearest number, ties to even. Numbers beyond the range become infinite.
func ToFloat16(v float32) Float16 {
	b := math.Float32bits(v)
	sign := Float16(b>>16) & 0x8000
	abs := b & 0x7fffffff
	switch {
	case abs > 0x7f800000:
		return sign | 0x7e00 | Float16(abs>>13)&0x3ff
	case abs >= 0x477ff000: // 65520, which rounds up beyond 65504
		return sign | 0x7c00
	case abs < 0x38800000: // below 2^-14: a multiple of 2^-24
		return sign | Float16(math.RoundToEven(float64(math.Float32frombits(abs))*0x1p24))
	}
	abs -= (127 - 15) << 23
	return sign | Float16((abs+0xfff+abs>>13&1)>>13)
}

// ToBFloat16 rounds to the nearest number, ties to even.
func ToBFloat16(v float32) BFloat16 {
	b := math.Float32bits(v)
	if b&0x7fffffff > 0x7f800000 {
		return BFloat16(b>>16) | 0x40
	}
	return BFloat16((b + 0x7fff + b>>16&1) >> 16)
}
