package ops

import "github.com/nndiy/nndiy/internal/kernels"

// A rowFrame is what a piece of the batch needs during the loop.
type rowFrame[T kernels.Float] struct {
	bases  [][]T
	temp   []T   // values of one row
	values [][]T // of a cell
}

// cellValues is the number of values of a cell, at most.
const cellValues = 16

// run computes the output.
func (l *rowLoop[T]) run(out []T, in [][]T) {
	l.out, l.in = out, in
	l.pack()
	if len(l.frames) == 1 {
		l.steps(0, l.rows)
	} else {
		l.env.Pool.For(l.rows, l.grain, l.onRows)
	}
	l.finish(out)
	l.out, l.in = nil, nil
}

// pack packs the captures. A few steps read a matrix where it is instead, with the same bits unless it is transposed.
func (l *rowLoop[T]) pack() {
	for i := range l.phases {
		for j := range l.phases[i].products {
			m := &l.phases[i].products[j]
			b := l.right(m)
			if m.packed = packed(l.env.Packs, l.env.Pool, b); m.packed == nil && (m.t || l.Steps > 2) {
				m.own.Pack(l.env.Pool, b)
				m.packed = &m.own
			}
		}
	}
}

// right returns the right factor of a product.
func (l *rowLoop[T]) right(m *rowProduct[T]) kernels.Matrix[T] {
	_, _, captures := l.divided(l.in)
	return kernels.Matrix[T]{Data: captures[m.right], Rows: m.rows, Cols: m.cols, Stride: m.cols, T: m.t}
}

// pieces runs all steps for the rows [lo, hi), one piece after the other.
func (l *rowLoop[T]) pieces(lo, hi int) {
	for ; lo < hi; lo += l.grain {
		l.steps(lo, min(lo+l.grain, hi))
	}
}

// steps runs all steps for the rows of one piece.
func (l *rowLoop[T]) steps(lo, hi int) {
	f := &l.frames[lo/l.grain]
	inits, xs, captures := l.divided(l.in)
	f.bases[numberBase], f.bases[tempBase] = l.numbers, f.temp
	copy(f.bases[l.captureBase(0):], captures)
	for i, b := range l.buffers {
		f.bases[l.bufferBase(i)] = b.data
	}
	for k := range l.states {
		st := &l.states[k]
		f.bases[l.stateBase(st.i)] = l.begin(st, inits[st.i], lo, hi)
	}
	for step := range l.Steps {
		t := l.time(step)
		for i, x := range xs {
			n := len(x) / l.Steps
			f.bases[l.xBase(i)] = x[t*n : (t+1)*n]
		}
		for i := range l.results {
			f.bases[l.resultBase(i)] = l.place(&l.results[i], l.out, step, t)
		}
		for i := range l.phases {
			l.phase(&l.phases[i], f, lo, hi)
		}
		for i := range l.results {
			if k := l.results[i].state; k >= 0 {
				f.bases[l.stateBase(l.states[k].i)] = f.bases[l.resultBase(i)]
			}
		}
	}
	clear(f.bases)
	clear(f.values)
}

// begin returns where the initial value of a state is. Rows [lo, hi) of it are copied to its trail, if it has one.
func (l *rowLoop[T]) begin(st *scanState[T], init []T, lo, hi int) []T {
	if st.trail < 0 {
		return init
	}
	first := l.first(st, l.out)
	w := len(first) / l.rows
	copy(first[lo*w:hi*w], init[lo*w:])
	return first
}

// phase runs a phase for some rows.
func (l *rowLoop[T]) phase(p *rowPhase[T], f *rowFrame[T], lo, hi int) {
	bases := f.bases
	pool := l.env.Pool
	if len(l.frames) > 1 {
		pool = nil
	}
	for i := range p.products {
		m := &p.products[i]
		c, a := matrixOf(&m.dst, bases, lo, hi), matrixOf(&m.a, bases, lo, hi)
		if m.packed != nil {
			kernels.MatMulPacked(pool, c, a, m.packed, 1, 0, nil)
		} else {
			kernels.MatMul(pool, c, a, l.right(m), 1, 0, nil)
		}
	}
	for r := lo; r < hi; r++ {
		for i := range p.links {
			p.links[i].run(f, r)
		}
	}
}

// matrixOf returns rows [lo, hi) of a value.
func matrixOf[T kernels.Float](r *rowRef, bases [][]T, lo, hi int) kernels.Matrix[T] {
	return kernels.Matrix[T]{Data: bases[r.base][r.at+lo*r.stride:], Rows: hi - lo, Cols: r.width, Stride: r.stride}
}

// rowOf returns row i of a value.
func rowOf[T kernels.Float](r *rowRef, bases [][]T, i int) []T {
	return bases[r.base][r.at+i*r.stride:][:r.width]
}

// run computes row i.
func (l *rowLink[T]) run(f *rowFrame[T], i int) {
	bases := f.bases
	if l.cell != nil {
		for k := range l.values {
			f.values[k] = rowOf(&l.values[k], bases, i)
		}
		l.cell(f.values[:len(l.values)])
		return
	}
	dst, a, b := rowOf(&l.dst, bases, i), rowOf(&l.a, bases, i), rowOf(&l.b, bases, i)
	if l.spareA.width > 0 {
		a = repeated(rowOf(&l.spareA, bases, i), a, len(dst))
	}
	if l.spareB.width > 0 {
		b = repeated(rowOf(&l.spareB, bases, i), b, len(dst))
	}
	l.f(dst, a, b)
}
