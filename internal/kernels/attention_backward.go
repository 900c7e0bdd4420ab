package kernels

// backward computes the derivatives by the vectors of group g of row b.
func (a *Attention[T]) backward(p *Pool, b, g int, dq, dk, dv, dout, out Vectors[T], stats []T, q, k, v Vectors[T], mask []T, m *attentionMemory[T]) {
	bias, visible := a.hide(&m.bias, mask, b)
	visible = min(visible, a.sees(a.Queries-1))
	rows := a.rows()
	x := differentiated[T]{
		Attention: a, b: b, g: g, visible: visible, bias: bias,
		columns: packColumns(p, &m.columns, k, b, a.Keys, g, a.Size, visible),
		keys:    packRows(p, &m.keys, k, b, a.Keys, g, a.Size, visible),
		values:  packColumns(p, &m.values, v, b, a.Keys, g, a.ValueSize, visible),
		dq:      dq, dk: dk, dv: dv, q: q, dout: dout, out: out, stats: stats, memory: m,
		queries: room(&m.queries, rows*a.Size), douts: room(&m.douts, rows*a.ValueSize), dots: room(&m.dots, rows),
	}
	blocks := 1 // of scores' derivatives that are held at once
	if p != nil {
		blocks = max(1, (visible+keyBlock-1)/keyBlock)
	}
	x.infinite = a.Causal && HasNonFinite(x.keys.data)
	x.dscores = room(&m.dscores, blocks*rows*(keyBlock+blockGap))
	group := a.Heads / a.KeyHeads
	for h := g * group; h < (g+1)*group; h++ {
		for i := 0; i < a.Queries; i += rows {
			x.block(p, h, i, min(i+rows, a.Queries))
		}
	}
	for j := x.done; j < a.Keys; j++ { // no query sees it
		clear(dk.at(b, a.Keys, j, g, a.Size)[:a.Size])
		clear(dv.at(b, a.Keys, j, g, a.ValueSize)[:a.ValueSize])
	}
}

// differentiated is what the derivative of one group of heads needs.
type differentiated[T Float] struct {
	*Attention[T]
	b, g, visible   int
	done            int // the keys before this one have derivatives, to which the next queries add
	bias            []T
	columns, values columnPack[T] // the keys and the values
	keys            rowPack[T]
	dq, dk, dv      Vectors[T]
	q, dout, out    Vectors[T]
	stats           []T
	memory          *attentionMemory[T]
	infinite        bool // an element of a key, or what is between the panels of keys, is not finite

	// Of a block of queries, without gaps: the queries; the derivatives by the outputs, and their products with the outputs, both
	// divided by the sum of the weights.
	queries, douts, dots           []T
	infiniteQueries, infiniteDouts bool // an element of them is not finite
	dscores                        []T  // the derivatives by the scores, divided by Scale
}

// block adds what the queries [i0, i1) of head h contribute.
func (x *differentiated[T]) block(p *Pool, h, i0, i1 int) {
	rows := i1 - i0
	copyRows(x.queries, x.q.at(x.b, x.Queries, i0, h, x.Size), x.q.Stride, x.Size, x.Size, rows)
	stats := x.stat(x.stats, x.b, h, i0)
	dout, out := x.dout.at(x.b, x.Queries, i0, h, x.ValueSize), x.out.at(x.b, x.Queries, i0, h, x.ValueSize)
	scaleDotRows(x.douts, dout, out, x.dout.Stride, x.out.Stride, rows, x.ValueSize, stats, x.dots)
	if x.Causal {
		x.infiniteQueries, x.infiniteDouts = HasNonFinite(x.queries[:rows*x.Size]), HasNonFinite(x.douts[:rows*x.ValueSize])
	}
	dq := x.dq.at(x.b, x.Queries, i0, h, x.Size)
	n := min(x.visible, x.sees(i1-1))
	if n <= 0 {
		for r := range rows {
			clear(dq[r*x.dq.Stride:][:x.Size])
		}
		return
	}
	blocks := (n + keyBlock - 1) / keyBlock
	divide(p, blocks, 1, keysJob[T]{*x, dq, h, i0, i1, n, p == nil})
	if p != nil {
		for i := range blocks {
			x.queryPart(dq, i0, rows, i*keyBlock, n, x.dscores[i*rows*(keyBlock+blockGap):])
		}
	}
	x.done = max(x.done, n)
}

