//go:build !noasm

package kernels

// peakLoop returns a loop of multiply-adds in the form i and the operations in each round, or nil if the form has none.
func peakLoop[T Float](i ISA) (loop func(n int), flops int) {
	switch {
	case i == Generic:
		return nil, 0
	case i == AVX2 && single[T]():
		return f32AVX2Peak, 12 * 8 * 2
	case i == AVX2:
		return f64AVX2Peak, 12 * 4 * 2
	case single[T]():
		return f32AVX512Peak, 12 * 16 * 2
	}
	return f64AVX512Peak, 12 * 8 * 2
}

func f32AVX2Peak(n int)
func f64AVX2Peak(n int)
func f32AVX512Peak(n int)
func f64AVX512Peak(n int)
