package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// An attentionTrial is an attention with random operands, and its plain results in float64.
type attentionTrial[T Float] struct {
	Attention[T]
	q, k, v, dout Vectors[T]
	mask          []T

	out, dq, dk, dv []float64
}

// randomVectors returns vectors with gaps between them.
func randomVectors[T Float](rng *rand.Rand, n, width int) Vectors[T] {
	v := Vectors[T]{Stride: width + rng.IntN(4)}
	v.Data = make([]T, n*v.Stride)
	for i := range v.Data {
		v.Data[i] = T(rng.NormFloat64())
	}
	return v
}

// newAttention fills the operands of a.
func newAttention[T Float](rng *rand.Rand, a Attention[T], masked bool) *attentionTrial[T] {
	x := &attentionTrial[T]{Attention: a}
	x.q, x.dout = randomVectors[T](rng, a.Batch*a.Queries, a.Heads*a.Size), randomVectors[T](rng, a.Batch*a.Queries, a.Heads*a.ValueSize)
	x.k, x.v = randomVectors[T](rng, a.Batch*a.Keys, a.KeyHeads*a.Size), randomVectors[T](rng, a.Batch*a.Keys, a.KeyHeads*a.ValueSize)
	if masked {
		x.mask = make([]T, a.Batch*a.Keys)
		for i := range x.mask {
			x.mask[i] = T(rng.IntN(2))
		}
	}
	x.plain()
	return x
}

// plain computes the results by their definition.
func (x *attentionTrial[T]) plain() {
	x.out, x.dq = make([]float64, x.Batch*x.Queries*x.Heads*x.ValueSize), make([]float64, x.Batch*x.Queries*x.Heads*x.Size)
	x.dk, x.dv = make([]float64, x.Batch*x.Keys*x.KeyHeads*x.Size), make([]float64, x.Batch*x.Keys*x.KeyHeads*x.ValueSize)
	group := x.Heads / x.KeyHeads
	for b := range x.Batch {
		for h := range x.Heads {
			for i := range x.Queries {
				x.plainQuery(b, h, h/group, i)
			}
		}
	}
}

func (x *attentionTrial[T]) plainQuery(b, h, g, i int) {
	q, dout := x.q.at(b, x.Queries, i, h, x.Size), x.dout.at(b, x.Queries, i, h, x.ValueSize)
	out := x.out[((b*x.Queries+i)*x.Heads+h)*x.ValueSize:][:x.ValueSize]
	dq := x.dq[((b*x.Queries+i)*x.Heads+h)*x.Size:][:x.Size]
	w, keep := make([]float64, x.Keys), make([]float64, x.Keys)
	var sum float64
	m := math.Inf(-1)
	noise := make([]T, ceilTo(x.Keys, NoiseGroup))
	if x.Keep > 0 {
		x.drop(noise, b, h, i, 0, x.Keys)
	}
	seen := func(j int) bool {
		return (x.mask == nil || x.mask[b*x.Keys+j] != 0) && (!x.Causal || j <= i+x.Offset)
	}
	for j := range x.Keys {
		if keep[j] = 1; x.Keep > 0 {
			keep[j] = float64(noise[j])
		}
		if seen(j) {
			for c, k := range x.k.at(b, x.Keys, j, g, x.Size)[:x.Size] {
				w[j] += float64(x.Scale) * float64(q[c]) * float64(k)
			}
			m = max(m, w[j])
		}
	}
	for j := range x.Keys {
		if !seen(j) {
			w[j] = 0
			continue
		}
		w[j] = math.Exp(w[j] - m)
		sum += w[j]
	}
	var dot float64
	dw := make([]float64, x.Keys)
	for j := range x.Keys {
		if sum > 0 {
			w[j] /= sum
		}
		for c, v := range x.v.at(b, x.Keys, j, g, x.ValueSize)[:x.ValueSize] {
			out[c] += w[j] * keep[j] * float64(v)
			dw[j] += float64(dout[c]) * float64(v) * keep[j]
			x.dv[((b*x.Keys+j)*x.KeyHeads+g)*x.ValueSize+c] += w[j] * keep[j] * float64(dout[c])
		}
		dot += dw[j] * w[j]
	}
	for j := range x.Keys {
		ds := w[j] * (dw[j] - dot) * float64(x.Scale)
		for c, k := range x.k.at(b, x.Keys, j, g, x.Size)[:x.Size] {
			dq[c] += ds * float64(k)
			x.dk[((b*x.Keys+j)*x.KeyHeads+g)*x.Size+c] += ds * float64(q[c])
		}
	}
}

