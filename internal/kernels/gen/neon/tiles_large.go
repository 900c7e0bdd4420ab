package main

import "math"

// A walk addresses the elements of a small matrix of vectors that is too large for a pointer to each row: a moving pointer, and
// registers for the distances of some elements from it.
type walk struct {
	base, tile, at general
	step           general   // of the pointer
	apart          []general // distances of the elements from the pointer; the first is none
}

// walk loads the parameters of a walk: the address of the first element, the bytes from one place of the pointer to the next, and those
// between the n elements at a place.
func (f *function) walk(name, step, apart string, n int) *walk {
	w := &walk{base: f.load(name), tile: f.integer(), at: f.integer(), step: f.load(name + step), apart: []general{0, f.load(name + apart)}}
	for i := 2; i < n; i++ {
		r := f.integer()
		f.raw("ADD %v, %v, %v", w.apart[1], w.apart[i-1], r)
		w.apart = append(w.apart, r)
	}
	return w
}

// begin moves the tile to the base, and the base to the next vector.
func (w *walk) begin(f *function) {
	f.raw("MOVD %v, %v", w.base, w.tile)
	f.raw("ADD $16, %v", w.base)
}

// place moves the pointer to the given place of the tile.
func (w *walk) place(f *function, i int) {
	f.raw("MOVD %v, %v", w.tile, w.at)
	for range i {
		f.raw("ADD %v, %v", w.step, w.at)
	}
}

func (w *walk) get(f *function, i int) vector {
	v := f.fresh()
	if i == 0 {
		f.memory(ldrQ, v, w.at, 0, 16, false)
	} else {
		f.indexed(ldrQIndex, v, w.at, w.apart[i], false)
	}
	return vector{v}
}

func (w *walk) put(f *function, v vector, i int) {
	if i == 0 {
		f.memory(strQ, v[0], w.at, 0, 16, true)
	} else {
		f.indexed(strQIndex, v[0], w.at, w.apart[i], true)
	}
}

// A largeTransform is a transform in groups of a few results, which leave registers for the columns.
type largeTransform struct {
	name, doc string
	src, dst  int // rows, and columns
	constants map[string]float64
	groups    []resultGroup
	finish    bool
}

// A resultGroup computes the results with the given numbers from the elements with the given numbers.
type resultGroup struct {
	results, uses []int
	f             func(f *function, x []vector, k map[string]vector) []vector
}

// emit writes what transform.emit does.
func (s largeTransform) emit() {
	params := pointers("dst", "src")
	for _, n := range []string{"dstRow", "dstStep", "dstMove", "srcRow", "srcStep", "srcMove", "tiles", "vectors"} {
		params = append(params, param{name: n, kind: 'n'})
	}
	if s.finish {
		params = append(append(params, pointers("bias", "check")...), scalars("floor")...)
	}
	f := begin(s.name, s.doc+" All distances are in bytes; tiles > 0, and vectors of four channels > 0.", params, "")
	dst, src := f.walk("dst", "Row", "Step", s.dst), f.walk("src", "Step", "Row", s.src)
	dstMove, srcMove, tiles, vectors, left := f.load("dstMove"), f.load("srcMove"), f.load("tiles"), f.load("vectors"), f.integer()
	f.n = 1
	k := map[string]vector{}
	for _, name := range []string{"two", "half", "root2", "rootHalf", "third2", "third2Root"} {
		if x, ok := s.constants[name]; ok {
			k[name] = f.k(x)
		}
	}
	var e *tileEnd
	if s.finish {
		e = f.newTileEnd()
	}
	f.loop(func(channels string) {
		dst.begin(f)
		src.begin(f)
		e.next()
		f.raw("MOVD %v, %v", tiles, left)
		f.loop(func(top string) {
			for _, group := range s.groups {
				turned := make([][]vector, len(group.results))
				src.place(f, 0)
				for j := range s.src {
					x := make([]vector, s.src)
					for _, i := range group.uses {
						x[i] = src.get(f, i)
					}
					for r, y := range group.f(f, x, k) {
						turned[r] = append(turned[r], y)
					}
					if j+1 < s.src {
						f.raw("ADD %v, %v", src.step, src.at)
					}
				}
				for r, i := range group.results {
					dst.place(f, i)
					for _, second := range s.groups {
						for c, y := range second.f(f, turned[r], k) {
							dst.put(f, e.apply(y), second.results[c])
						}
					}
				}
			}
			f.raw("ADD %v, %v", dstMove, dst.tile)
			f.raw("ADD %v, %v", srcMove, src.tile)
			f.raw("SUBS $1, %v", left)
			f.raw("BNE %s", top)
		})
		f.raw("SUBS $1, %v", vectors)
		f.raw("BNE %s", channels)
	})
	e.store()
	f.raw("RET")
}

// both returns p+q and p-q.
func (f *function) both(p, q vector) []vector { return []vector{f.add(p, q), f.sub(p, q)} }

