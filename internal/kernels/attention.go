package kernels

import "fmt"

// An Attention is scaled dot-product attention (Vaswani et al. 2017, section 3.2) of several heads. In each head, query i gives
// the mean of the values, weighted by softmax(Scale·query·key) over the keys that it sees. A query that sees no key gives 0.
// Heads/KeyHeads neighbouring heads use the same keys and values.
//
// The scores are computed in blocks of queries and keys, with a running maximum and sum for each query (Dao et al. 2022), and
// computed again for the derivative: the memory in use grows in proportion to the number of queries and keys.
type Attention[T Float] struct {
	Batch, Heads, KeyHeads int
	Queries, Keys          int // numbers of vectors of each head and row of the batch
	Size, ValueSize        int // of a query and key, and of a value
	Causal                 bool
	Offset                 int // if Causal, query i sees the keys up to number i+Offset
	Scale                  T

	Keep  T      // dropout keeps a weight with this probability and divides it by it; 0 means no dropout
	Noise Stream // decides which weights dropout keeps
	Row   int    // number of the batch's first row among the rows that Noise is drawn for
}

// Vectors are the vectors of all heads. That of head h at place t of row b of the batch begins at
// Data[(b·times+t)·Stride+h·size], for times vectors of the given size.
type Vectors[T Float] struct {
	Data   []T
	Stride int
}

const (
	keyBlock   = 256 // keys in a block of scores, a multiple of NoiseGroup
	blockGap   = 16  // elements between two rows of a block of scores, so that a column does not fill a set of the cache
	queryBlock = 132 // queries in a block, a multiple of every tile's rows: 11 tiles of 12 have room for 128 queries
)

// NoiseGroup is what the elements of Noise for one query are a multiple of. Element ((row·Heads + head)·Queries + query)·n + key
// decides about a weight, where n is Keys rounded up to the next multiple.
const NoiseGroup = groupWords

// check panics unless v has all elements.
func (v Vectors[T]) check(name string, batch, times, heads, size int) {
	if n := batch * times; n > 0 && (v.Stride < heads*size || len(v.Data) < (n-1)*v.Stride+heads*size) {
		panic(fmt.Sprintf("kernels: Attention: %s: got %d elements with stride %d, want %d vectors of %d", name, len(v.Data), v.Stride, n, heads*size))
	}
}

// at returns the elements from the vector of head h at place t of row b on.
func (v Vectors[T]) at(b, times, t, h, size int) []T { return v.Data[(b*times+t)*v.Stride+h*size:] }

// check panics unless the arguments fit.
func (a *Attention[T]) check(out Vectors[T], stats []T, q, k, v Vectors[T], mask []T) {
	if a.KeyHeads < 1 || a.Heads%a.KeyHeads != 0 || a.Size < 1 || a.ValueSize < 1 || min(a.Batch, a.Queries, a.Keys) < 0 || !(a.Keep >= 0 && a.Keep <= 1) {
		panic(fmt.Sprintf("kernels: Attention: got %+v, want Heads a multiple of KeyHeads, positive sizes and Keep from 0 to 1", *a))
	}
	q.check("q", a.Batch, a.Queries, a.Heads, a.Size)
	k.check("k", a.Batch, a.Keys, a.KeyHeads, a.Size)
	v.check("v", a.Batch, a.Keys, a.KeyHeads, a.ValueSize)
	out.check("out", a.Batch, a.Queries, a.Heads, a.ValueSize)
	sameLength("Attention: stats", len(stats), a.Stats())
	if mask != nil {
		sameLength("Attention: mask", len(mask), a.Batch*a.Keys)
	}
}

// Stats returns the number of elements that Forward leaves for Backward: for each query the maximum of its scores, and one
// divided by the sum of e^(score-maximum).
func (a *Attention[T]) Stats() int { return 2 * a.Batch * a.Heads * a.Queries }

// stat returns the numbers from those of query i of head h on.
func (a *Attention[T]) stat(stats []T, b, h, i int) []T {
	return stats[2*((b*a.Heads+h)*a.Queries+i):]
}

