package safetensors

import "math"

// bytesAs returns the numbers that the bytes represent in a type of 8 bits.
func bytesAs(d DType) (table [256]float32) {
	for i := range table {
		b := byte(i)
		switch d {
		case Bool:
			table[i] = float32(min(b, 1))
		case U8:
			table[i] = float32(b)
		case I8:
			table[i] = float32(int8(b))
		case F8E5M2: // the upper half of an F16
			table[i] = fromHalf(uint16(b) << 8)
		case F8E4M3:
			if table[i] = small(b, 3, 7); b&0x7f == 0x7f {
				table[i] = float32(math.NaN())
			}
		case F8E8M0:
			if table[i] = float32(math.Ldexp(1, int(b)-127)); b == 0xff {
				table[i] = float32(math.NaN())
			}
		case F8E4M3FNUZ:
			table[i] = unsignedZero(b, 3, 8)
		case F8E5M2FNUZ:
			table[i] = unsignedZero(b, 2, 16)
		}
	}
	return table
}

// small returns the number with the given bits: a sign, an exponent, and a fraction of some bits. No exponent stands for
// infinity or NaN.
func small(b byte, fractionBits, bias int) float32 {
	exponent, fraction := int(b&0x7f)>>fractionBits, int(b)&(1<<fractionBits-1)
	if exponent == 0 { // zero or denormal
		exponent = 1
	} else {
		fraction |= 1 << fractionBits
	}
	v := math.Ldexp(float64(fraction), exponent-bias-fractionBits)
	if b >= 0x80 {
		v = -v
	}
	return float32(v)
}

// unsignedZero is small for a type in which the bits of a negative zero are its only NaN.
func unsignedZero(b byte, fractionBits, bias int) float32 {
	if b == 0x80 {
		return float32(math.NaN())
	}
	return small(b, fractionBits, bias)
}
