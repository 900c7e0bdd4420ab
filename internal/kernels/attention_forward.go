package kernels

import "math"

// forward computes the heads of group g of row b.
func (a *Attention[T]) forward(p *Pool, b, g int, out Vectors[T], stats []T, q, k, v Vectors[T], mask []T, m *attentionMemory[T]) {
	bias, visible := a.hide(&m.bias, mask, b)
	visible = min(visible, a.sees(a.Queries-1))
	keys := packColumns(p, &m.columns, k, b, a.Keys, g, a.Size, visible)
	values := packRows(p, &m.values, v, b, a.Keys, g, a.ValueSize, visible)
	group, rows := a.Heads/a.KeyHeads, a.rows()
	blocks := (a.Queries + rows - 1) / rows
	x := attended[T]{Attention: a, b: b, visible: visible, bias: bias, keys: keys, values: values, q: q, out: out, stats: stats, memory: m}
	x.infinite = a.Causal && HasNonFinite(values.data)
	divide(p, group*blocks, 1, attendedJob[T]{x, g * group, blocks, p == nil})
}

// An attendedJob computes blocks of queries of the heads from number head on. alone says that it computes them all.
type attendedJob[T Float] struct {
	attended[T]
	head, blocks int // blocks of a head
	alone        bool
}

func (j *attendedJob[T]) piece(lo, hi int) {
	x, rows := j.attended, j.rows()
	m := x.memory
	if !j.alone {
		m = borrowAttention[T]()
		defer giveBackAttention(m)
	}
	x.scores, x.sums, x.factors = room(&m.scores, rows*(keyBlock+blockGap)), room(&m.sums, 2*rows), room(&m.factors, rows)
	if x.Keep > 0 {
		x.noise = room(&m.noise, keyBlock)
	}
	for i := lo; i < hi; i++ {
		x.block(j.head+i/j.blocks, i%j.blocks*rows, min((i%j.blocks+1)*rows, x.Queries))
	}
}

// attended is what one worker needs to compute blocks of queries.
type attended[T Float] struct {
	*Attention[T]
	b, visible int
	bias       []T
	keys       columnPack[T]
	values     rowPack[T]
	q, out     Vectors[T]
	stats      []T
	memory     *attentionMemory[T]
	infinite   bool // a value, or what is between the panels of values, is not finite
	scores     []T  // of a block of queries and a block of keys
	sums       []T  // of each query of a block: the maximum of its scores, and the sum of its weights
	factors    []T  // of each query: see weighRows
	noise      []T
}

// block computes the queries [i0, i1) of head h.
func (x *attended[T]) block(h, i0, i1 int) {
	n := min(x.visible, x.sees(i1-1))
	rows := i1 - i0
	q, c := x.q.at(x.b, x.Queries, i0, h, x.Size), x.out.at(x.b, x.Queries, i0, h, x.ValueSize)
	for r := range rows {
		x.sums[2*r], x.sums[2*r+1] = T(math.Inf(-1)), 0
		if n <= 0 {
			clear(c[r*x.out.Stride:][:x.ValueSize])
		}
	}
	for j := 0; j < n; j += keyBlock {
		w := min(keyBlock, n-j)
		stride := blockStride(w)
		var bias []T
		if x.bias != nil {
			bias = x.bias[j:]
		}
		t := x.triangle(i0, j, w)
		scores(t, x.scores, stride, q, x.q.Stride, rows, x.Size, x.keys.from(j), w, x.Scale, bias, &x.memory.next)
		weighRows(x.scores, stride, rows, w, t, x.sums, x.factors)
		for r := range rows {
			if j > 0 && x.factors[r] != 1 {
				row := c[r*x.out.Stride:][:x.ValueSize]
				Scale(row, row, x.factors[r])
			}
			if x.Keep > 0 {
				x.drop(x.noise, x.b, h, i0+r, j, w)
				Mul(x.scores[r*stride:][:w], x.scores[r*stride:][:w], x.noise[:w])
			}
		}
		t.alone = x.infinite
		byRows(t, c, x.out.Stride, x.scores, stride, rows, w, x.values.from(j), x.ValueSize, 1, j > 0, &x.memory.next)
	}
	stats := x.stat(x.stats, x.b, h, i0)
	for r := range rows {
		m, sum := x.sums[2*r], x.sums[2*r+1]
		if stats[2*r], stats[2*r+1] = m, 1/sum; sum == 0 {
			stats[2*r], stats[2*r+1] = 0, 0
		}
	}
	scaleRows(c, x.out.Stride, rows, x.ValueSize, stats)
}
