package serve

import (
	"encoding/binary"
	"math"
	"strconv"
	"unsafe"
)

// powers holds the powers of ten that float64 represents exactly.
var powers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// number reads a JSON number at the beginning of src, and returns its length n in bytes, 0 if there is none. The value is the
// nearest float64, or if approximate is true, less than four float64 away from the number.
//
// Up to 15 digits and a power of ten up to 22 are exact in float64, so one multiplication or division rounds correctly
// (Clinger, "How to read floating point numbers accurately", 1990). Up to 19 digits fit in the mantissa, whose conversion
// rounds once more. strconv handles the rest.
func number(src []byte) (value float64, approximate bool, n int) {
	if len(src) > 1 && src[0] == '0' && (src[1] == ',' || src[1] == ']') {
		return 0, false, 1
	}
	at := 0
	if at < len(src) && src[at] == '-' {
		at++
	}
	first := at
	var mantissa uint64
	for ; at < len(src) && src[at]-'0' <= 9; at++ {
		mantissa = mantissa*10 + uint64(src[at]-'0') // may overflow; it is not used then
	}
	digits, scale := at-first, 0
	if digits == 0 || digits > 1 && src[first] == '0' {
		return 0, false, 0
	}
	if src[first] == '0' {
		digits = 0 // a leading zero does not count
	}
	if at < len(src) && src[at] == '.' {
		at++
		point := at
		for at+8 <= len(src) {
			eight := binary.LittleEndian.Uint64(src[at:])
			if !eightDigits(eight) {
				break
			}
			mantissa, at = mantissa*1e8+parseEight(eight), at+8
		}
		for ; at < len(src) && src[at]-'0' <= 9; at++ {
			mantissa = mantissa*10 + uint64(src[at]-'0')
		}
		if scale = point - at; scale == 0 {
			return 0, false, 0
		}
		digits -= scale
	}
	if at < len(src) && src[at]|0x20 == 'e' {
		exponent, n := exponent(src[at+1:])
		if n == 0 {
			return 0, false, 0
		}
		at += 1 + n
		scale += exponent
	}
	if digits > 19 || scale > 22 || scale < -22 {
		v, _ := strconv.ParseFloat(string(src[:at]), 64) // infinite if it is out of range
		return v, false, at
	}
	value = float64(mantissa)
	if scale < 0 {
		value /= powers[-scale]
	} else {
		value *= powers[scale]
	}
	if first == 1 {
		value = -value
	}
	return value, digits > 15, at
}

// eightDigits reports whether all eight bytes are digits: the upper half of each is 3, also after adding 6.
func eightDigits(v uint64) bool {
	const upper, threes = 0xf0f0f0f0f0f0f0f0, 0x3030303030303030
	return v&upper == threes && (v+0x0606060606060606)&upper == threes
}

// parseEight returns the value of eight digits, the first in the lowest byte. It joins digits to pairs, pairs to fours, and
// fours to the result.
func parseEight(v uint64) uint64 {
	v -= 0x3030303030303030
	v = (v*10 + v>>8) & 0x00ff00ff00ff00ff
	v = (v*100 + v>>16) & 0x0000ffff0000ffff
	return (v*10000 + v>>32) & 0xffffffff
}

// exponent reads the digits after the e of a number, and returns their length n in bytes, 0 if there are none.
func exponent(src []byte) (value, n int) {
	at, sign := 0, 1
	if at < len(src) && (src[at] == '-' || src[at] == '+') {
		if src[at] == '-' {
			sign = -1
		}
		at++
	}
	first := at
	for ; at < len(src) && src[at]-'0' <= 9; at++ {
		value = min(value*10+int(src[at]-'0'), 1<<20)
	}
	if at == first {
		return 0, 0
	}
	return sign * value, at
}

// rounded returns the T nearest to the number in text, infinity if it is out of range. V and approximate are the results of
// number.
func rounded[T float](v float64, approximate bool, text []byte) T {
	if unsafe.Sizeof(T(0)) == 4 {
		return T(narrow(v, text))
	}
	if approximate {
		v, _ = strconv.ParseFloat(string(text), 64)
	}
	return T(v)
}

// narrow returns the float32 nearest to the number in text, which is close to v. Rounding v may be wrong if v is close to the
// middle between two float32, or subnormal.
func narrow(v float64, text []byte) float32 {
	const middle, near, lowest = 1 << 28, 4, 0x1p-126
	if math.Float64bits(v)&(2*middle-1)-(middle-near) > 2*near && (math.Abs(v) >= lowest || v == 0) {
		return float32(v)
	}
	f, _ := strconv.ParseFloat(string(text), 32)
	return float32(f)
}
