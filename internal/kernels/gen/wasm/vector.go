package main

import (
	"encoding/binary"
	"math"
)

// The functions in this file return expressions. Vectors are of four float32, four integers of 32 bits or two float64.

// splat32 returns a vector filled with 32 bits.
func splat32(b uint32) code {
	c := code{0xfd, 0x0c}
	for range 4 {
		c = binary.LittleEndian.AppendUint32(c, b)
	}
	return c
}

// k returns a vector filled with the constant x.
func k(x float64) code { return splat32(math.Float32bits(float32(x))) }

// kd returns a vector of two float64.
func kd(x float64) code {
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(code{0xfd, 0x0c}, math.Float64bits(x)), math.Float64bits(x))
}

// long returns a vector of two integers of 64 bits.
func long(b uint64) code { return kd(math.Float64frombits(b)) }

// words returns a vector of four constants of 32 bits.
func words(w ...uint32) code {
	c := code{0xfd, 0x0c}
	for _, v := range w {
		c = binary.LittleEndian.AppendUint32(c, v)
	}
	return c
}

// shuffle returns four words of a and b, which are numbered 0 to 7.
func shuffle(a, b code, w ...byte) code {
	c := simd(0x0d, a, b)
	for _, v := range w {
		c = append(c, 4*v, 4*v+1, 4*v+2, 4*v+3)
	}
	return c
}

// Memory.
func load(p code, offset int) code        { return simdAccess(0x00, 2, offset, p) }
func load32Splat(p code, offset int) code { return simdAccess(0x09, 2, offset, p) }
func load32Zero(p code, offset int) code  { return simdAccess(0x5c, 2, offset, p) }
func load64Zero(p code, offset int) code  { return simdAccess(0x5d, 2, offset, p) }
func store(p code, offset int, v code) code {
	return simdAccess(0x0b, 2, offset, p, v)
}
func load32Lane(p code, offset int, v code, lane byte) code {
	return append(simdAccess(0x56, 2, offset, p, v), lane)
}
func store32Lane(p code, offset int, v code, lane byte) code {
	return append(simdAccess(0x5a, 2, offset, p, v), lane)
}
func store64Lane(p code, offset int, v code, lane byte) code {
	return append(simdAccess(0x5b, 2, offset, p, v), lane)
}
func loadInt(p code, offset int) code   { return access(code{0x28}, 2, offset, p) }
func loadFloat(p code, offset int) code { return access(code{0x2a}, 2, offset, p) }
func storeFloat(p code, offset int, x code) code {
	return access(code{0x38}, 2, offset, p, x)
}
func storeDouble(p code, offset int, x code) code {
	return access(code{0x39}, 3, offset, p, x)
}

// Integers.
func addInt(a, b code) code           { return op(0x6a, a, b) }
func subInt(a, b code) code           { return op(0x6b, a, b) }
func mulInt(a, b code) code           { return op(0x6c, a, b) }
func andInt(a, b code) code           { return op(0x71, a, b) }
func shiftLeftInt(a code, n int) code { return op(0x74, a, number(n)) }
func equalInt(a, b code) code         { return op(0x46, a, b) }
func lessInt(a, b code) code          { return op(0x48, a, b) } // signed
func greaterInt(a, b code) code       { return op(0x4a, a, b) }
func atMostInt(a, b code) code        { return op(0x4c, a, b) }
func atLeastInt(a, b code) code       { return op(0x4e, a, b) }
func minInt(a, b code) code           { return op(0x1b, a, b, lessInt(a, b)) }

// float32, four at a time. No product is fused with a sum.
func add(a, b code) code  { return simd(0xe4, a, b) }
func sub(a, b code) code  { return simd(0xe5, a, b) }
func mul(a, b code) code  { return simd(0xe6, a, b) }
func div(a, b code) code  { return simd(0xe7, a, b) }
func sqrt(a code) code    { return simd(0xe3, a) }
func neg(a code) code     { return simd(0xe1, a) }
func abs(a code) code     { return simd(0xe0, a) }
func floor(a code) code   { return simd(0x68, a) }
func splat(x code) code   { return simd(0x13, x) }
func toFloat(a code) code { return simd(0xfa, a) }

