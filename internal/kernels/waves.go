package kernels

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels/coefficients"
)

// Sin and Cos subtract the multiple of π/2 next to |x| in four parts and keep what the difference lacks, so that the results next to zeros
// are as accurate as others. That serves |x| up to coefficients.WaveLargest; larger ones and infinities go to package math.

// Sin sets dst = sin x.
func Sin[T Float](dst, x []T) { mapWave(opSin, dst, x, math.Sin, sin32) }

// Cos sets dst = cos x.
func Cos[T Float](dst, x []T) { mapWave(opCos, dst, x, math.Cos, cos32) }

const (
	waveBlock = 4096 // elements that stay in the first-level cache
	waveFew   = 64
)

// mapWave is mapMath for a function whose vector form serves no |x| beyond coefficients.WaveLargest. Those elements go to single.
func mapWave[T Float](op op1, dst, x []T, double func(float64) float64, single func(float32) float32) {
	sameLength(op.String(), len(dst), len(x))
	for n := 0; len(x) > 0; dst, x = dst[n:], x[n:] {
		n = min(len(x), waveBlock)
		if !vectorised[T](n) || MinOf(x[:n]) >= -coefficients.WaveLargest && MaxOf(x[:n]) <= coefficients.WaveLargest {
			mapMath(op, dst[:n], x[:n], double, single)
			continue
		}
		n = min(n, waveFew)
		var before [waveFew]T // since dst may be x
		copy(before[:], x[:n])
		mapMath(op, dst[:n], x[:n], double, single)
		for i, v := range before[:n] {
			if !isNear(float32(v)) {
				dst[i] = T(single(float32(v)))
			}
		}
	}
}

// isNear reports whether the formulas serve x; NaN and infinities are far.
func isNear(x float32) bool { return abs32(x) <= coefficients.WaveLargest }

// sin32 returns sin x by way of |x|, so that -0 stays -0.
func sin32(x float32) float32 {
	if !isNear(x) {
		return float32(math.Sin(float64(x)))
	}
	t, r, rest := quarters32(abs32(x))
	return math.Float32frombits(math.Float32bits(wave32(t, r, rest)) ^ math.Float32bits(x)&signBit)
}

// cos32 returns cos x, a quarter of a turn ahead of the sine.
func cos32(x float32) float32 {
	if !isNear(x) {
		return float32(math.Cos(float64(x)))
	}
	t, r, rest := quarters32(abs32(x))
	return wave32(t+1, r, rest)
}

// quarters32 splits a ≥ 0 into n·π/2 + r + rest with |r| ≤ π/4 and a little, where rest is what r lacks. The low bits of t are n.
func quarters32(a float32) (t uint32, r, rest float32) {
	u := a*(2/math.Pi) + roundMagic
	n, p := u-roundMagic, &coefficients.HalfPi
	a = a - n*p[0] - n*p[1]
	c := float32(n * p[2])
	b := a - c
	lo := a - b - c - n*p[3]
	r = b + lo
	return math.Float32bits(u), r, b - r + lo
}

// wave32 returns sin(n·π/2 + r + rest) for n in the low bits of t.
func wave32(t uint32, r, rest float32) float32 {
	z := r * r
	var y float32
	if t&1 == 0 {
		c := &coefficients.Sin
		y = r + (((c[0]*z+c[1])*z+c[2])*z*r + rest)
	} else {
		c, h := &coefficients.Cos, float32(z*0.5)
		w := 1 - h
		y = w + (((c[0]*z+c[1])*z+c[2])*z*z + (1 - w - h - r*rest))
	}
	return math.Float32frombits(math.Float32bits(y) ^ t<<30&signBit)
}