var largeTransforms = []largeTransform{
	{"tileInput4", "writes Bᵀ·d·B for 6 × 6 elements d.", 6, 6,
		map[string]float64{"two": 2, "half": 0.5, "rootHalf": math.Sqrt2 / 2, "root2": math.Sqrt2}, []resultGroup{
			{[]int{0, 5}, []int{0, 1, 2, 3, 4, 5}, func(f *function, d []vector, k map[string]vector) []vector {
				return []vector{f.add(f.fms(d[0], k["half"], d[2]), f.fms(d[4], k["two"], d[2])),
					f.add(f.fms(d[1], k["half"], d[3]), f.fms(d[5], k["two"], d[3]))}
			}},
			{[]int{1, 2}, []int{1, 2, 3, 4}, func(f *function, d []vector, k map[string]vector) []vector {
				return f.both(f.sub(f.mul(k["two"], d[2]), d[4]), f.mul(k["rootHalf"], f.sub(f.mul(k["two"], d[1]), d[3])))
			}},
			{[]int{3, 4}, []int{1, 2, 3, 4}, func(f *function, d []vector, k map[string]vector) []vector {
				return f.both(f.fms(d[4], k["half"], d[2]), f.mul(k["root2"], f.fms(d[3], k["half"], d[1])))
			}},
		}, false},
	{"tileSpread4", "writes A·d·Aᵀ for 4 × 4 elements d.", 4, 6,
		map[string]float64{"two": 2, "half": 0.5, "rootHalf": math.Sqrt2 / 2}, []resultGroup{
			{[]int{0, 5}, []int{0, 3}, func(f *function, y []vector, k map[string]vector) []vector { return []vector{y[0], y[3]} }},
			{[]int{1, 2}, []int{0, 1, 2, 3}, func(f *function, y []vector, k map[string]vector) []vector {
				return f.both(f.fma(k["half"], y[2], y[0]), f.mul(k["rootHalf"], f.fma(k["half"], y[3], y[1])))
			}},
			{[]int{3, 4}, []int{0, 1, 2, 3}, func(f *function, y []vector, k map[string]vector) []vector {
				return f.both(f.fma(k["half"], y[0], y[2]), f.mul(k["rootHalf"], f.fma(k["two"], y[3], y[1])))
			}},
		}, false},
	{"tileOutput4", "writes max(Aᵀ·m·A + bias, floor) for 6 × 6 elements m, and adds 0·Aᵀ·m·A to the four of check.", 6, 4,
		map[string]float64{"two": 2, "half": 0.5, "rootHalf": math.Sqrt2 / 2}, []resultGroup{
			{[]int{0, 2}, []int{0, 1, 2, 3, 4}, func(f *function, m []vector, k map[string]vector) []vector {
				near, far := f.add(m[1], m[2]), f.add(m[3], m[4])
				return []vector{f.add(f.fma(k["half"], far, near), m[0]), f.fma(k["half"], near, far)}
			}},
			{[]int{1, 3}, []int{1, 2, 3, 4, 5}, func(f *function, m []vector, k map[string]vector) []vector {
				near, far := f.sub(m[1], m[2]), f.sub(m[3], m[4])
				return []vector{f.mul(k["rootHalf"], f.add(near, far)),
					f.add(f.mul(k["rootHalf"], f.fma(k["half"], near, f.mul(k["two"], far))), m[5])}
			}},
		}, true},
	{"kernelSpread4", "writes G·g·Gᵀ for 3 × 3 elements g.", 3, 6,
		map[string]float64{"half": 0.5, "rootHalf": math.Sqrt2 / 2, "third2": 2. / 3}, []resultGroup{
			{[]int{0, 5}, []int{0, 2}, func(f *function, g []vector, k map[string]vector) []vector { return []vector{g[0], g[2]} }},
			{[]int{1, 2}, []int{0, 1, 2}, func(f *function, g []vector, k map[string]vector) []vector {
				r := f.both(f.fma(k["half"], g[2], g[0]), f.mul(k["rootHalf"], g[1]))
				return []vector{f.mul(k["third2"], r[0]), f.mul(k["third2"], r[1])}
			}},
			{[]int{3, 4}, []int{0, 1, 2}, func(f *function, g []vector, k map[string]vector) []vector {
				r := f.both(f.fma(k["half"], g[0], g[2]), f.mul(k["rootHalf"], g[1]))
				return []vector{f.mul(k["third2"], r[0]), f.mul(k["third2"], r[1])}
			}},
		}, false},
	{"kernelGather4", "writes Gᵀ·u·G for 6 × 6 elements u.", 6, 3,
		map[string]float64{"half": 0.5, "third2": 2. / 3, "third2Root": math.Sqrt2 / 3}, []resultGroup{
			{[]int{0, 2}, []int{0, 1, 2, 3, 4, 5}, func(f *function, u []vector, k map[string]vector) []vector {
				near, far := f.add(u[1], u[2]), f.add(u[3], u[4])
				return []vector{f.add(f.mul(k["third2"], f.fma(k["half"], far, near)), u[0]),
					f.add(f.mul(k["third2"], f.fma(k["half"], near, far)), u[5])}
			}},
			{[]int{1}, []int{1, 2, 3, 4}, func(f *function, u []vector, k map[string]vector) []vector {
				return []vector{f.mul(k["third2Root"], f.add(f.sub(u[1], u[2]), f.sub(u[3], u[4])))}
			}},
		}, false},
}