// Forward sets out, which has a vector of ValueSize for each query and head, and stats. mask, (Batch, Keys), is 0 for the keys
// that no query of the row sees; nil means none.
func (a *Attention[T]) Forward(p *Pool, out Vectors[T], stats []T, q, k, v Vectors[T], mask []T) {
	a.check(out, stats, q, k, v, mask)
	a.divide(p, attentionJob[T]{out: out, q: q, k: k, v: v, stats: stats, mask: mask})
}

// Backward sets dq, dk and dv to the derivatives by q, k and v of a sum whose derivative by out is dout. out and stats are those
// of Forward.
func (a *Attention[T]) Backward(p *Pool, dq, dk, dv, dout, out Vectors[T], stats []T, q, k, v Vectors[T], mask []T) {
	a.check(out, stats, q, k, v, mask)
	dq.check("dq", a.Batch, a.Queries, a.Heads, a.Size)
	dk.check("dk", a.Batch, a.Keys, a.KeyHeads, a.Size)
	dv.check("dv", a.Batch, a.Keys, a.KeyHeads, a.ValueSize)
	dout.check("dout", a.Batch, a.Queries, a.Heads, a.ValueSize)
	a.divide(p, attentionJob[T]{derive: true, dq: dq, dk: dk, dv: dv, dout: dout, out: out, q: q, k: k, v: v, stats: stats, mask: mask})
}

// An attentionJob is Forward, or Backward, of some rows of the batch and groups of heads that share their keys.
type attentionJob[T Float] struct {
	*Attention[T]
	derive           bool // Backward
	pool             *Pool
	dq, dk, dv, dout Vectors[T]
	out, q, k, v     Vectors[T]
	stats, mask      []T
}

func (a *Attention[T]) divide(p *Pool, j attentionJob[T]) {
	j.Attention = a
	n := a.Batch * a.KeyHeads
	if workers := p.Workers(); !j.derive && n < 4*workers && n%workers != 0 { // the workers divide the queries of each head
		p, j.pool = nil, p
	} else {
		p, j.pool = inner(p, n)
	}
	divide(p, n, 1, j)
}

func (j *attentionJob[T]) piece(lo, hi int) {
	m := borrowAttention[T]()
	defer giveBackAttention(m)
	for i := lo; i < hi; i++ {
		m.next = ahead{}
		if i+1 < hi && j.pool == nil {
			j.ahead(&m.next, (i+1)/j.KeyHeads, (i+1)%j.KeyHeads)
		}
		if b, g := i/j.KeyHeads, i%j.KeyHeads; !j.derive {
			j.forward(j.pool, b, g, j.out, j.stats, j.q, j.k, j.v, j.mask, m)
		} else {
			j.backward(j.pool, b, g, j.dq, j.dk, j.dv, j.dout, j.out, j.stats, j.q, j.k, j.v, j.mask, m)
		}
	}
}

// sees returns the number of keys that query i sees, without the mask: those before it.
func (a *Attention[T]) sees(i int) int {
	if !a.Causal {
		return a.Keys
	}
	return max(0, min(i+a.Offset+1, a.Keys))
}

// triangle returns which scores matter of queries from number i on and w keys from number j on.
func (a *Attention[T]) triangle(i, j, w int) triangle {
	if !a.Causal {
		return triangle{seen: w}
	}
	return triangle{seen: i + a.Offset + 1 - j, step: 1}
}

// rows returns the number of queries in a block.
func (a *Attention[T]) rows() int { return max(1, min(queryBlock, a.Queries)) }

// drop sets noise to what dropout multiplies the weights of query i of head h with, from key j on: n of them, and some more up to
// a multiple of NoiseGroup.
func (a *Attention[T]) drop(noise []T, b, h, i, j, n int) {
	row := ((a.Row+b)*a.Heads+h)*a.Queries + i
	BernoulliMask(noise[:ceilTo(n, NoiseGroup)], a.Noise, row*ceilTo(a.Keys, NoiseGroup)+j, a.Keep, 1/a.Keep)
}
