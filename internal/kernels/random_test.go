package kernels

import (
	"math"
	"math/bits"
	"testing"
)

// TestPhiloxKnownAnswers uses the vectors of the Random123 library (tests/kat_vectors, philox4x32 10).
func TestPhiloxKnownAnswers(t *testing.T) {
	for _, c := range []struct {
		block uint64
		s     Stream
		want  [4]uint32
	}{
		{0, Stream{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{math.MaxUint64, Stream{math.MaxUint64, math.MaxUint64}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{0x85a308d3243f6a88, Stream{Key: 0x299f31d0a4093822, Counter: 0x0370734413198a2e},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		if got := c.s.block(c.block); got != c.want {
			t.Errorf("block %#x of %#x: got %#x, want %#x", c.block, c.s, got, c.want)
		}
	}
}

// TestDrawsDoNotDependOnTheCut draws parts of a stream in every form and wants the bits of one portable draw.
func TestDrawsDoNotDependOnTheCut(t *testing.T) {
	testDraws[float32](t)
	testDraws[float64](t)
}

func testDraws[T Float](t *testing.T) {
	s := Stream{0x0123456789abcdef, 0xfedcba9876543210}
	const n = 300
	beyond := 0
	if bits.UintSize == 64 {
		beyond = math.MaxInt>>29 - 150 // the block number exceeds 2³²
	}
	for name, draw := range map[string]func(dst []T, offset int){
		"UniformFill":   func(dst []T, offset int) { UniformFill(dst, s, offset) },
		"NormalFill":    func(dst []T, offset int) { NormalFill(dst, s, offset) },
		"BernoulliMask": func(dst []T, offset int) { BernoulliMask(dst, s, offset, 0.3, 2) },
	} {
		for _, base := range []int{0, beyond} {
			old := isa
			useISA(Generic)
			whole := make([]T, n)
			draw(whole, base)
			useISA(old)
			eachISA(t, func(t *testing.T) {
				for from := range 40 {
					for _, size := range []int{0, 1, 3, 31, 35, 36, 64, 130, 260} {
						const guard = 9
						part := make([]T, size+16)
						Fill(part, guard)
						draw(part[8:8+size], base+from)
						for i, got := range part {
							if i -= 8; i < 0 || i >= size {
								if got != guard {
									t.Fatalf("%s: wrote outside of dst", name)
								}
							} else if got != whole[from+i] {
								t.Fatalf("%s: element %d+%d of %d: got %g, want %g", name, from, i, size, got, whole[from+i])
							}
						}
					}
				}
			})
		}
	}
}

// TestDrawsAreDistributed checks the moments of 2¹⁸ numbers, within five standard errors, and their range.
func TestDrawsAreDistributed(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testDistributions[float32](t)
		testDistributions[float64](t)
	})
}

func testDistributions[T Float](t *testing.T) {
	const n = 1 << 18
	x := make([]T, n)
	moment := func(power int) (mean float64) {
		for _, v := range x {
			p := 1.0
			for range power {
				p *= float64(v)
			}
			mean += p / n
		}
		return mean
	}
	near := func(what string, got, want, deviation float64) {
		t.Helper()
		if math.Abs(got-want) > 5*deviation/math.Sqrt(n) {
			t.Errorf("%s: got %g, want %g", what, got, want)
		}
	}
	UniformFill(x, Stream{1, 2}, 0)
	near("mean of UniformFill", moment(1), 0.5, math.Sqrt(1./12))
	near("second moment of UniformFill", moment(2), 1./3, math.Sqrt(1./5-1./9))
	if MinOf(x) < 0 || MaxOf(x) >= 1 || MaxOf(x) < 0.9999 {
		t.Errorf("UniformFill: got numbers from %g to %g", MinOf(x), MaxOf(x))
	}
	NormalFill(x, Stream{1, 3}, 0)
	near("mean of NormalFill", moment(1), 0, 1)
	near("second moment of NormalFill", moment(2), 1, math.Sqrt(2))
	near("third moment of NormalFill", moment(3), 0, math.Sqrt(15))
	near("fourth moment of NormalFill", moment(4), 3, math.Sqrt(96))
	if HasNonFinite(x) || MaxOf(x) < 4 || MinOf(x) > -4 {
		t.Errorf("NormalFill: got numbers from %g to %g", MinOf(x), MaxOf(x))
	}
	var product float64
	for i := range n / 2 {
		product += float64(x[2*i]) * float64(x[2*i+1]) / n
	}
	near("product of a pair of NormalFill", product, 0, math.Sqrt(0.5))
	BernoulliMask(x, Stream{1, 4}, 0, 0.8, 1.25)
	near("mean of BernoulliMask", moment(1), 1, math.Sqrt(0.25))
	for _, v := range x {
		if v != 0 && v != 1.25 {
			t.Fatalf("BernoulliMask: got %g", v)
		}
	}
	BernoulliMask(x, Stream{1, 5}, 0, 1, 3)
	if MinOf(x) != 3 {
		t.Error("BernoulliMask with keep 1: got a 0")
	}
	if BernoulliMask(x, Stream{1, 6}, 0, 0, 3); MaxOf(x) != 0 {
		t.Error("BernoulliMask with keep 0: got a number other than 0")
	}
}

// TestStreamsDiffer draws with neighbouring keys and counters: no word may be drawn twice.
func TestStreamsDiffer(t *testing.T) {
	seen := map[float64]bool{}
	for key := range uint64(4) {
		for counter := range uint64(4) {
			var x [100]float64
			UniformFill(x[:], Stream{key, counter}, 0)
			for _, v := range x {
				if seen[v] {
					t.Fatalf("%g was drawn twice", v)
				}
				seen[v] = true
			}
		}
	}
}
