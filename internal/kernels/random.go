package kernels

import (
	"fmt"
	"math/bits"
)

// A Stream identifies one sequence of random numbers. Key is the seed, and each tensor drawn with that seed has its own
// Counter. Elements are numbered from 0; any range of them has the same bits on every machine, in whatever order it is
// drawn.
//
// The generator is Philox4x32-10 (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, 2011).
type Stream struct{ Key, Counter uint64 }

const (
	philoxMul0, philoxMul1   = 0xD2511F53, 0xCD9E8D57
	philoxWeyl0, philoxWeyl1 = 0x9E3779B9, 0xBB67AE85
)

// block returns the words 4b to 4b+3 of the stream.
func (s Stream) block(b uint64) (w [4]uint32) {
	w0, w1, w2, w3 := uint32(b), uint32(b>>32), uint32(s.Counter), uint32(s.Counter>>32)
	k0, k1 := uint32(s.Key), uint32(s.Key>>32)
	for range 10 {
		hi0, lo0 := bits.Mul32(philoxMul0, w0)
		hi1, lo1 := bits.Mul32(philoxMul1, w2)
		w0, w1, w2, w3 = hi1^w1^k0, lo1, hi0^w3^k1, lo0
		k0 += philoxWeyl0
		k1 += philoxWeyl1
	}
	return [4]uint32{w0, w1, w2, w3}
}

// UniformFill sets dst to elements offset, offset+1, … of the stream, uniform in [0, 1): multiples of 2⁻²⁴ in float32 and
// of 2⁻⁵³ in float64.
func UniformFill[T Float](dst []T, s Stream, offset int) {
	if !single[T]() {
		for i := range dst {
			dst[i] = T(s.uniform64(uint64(offset + i)))
		}
		return
	}
	head, groups := s.split(len(dst), offset)
	word := func(w uint32) T { return T(w>>8) * 0x1p-24 }
	if vectorised[T](groups*groupWords) && groups > 0 {
		eachWord(dst[:head], s, offset, word)
		vectorUniform(pointer(dst[head:]), groups, uint64(offset+head)/4, s)
		head += groups * groupWords
		dst, offset = dst[head:], offset+head
	}
	eachWord(dst, s, offset, word)
}

// uniform64 returns element i of the stream with 53 bits, made from two words.
func (s Stream) uniform64(i uint64) float64 {
	w := s.block(i / 2)
	lo, hi := w[i%2*2], w[i%2*2+1]
	return float64((uint64(hi)<<32|uint64(lo))>>11) * 0x1p-53
}

// BernoulliMask sets each element of dst to scale with probability keep and to 0 otherwise. Element i becomes scale if word
// offset+i of the stream, read as a uniform number of 24 bits, is less than keep. Both element types get the same mask.
func BernoulliMask[T Float](dst []T, s Stream, offset int, keep T, scale T) {
	if !(keep >= 0 && keep <= 1) {
		panic(fmt.Sprintf("kernels: BernoulliMask: keep: got %g, want 0 to 1", keep))
	}
	below := uint32(float64(keep) * (1 << 24))
	head, groups := s.split(len(dst), offset)
	word := func(w uint32) T {
		if w>>8 < below {
			return scale
		}
		return 0
	}
	if vectorised[T](groups*groupWords) && groups > 0 {
		eachWord(dst[:head], s, offset, word)
		vectorBernoulli(pointer(dst[head:]), groups, uint64(offset+head)/4, s, below, float32(scale))
		head += groups * groupWords
		dst, offset = dst[head:], offset+head
	}
	eachWord(dst, s, offset, word)
}

// groupWords is the number of words that the vector forms draw in one round.
const groupWords = 32

// split divides n words that begin at number offset: a head up to the next whole block, then as many whole groups as fit.
// The rest is left.
func (s Stream) split(n, offset int) (head, groups int) {
	head = min(n, -offset&3)
	return head, (n - head) / groupWords
}

// eachWord sets dst[i] = f(word offset+i).
func eachWord[T Float](dst []T, s Stream, offset int, f func(word uint32) T) {
	for len(dst) > 0 {
		w := s.block(uint64(offset) / 4)
		n := min(len(dst), 4-offset&3)
		for i := range n {
			dst[i] = f(w[offset&3+i])
		}
		dst, offset = dst[n:], offset+n
	}
}
