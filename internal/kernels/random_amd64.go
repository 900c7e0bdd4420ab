//go:build !noasm

package kernels

// vectorUniform draws 32·groups numbers of the stream, starting at block first. The form in use must not be Generic.
func vectorUniform(dst *float32, groups int, first uint64, s Stream) {
	if isa == AVX512 {
		uniformAVX512(dst, groups, first, s.Key, s.Counter)
	} else {
		uniformAVX2(dst, groups, first, s.Key, s.Counter)
	}
}

// vectorBernoulli is vectorUniform for BernoulliMask.
func vectorBernoulli(dst *float32, groups int, first uint64, s Stream, below uint32, scale float32) {
	if isa == AVX512 {
		bernoulliAVX512(dst, groups, first, s.Key, s.Counter, below, scale)
	} else {
		bernoulliAVX2(dst, groups, first, s.Key, s.Counter, below, scale)
	}
}

// vectorNormal is vectorUniform for the normal distribution.
func vectorNormal(dst *float32, groups int, first uint64, s Stream) {
	if isa == AVX512 {
		normalAVX512(dst, groups, first, s.Key, s.Counter)
	} else {
		normalAVX2(dst, groups, first, s.Key, s.Counter)
	}
}