// minimum and maximum propagate NaN, and order the zeros.
func minimum(a, b code) code { return simd(0xe8, a, b) }
func maximum(a, b code) code { return simd(0xe9, a, b) }

// atMost returns x, or b where x > b; atLeast returns x, or b where x < b. NaN stays NaN.
func atMost(x, b code) code  { return simd(0xea, x, b) }
func atLeast(x, b code) code { return simd(0xeb, x, b) }

// Masks and bits.
func equal(a, b code) code        { return simd(0x41, a, b) }
func notEqual(a, b code) code     { return simd(0x42, a, b) }
func less(a, b code) code         { return simd(0x43, a, b) }
func greater(a, b code) code      { return simd(0x44, a, b) }
func lessEqual(a, b code) code    { return simd(0x45, a, b) }
func greaterEqual(a, b code) code { return simd(0x46, a, b) }
func and(a, b code) code          { return simd(0x4e, a, b) }
func andNot(a, b code) code       { return simd(0x4f, a, b) } // a and not b
func or(a, b code) code           { return simd(0x50, a, b) }
func xor(a, b code) code          { return simd(0x51, a, b) }

// pick returns yes where the mask is set and no elsewhere.
func pick(mask, yes, no code) code { return simd(0x52, yes, no, mask) }

// Integers, four at a time.
func addWords(a, b code) code           { return simd(0xae, a, b) }
func subWords(a, b code) code           { return simd(0xb1, a, b) }
func minWords(a, b code) code           { return simd(0xb6, a, b) } // signed
func lessWords(a, b code) code          { return simd(0x39, a, b) } // signed
func belowWords(a, b code) code         { return simd(0x3a, a, b) } // unsigned
func splatInt(x code) code              { return simd(0x11, x) }
func shiftLeft(a code, n int) code      { return simd(0xab, a, number(n)) }
func shiftRight(a code, n int) code     { return simd(0xac, a, number(n)) } // keeps the sign
func shiftRightZero(a code, n int) code { return simd(0xad, a, number(n)) }
func mulLowWords(a, b code) code        { return simd(0xde, a, b) } // of the lower two, unsigned, to 64 bits
func mulHighWords(a, b code) code       { return simd(0xdf, a, b) }

// float64, two at a time.
func addDouble(a, b code) code { return simd(0xf0, a, b) }
func subDouble(a, b code) code { return simd(0xf1, a, b) }
func mulDouble(a, b code) code { return simd(0xf2, a, b) }
func divDouble(a, b code) code { return simd(0xf3, a, b) }
func toDouble(a code) code     { return simd(0x5f, a) } // of the lower two
func toSingle(a code) code     { return simd(0x5e, a) } // to the lower two
func firstDouble(a code) code  { return append(simd(0x21, a), 0) }
func secondDouble(a code) code { return append(simd(0x21, a), 1) }
func firstFloat(a code) code   { return append(simd(0x1f, a), 0) }

func sqrtDouble(a code) code  { return simd(0xef, a) }
func floorDouble(a code) code { return simd(0x75, a) }
func fromWords(a code) code   { return simd(0xff, a) } // of the lower two, unsigned

// Integers of 64 bits, two at a time.
func addLong(a, b code) code             { return simd(0xce, a, b) }
func subLong(a, b code) code             { return simd(0xd1, a, b) }
func shiftLeftLong(a code, n int) code   { return simd(0xcb, a, number(n)) }
func shiftRightLong(a code, n int) code  { return simd(0xcc, a, number(n)) } // keeps the sign
func shiftRightLong0(a code, n int) code { return simd(0xcd, a, number(n)) }

// high returns the upper half of a in the lower one.
func high(a code) code { return shuffle(a, a, 2, 3, 2, 3) }
