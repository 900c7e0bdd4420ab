package main

// A grid addresses the elements of a small matrix of vectors in memory: a register for each row, and one for the distance of each
// column from the first.
type grid struct {
	base, row  general
	rows, cols []general
}

// grid loads the parameters of a grid: the address of its first element, and the bytes between rows and between columns.
func (f *function) grid(name string, rows, cols int) *grid {
	g := &grid{base: f.load(name), row: f.load(name + "Row"), cols: []general{0, f.load(name + "Step")}}
	for range rows {
		g.rows = append(g.rows, f.integer())
	}
	for j := 2; j < cols; j++ {
		r := f.integer()
		f.raw("ADD %v, %v, %v", g.cols[1], g.cols[j-1], r)
		g.cols = append(g.cols, r)
	}
	return g
}

// place sets the addresses of the rows, and moves the base to the next vector.
func (f *function) place(g *grid) {
	f.raw("MOVD %v, %v", g.base, g.rows[0])
	for i := range g.rows[1:] {
		f.raw("ADD %v, %v, %v", g.row, g.rows[i], g.rows[i+1])
	}
	f.raw("ADD $16, %v", g.base)
}

// get loads an element, put stores one.
func (f *function) get(g *grid, i, j int) vector {
	v := f.fresh()
	if j == 0 {
		f.memory(ldrQ, v, g.rows[i], 0, 16, false)
	} else {
		f.indexed(ldrQIndex, v, g.rows[i], g.cols[j], false)
	}
	return vector{v}
}

func (f *function) put(v vector, g *grid, i, j int) {
	if j == 0 {
		f.memory(strQ, v[0], g.rows[i], 0, 16, true)
	} else {
		f.indexed(strQIndex, v[0], g.rows[i], g.cols[j], true)
	}
}

// forward moves the rows by some bytes.
func (f *function) forward(g *grid, by general) {
	for _, r := range g.rows {
		f.raw("ADD %v, %v", by, r)
	}
}

// A transform is a kernel that turns small matrices of vectors into others, as the steps before and after the products of a
// convolution by tiles do: f turns each column, and then each row.
type transform struct {
	name, doc string
	src, dst  [2]int // rows and columns
	f         func(f *function, x []vector) []vector
	finish    bool // results get a bias and a lower bound, and are checked
}

// emit writes the loops over the vectors, each of four channels, and over the matrices.
func (s transform) emit() {
	params := pointers("dst", "src")
	for _, n := range []string{"dstRow", "dstStep", "dstMove", "srcRow", "srcStep", "srcMove", "tiles", "vectors"} {
		params = append(params, param{name: n, kind: 'n'})
	}
	if s.finish {
		params = append(append(params, pointers("bias", "check")...), scalars("floor")...)
	}
	f := begin(s.name, s.doc+" All distances are in bytes; tiles > 0, and vectors of four channels > 0.", params, "")
	dst, src := f.grid("dst", s.dst[0], s.dst[1]), f.grid("src", s.src[0], s.src[1])
	dstMove, srcMove, tiles, vectors, left := f.load("dstMove"), f.load("srcMove"), f.load("tiles"), f.load("vectors"), f.integer()
	f.n = 1
	var e *tileEnd
	if s.finish {
		e = f.newTileEnd()
	}
	f.loop(func(channels string) {
		f.place(dst)
		f.place(src)
		e.next()
		f.raw("MOVD %v, %v", tiles, left)
		f.loop(func(top string) {
			columns := make([][]vector, s.src[1]) // turned
			for j := range columns {
				var x []vector
				for i := range s.src[0] {
					x = append(x, f.get(src, i, j))
				}
				columns[j] = s.f(f, x)
			}
			for i := range s.dst[0] {
				var row []vector
				for _, c := range columns {
					row = append(row, c[i])
				}
				for j, y := range s.f(f, row) {
					f.put(e.apply(y), dst, i, j)
				}
			}
			f.forward(dst, dstMove)
			f.forward(src, srcMove)
			f.raw("SUBS $1, %v", left)
			f.raw("BNE %s", top)
		})
		f.raw("SUBS $1, %v", vectors)
		f.raw("BNE %s", channels)
	})
	e.store()
	f.raw("RET")
}

// A tileEnd finishes sums; nil leaves them as they are.
type tileEnd struct {
	*function
	bias, check                  general
	floor, zero, biases, checked vec
}

func (f *function) newTileEnd() *tileEnd {
	e := &tileEnd{function: f, bias: f.load("bias"), check: f.load("check"), floor: f.scalar("floor"), zero: f.emit(movi0, 0, 0)}
	e.checked = f.quad(e.check, 0)
	e.biases = f.quad(e.bias, 0)
	return e
}

// next loads the next biases.
func (e *tileEnd) next() {
	if e != nil {
		e.memory(ldrQ, e.biases, e.bias, 0, 16, false)
		e.raw("ADD $16, %v", e.bias)
	}
}

// apply adds 0·y to what is checked, and returns max(y + bias, floor), which is NaN if y is.
func (e *tileEnd) apply(y vector) vector {
	if e == nil {
		return y
	}
	e.change(e.checked, fmla, 0, 0, e.zero, y[0])
	y = e.add(y, vector{e.biases})
	return e.pick(e.greater(vector{e.floor}, y), vector{e.floor}, y)
}

// store stores what is checked.
func (e *tileEnd) store() {
	if e != nil {
		e.memory(strQ, e.checked, e.check, 0, 16, true)
	}
}

var transforms = []transform{
	{"tileInput", "writes Bᵀ·d·B for 4 × 4 elements d.", [2]int{4, 4}, [2]int{4, 4}, func(f *function, d []vector) []vector {
		return []vector{f.sub(d[0], d[2]), f.add(d[1], d[2]), f.sub(d[2], d[1]), f.sub(d[1], d[3])}
	}, false},
	{"tileSpread", "writes A·d·Aᵀ for 2 × 2 elements d.", [2]int{2, 2}, [2]int{4, 4}, func(f *function, d []vector) []vector {
		return []vector{d[0], f.add(d[0], d[1]), f.sub(d[0], d[1]), f.sub(f.zero(), d[1])}
	}, false},
	{"tileOutput", "writes max(Aᵀ·m·A + bias, floor) for 4 × 4 elements m, and adds 0·Aᵀ·m·A to the four of check.", [2]int{4, 4}, [2]int{2, 2},
		func(f *function, m []vector) []vector {
			return []vector{f.add(f.add(m[1], m[2]), m[0]), f.sub(f.sub(m[1], m[2]), m[3])}
		}, true},
	{"kernelSpread", "writes G·g·Gᵀ for 3 × 3 elements g.", [2]int{3, 3}, [2]int{4, 4}, func(f *function, g []vector) []vector {
		ends := f.add(g[0], g[2])
		return []vector{g[0], f.mul(f.add(ends, g[1]), f.k(0.5)), f.mul(f.sub(ends, g[1]), f.k(0.5)), g[2]}
	}, false},
	{"kernelGather", "writes Gᵀ·u·G for 4 × 4 elements u.", [2]int{4, 4}, [2]int{3, 3}, func(f *function, u []vector) []vector {
		sum := f.mul(f.add(u[1], u[2]), f.k(0.5))
		return []vector{f.add(sum, u[0]), f.mul(f.sub(u[1], u[2]), f.k(0.5)), f.add(sum, u[3])}
	}, false},
}
