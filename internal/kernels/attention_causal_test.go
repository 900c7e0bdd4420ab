package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestAttentionCausalNotFinite puts a NaN or an infinity in one place of a causal attention, and wants the bits of finite operands in
// all results that do not depend on that place.
func TestAttentionCausalNotFinite(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testAttentionCausalNotFinite[float32](t)
		testAttentionCausalNotFinite[float64](t)
	})
}

func testAttentionCausalNotFinite[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for _, a := range []Attention[T]{
		{Queries: 70, Keys: 70, Size: 32, ValueSize: 32},
		{Queries: 50, Keys: 53, Size: 5, ValueSize: 7, Offset: 3},
		{Queries: 30, Keys: 290, Size: 8, ValueSize: 16, Offset: 260},
	} {
		a.Batch, a.Heads, a.KeyHeads, a.Causal, a.Scale = 1, 2, 2, true, 0.5
		x := newAttention(rng, a, false)
		clean := x.run(nil)
		for _, place := range []int{0, 12, 25, a.Queries - 1} {
			for _, bad := range []float64{math.NaN(), math.Inf(1)} {
				for _, operand := range []struct {
					name    string
					vectors *Vectors[T]
					size    int
					at      int
					query   bool // else a key, with the number place+Offset
				}{
					{"query", &x.q, a.Size, place, true}, {"gradient", &x.dout, a.ValueSize, place, true},
					{"key", &x.k, a.Size, place + a.Offset, false}, {"value", &x.v, a.ValueSize, place + a.Offset, false},
				} {
					spoilt := &operand.vectors.at(0, 0, operand.at, 0, operand.size)[0] // of head 0
					old := *spoilt
					*spoilt = T(bad)
					got := x.run(nil)
					*spoilt = old
					for _, part := range []struct {
						name        string
						times, size int
						query       bool
					}{{"out", a.Queries, a.ValueSize, true}, {"dq", a.Queries, a.Size, true}, {"dk", a.Keys, a.Size, false}, {"dv", a.Keys, a.ValueSize, false}} {
						for i := range part.times * 2 * part.size {
							number, head := i/(2*part.size), i/part.size%2
							independent := head == 1
							if operand.query { // it sees the keys up to place+Offset
								independent = independent || part.query && number != place || !part.query && number > place+a.Offset
							} else { // the queries from place on see it
								independent = independent || part.query && number < place
							}
							if independent && got[i] != clean[len(clean)-len(got)+i] {
								t.Fatalf("%+v: %v in %s %d: %s: vector %d of head %d: got %v, want %v as without it",
									a, bad, operand.name, operand.at, part.name, number, head, got[i], clean[len(clean)-len(got)+i])
							}
						}
						got = got[part.times*2*part.size:]
					}
				}
			}
		}
	}
}