// A keysJob computes blocks of keys for the queries [i0, i1) of head h. alone says that it computes them all, with the memory of one.
type keysJob[T Float] struct {
	differentiated[T]
	queryDeriv   []T
	h, i0, i1, n int
	alone        bool
}

func (j *keysJob[T]) piece(lo, hi int) {
	size := (j.i1 - j.i0) * (keyBlock + blockGap)
	m := j.memory
	if !j.alone {
		m = borrowAttention[T]()
		defer giveBackAttention(m)
	}
	weights := room(&m.weights, size)
	var noise []T
	if j.Keep > 0 {
		noise = room(&m.noise, size)
	}
	for i := lo; i < hi; i++ {
		if j.alone {
			j.keyBlock(j.h, j.i0, j.i1, i*keyBlock, j.n, weights, noise, j.dscores)
			j.queryPart(j.queryDeriv, j.i0, j.i1-j.i0, i*keyBlock, j.n, j.dscores)
		} else {
			j.keyBlock(j.h, j.i0, j.i1, i*keyBlock, j.n, weights, noise, j.dscores[i*size:])
		}
	}
}

// queryPart adds a block of keys' contribution to the derivative by the queries; the first block sets it.
func (x *differentiated[T]) queryPart(dq []T, i0, rows, j, n int, dscores []T) {
	w := min(keyBlock, n-j)
	t := x.triangle(i0, j, w)
	t.alone = x.infinite
	byRows(t, dq, x.dq.Stride, dscores, blockStride(w), rows, w, x.keys.from(j), x.Size, x.Scale, j > 0, &x.memory.next)
}

// blockStride returns the elements between two rows of scores of a block of w keys.
func blockStride(w int) int { return ceilTo(w, blockGap) + blockGap }

// keyBlock sets dscores for the keys from number j on, of which n have scores, and sets the derivatives by them and by their values or
// adds to them.
func (x *differentiated[T]) keyBlock(h, i0, i1, j, n int, weights, noise, dscores []T) {
	rows, w := i1-i0, min(keyBlock, n-j)
	stride := blockStride(w)
	var bias []T
	if x.bias != nil {
		bias = x.bias[j:]
	}
	t := x.triangle(i0, j, w)
	scores(t, weights, stride, x.queries, x.Size, rows, x.Size, x.columns.from(j), w, x.Scale, bias, &x.memory.next)
	scores(t, dscores, stride, x.douts, x.ValueSize, rows, x.ValueSize, x.values.from(j), w, 1, nil, &x.memory.next)
	if x.Keep > 0 {
		for r := range rows {
			x.drop(noise[r*stride:], x.b, h, i0+r, j, w)
			Mul(dscores[r*stride:][:w], dscores[r*stride:][:w], noise[r*stride:][:w])
		}
	}
	scoreGradRows(weights, dscores, stride, rows, w, t, x.stat(x.stats, x.b, h, i0), x.dots)
	if x.Keep > 0 {
		for r := range rows {
			Mul(weights[r*stride:][:w], weights[r*stride:][:w], noise[r*stride:][:w])
		}
	}
	old := max(0, min(x.done-j, w))
	dv, dk := x.dv.at(x.b, x.Keys, j, x.g, x.ValueSize), x.dk.at(x.b, x.Keys, j, x.g, x.Size)
	t.alone = x.infiniteDouts
	byColumns(t, dv, x.dv.Stride, weights, stride, rows, w, plainFactor(x.douts, x.ValueSize), x.ValueSize, 1, old, &x.memory.next)
	t.alone = x.infiniteQueries
	byColumns(t, dk, x.dk.Stride, dscores, stride, rows, w, plainFactor(x.queries, x.Size), x.Size, x.Scale, old, &x.memory.next)
}
