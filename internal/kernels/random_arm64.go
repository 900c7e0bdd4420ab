//go:build !noasm

package kernels

import "unsafe"

// vectorUniform draws 32·groups numbers of the stream, starting at block first.
func vectorUniform(dst *float32, groups int, first uint64, s Stream) {
	eachWord(unsafe.Slice(dst, groups*groupWords), s, int(4*first), func(w uint32) float32 { return float32(w>>8) * 0x1p-24 })
}

// vectorBernoulli is vectorUniform for BernoulliMask.
func vectorBernoulli(dst *float32, groups int, first uint64, s Stream, below uint32, scale float32) {
	eachWord(unsafe.Slice(dst, groups*groupWords), s, int(4*first), func(w uint32) float32 {
		if w>>8 < below {
			return scale
		}
		return 0
	})
}

// vectorNormal is vectorUniform for the normal distribution, which has no vector form.
func vectorNormal(dst *float32, groups int, first uint64, s Stream) {
	normals(unsafe.Slice(dst, groups*groupWords), s, int(4*first))
}

// vectorGather is GatherRows for rows of at least 64 bytes, which the runtime copies with vectors.
func vectorGather[T Float](dst, src []T, width int, index []int) {
	for i, r := range index {
		copy(dst[i*width:][:width], src[r*width:][:width])
	}
}
