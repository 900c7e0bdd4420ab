package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestAttentionPadding pads sequences with keys and queries that the mask hides, beside other rows, and wants the bits of each
// sequence alone.
func TestAttentionPadding(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testAttentionPadding[float32](t)
		testAttentionPadding[float64](t)
	})
}

func testAttentionPadding[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, causal := range []bool{false, true} {
		const long, heads, size = 261, 2, 3
		a := Attention[T]{Batch: 3, Heads: heads, KeyHeads: heads, Queries: long, Keys: long, Size: size, ValueSize: size, Causal: causal, Scale: 0.5}
		x := newAttention(rng, a, true)
		lengths := []int{long, 1, 50}
		for i := range x.mask {
			if x.mask[i] = 0; i%long < lengths[i/long] {
				x.mask[i] = 1
			}
		}
		for b, n := range lengths { // the gradient of padding is 0
			for i := n; i < long; i++ {
				clear(x.dout.at(b, long, i, 0, size)[:heads*size])
			}
		}
		x.plain()
		all := x.run(nil)
		x.check(t, all)
		for b, n := range lengths {
			y := *x
			y.Batch, y.Queries, y.Keys, y.mask = 1, n, n, nil
			for _, v := range []*Vectors[T]{&y.q, &y.k, &y.v, &y.dout} {
				v.Data = v.at(b, long, 0, 0, size)
			}
			y.plain()
			alone := y.run(nil)
			const vector = heads * size
			for part := range 4 { // out, dq, dk, dv
				padded := all[(part*len(lengths)+b)*long*vector:][:long*vector]
				for i, v := range padded {
					want := T(0)
					if i < n*vector {
						want = alone[part*n*vector+i]
					} else if part == 0 {
						continue // the output of padding
					}
					if v != want {
						t.Fatalf("causal %v, row %d, part %d, element %d: got %v in the batch, want %v as alone", causal, b, part, i, v, want)
					}
				}
			}
		}
	}
}

// TestAttentionWithoutKeys wants zeros for queries that see no key, and for their derivatives.
func TestAttentionWithoutKeys(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(9, 10))
		a := Attention[float32]{Batch: 2, Heads: 2, KeyHeads: 1, Queries: 5, Keys: 3, Size: 4, ValueSize: 4, Causal: true, Offset: -2, Scale: 1}
		x := newAttention(rng, a, true)
		copy(x.mask, []float32{1, 1, 1, 0, 0, 0})
		x.plain()
		got := x.run(nil)
		x.check(t, got)
		for i := range 2 * 2 * 4 { // two queries come before the first key
			if got[i] != 0 {
				t.Fatalf("element %d: got %v, want 0", i, got[i])
			}
		}
		for _, none := range []Attention[float32]{{Heads: 1, KeyHeads: 1, Queries: 2, Keys: 2, Size: 1, ValueSize: 1}, {Batch: 1, Heads: 1, KeyHeads: 1, Keys: 2, Size: 1, ValueSize: 1},
			{Batch: 1, Heads: 1, KeyHeads: 1, Queries: 2, Size: 1, ValueSize: 1}} {
			x := newAttention(rng, none, false)
			x.check(t, x.run(nil))
		}
	})
}

// TestAttentionExtremes feeds scores far apart, infinities and NaN.
func TestAttentionExtremes(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		inf, nan := float32(math.Inf(1)), float32(math.NaN())
		for _, c := range []struct {
			why        string
			keys, want []float32 // of a query of 1 over values 1 and 3
		}{
			{"equal scores", []float32{5, 5}, []float32{2}},
			{"scores far apart", []float32{-1e30, 1e30}, []float32{3}},
			{"large scores that are close", []float32{1e6, 1e6}, []float32{2}},
			{"a score of -Inf hides its key", []float32{0, -inf}, []float32{1}},
			{"only scores of -Inf are no keys", []float32{-inf, -inf}, []float32{0}},
			{"a score of +Inf gives NaN", []float32{0, inf}, []float32{nan}},
			{"a score of NaN gives NaN", []float32{nan, 0}, []float32{nan}},
		} {
			a := Attention[float32]{Batch: 1, Heads: 1, KeyHeads: 1, Queries: 1, Keys: 2, Size: 1, ValueSize: 1, Scale: 1}
			one := func(v ...float32) Vectors[float32] { return Vectors[float32]{v, 1} }
			out := one(9)
			a.Forward(nil, out, make([]float32, 2), one(1), one(c.keys...), one(1, 3), nil)
			if got, want := out.Data[0], c.want[0]; got != want && (got == got || want == want) {
				t.Errorf("%s: got %v, want %v", c.why, got, want)
			}
		}
	})
}

// TestAttentionGaps wants elements between the vectors of results left alone.
func TestAttentionGaps(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(11, 12))
		a := Attention[float32]{Batch: 2, Heads: 2, KeyHeads: 2, Queries: 50, Keys: 50, Size: 5, ValueSize: 5, Causal: true, Scale: 1}
		x := newAttention(rng, a, false)
		const stride, guard = 33, 7
		packed := make([]float32, 2*50*stride)
		Fill(packed, guard)
		out := Vectors[float32]{make([]float32, 2*50*10), 10}
		stats := make([]float32, a.Stats())
		x.Forward(nil, out, stats, x.q, x.k, x.v, nil)
		x.Backward(nil, Vectors[float32]{packed, stride}, Vectors[float32]{packed[10:], stride}, Vectors[float32]{packed[20:], stride}, x.dout, out, stats, x.q, x.k, x.v, nil)
		flat := x.run(nil)[len(x.out):]
		for i, v := range packed {
			t0, c := i/stride, i%stride
			want := float32(guard)
			if c < 30 {
				want = flat[c/10*len(x.dq)+t0*10+c%10]
			}
			if v != want {
				t.Fatalf("element %d: got %v, want %v", i, v, want)
			}
		}
	})
}