// run computes out, dq, dk and dv, all in one slice without gaps.
func (x *attentionTrial[T]) run(p *Pool) []T {
	sizes := []int{len(x.out), len(x.dq), len(x.dk), len(x.dv)}
	all := make([]T, sizes[0]+sizes[1]+sizes[2]+sizes[3])
	Fill(all, nan[T]())
	at := 0
	part := func(i, stride int) Vectors[T] {
		v := Vectors[T]{Data: all[at : at+sizes[i]], Stride: stride}
		at += sizes[i]
		return v
	}
	out, dq := part(0, x.Heads*x.ValueSize), part(1, x.Heads*x.Size)
	dk, dv := part(2, x.KeyHeads*x.Size), part(3, x.KeyHeads*x.ValueSize)
	stats := make([]T, x.Stats())
	x.Forward(p, out, stats, x.q, x.k, x.v, x.mask)
	x.Backward(p, dq, dk, dv, x.dout, out, stats, x.q, x.k, x.v, x.mask)
	return all
}

// check compares results with the plain ones.
func (x *attentionTrial[T]) check(t *testing.T, got []T) {
	t.Helper()
	eps := 3e-5
	if !single[T]() {
		eps = 6e-14
	}
	for _, part := range []struct {
		name string
		want []float64
	}{{"out", x.out}, {"dq", x.dq}, {"dk", x.dk}, {"dv", x.dv}} {
		largest := 1.0
		for _, w := range part.want {
			largest = max(largest, math.Abs(w))
		}
		for i, w := range part.want {
			if !(math.Abs(float64(got[i])-w) <= eps*largest) {
				t.Fatalf("%+v, masked %v: %s: element %d: got %v, want %v", x.Attention, x.mask != nil, part.name, i, got[i], w)
			}
		}
		got = got[len(part.want):]
	}
}

// attentions are the forms and sizes that the tests run.
func attentions[T Float](rng *rand.Rand, f func(name string, x *attentionTrial[T])) {
	noise := Stream{Key: 7, Counter: 3}
	trials := 40
	if testing.Short() {
		trials = 8
	}
	for i := range trials {
		heads, group := 1+rng.IntN(3), 1+rng.IntN(3)
		a := Attention[T]{Batch: 1 + rng.IntN(3), Heads: heads * group, KeyHeads: heads, Queries: 1 + rng.IntN(70), Keys: 1 + rng.IntN(70),
			Size: 1 + rng.IntN(40), ValueSize: 1 + rng.IntN(40), Causal: rng.IntN(2) == 0, Scale: T(0.2 + rng.Float64())}
		a.Offset = a.Keys - a.Queries + rng.IntN(3) - 1
		if i%3 == 0 {
			a.Keep, a.Noise, a.Row = 0.7, noise, i
		}
		f(fmt.Sprint("random ", i), newAttention(rng, a, rng.IntN(2) == 0))
	}
	for _, a := range []Attention[T]{
		{Batch: 1, Heads: 2, KeyHeads: 1, Queries: 60, Keys: 530, Size: 32, ValueSize: 64, Causal: true, Offset: 470},
		{Batch: 1, Heads: 1, KeyHeads: 1, Queries: 520, Keys: 270, Size: 9, ValueSize: 6, Causal: true},
		{Batch: 2, Heads: 1, KeyHeads: 1, Queries: 2, Keys: 550, Size: 300, ValueSize: 130, Keep: 0.5, Noise: noise},
		{Batch: 2, Heads: 4, KeyHeads: 2, Queries: 1, Keys: 300, Size: 16, ValueSize: 140},
	} {
		a.Scale = T(1 / math.Sqrt(float64(a.Size)))
		f(fmt.Sprintf("%d queries, %d keys", a.Queries, a.Keys), newAttention(rng, a, a.Batch > 1))
	}
}

// TestAttention compares results with plain sums; any number of workers gives the same bits.
func TestAttention(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testAttention[float32](t)
		testAttention[float64](t)
	})
}

func testAttention[T Float](t *testing.T) {
	workers := pools(t)
	attentions(rand.New(rand.NewPCG(5, 6)), func(name string, x *attentionTrial[T]) {
		first := x.run(nil)
		x.check(t, first)
		for _, p := range workers[1:4] {
			for i, v := range x.run(p) {
				if v != first[i] {
					t.Fatalf("%s: %d workers: element %d: got %v, want the bits of one worker, %v", name, p.Workers(), i, v, first[i])
				}
			}
		}
	})
}
