package main

import "math"

const minusInf = 0xff800000

// A scoreLoop runs over the rows of blocks of scores. Row r has width elements, of which the first seen + r·step count, as far as there
// are so many.
type scoreLoop struct {
	*function
	blocks, p                       []general // the rows, and the current elements
	stride, rows, width, seen, step general   // stride is in bytes
	n, left, end                    general   // how many elements count, and are left
}

// scores begins a function over blocks of scores, and of one or two numbers for each row.
func scores(name string, blocks []string, numbers ...string) *scoreLoop {
	params := pointers(blocks...)
	for _, n := range []string{"stride", "rows", "width", "seen", "step"} {
		params = append(params, param{name: n, kind: 'n'})
	}
	f := begin(name, "is "+name+" for rows > 0; it may write to whole blocks of 16 elements.", append(params, pointers(numbers...)...), "")
	s := &scoreLoop{function: f, stride: f.load("stride"), rows: f.load("rows"), width: f.load("width"), seen: f.load("seen"), step: f.load("step")}
	for _, b := range blocks {
		s.blocks, s.p = append(s.blocks, f.load(b)), append(s.p, f.integer())
	}
	s.n, s.left, s.end = f.integer(), f.integer(), f.integer()
	f.raw("LSL $2, %v", s.stride)
	return s
}

// begin sets n to the number of elements that count.
func (s *scoreLoop) begin() {
	s.raw("CMP %v, %v", s.width, s.seen)
	s.raw("CSEL LT, %v, %v, %v", s.seen, s.width, s.n)
	s.raw("CMP $0, %v", s.n)
	s.raw("CSEL LT, ZR, %v, %v", s.n, s.n)
}

// each runs body on the elements that count, 16 at a time; at the end, the masks select them, and they are nil for a whole block.
func (s *scoreLoop) each(body func(masks []vec)) {
	s.raw("MOVD %v, %v", s.n, s.left)
	for i, p := range s.p {
		s.raw("MOVD %v, %v", s.blocks[i], p)
	}
	s.rounds(s.left, sumLanes, func() {
		body(nil)
		s.forward()
	})
	end := s.label("end")
	s.raw("CBZ %v, %s", s.left, end)
	body(s.masks(s.left))
	s.forward()
	s.mark(end)
}

func (s *scoreLoop) forward() {
	for _, p := range s.p {
		s.raw("ADD $%d, %v", 4*sumLanes, p)
	}
}

// clear sets the elements that do not count to 0.
func (s *scoreLoop) clear() {
	s.raw("ADD %v<<2, %v, %v", s.width, s.blocks[0], s.end)
	zero, end := s.emit(movi0, 0, 0), s.label("cleared")
	s.n4(func() {
		s.loop(func(top string) {
			s.raw("CMP %v, %v", s.end, s.p[0])
			s.raw("BGE %s", end)
			for _, p := range s.p {
				s.storeAt(s.same(zero), p, 0)
			}
			s.forward()
			s.raw("B %s", top)
		})
	})
	s.mark(end)
}

// n4 runs body with vectors of a whole block.
func (s *scoreLoop) n4(body func()) {
	old := s.function.n
	s.function.n = sumLanes / 4
	body()
	s.function.n = old
}

// next goes to the next row, and to top if there is one.
func (s *scoreLoop) next(top string) {
	for _, b := range s.blocks {
		s.raw("ADD %v, %v", s.stride, b)
	}
	s.raw("ADD %v, %v", s.step, s.seen)
	s.raw("SUBS $1, %v", s.rows)
	s.raw("BNE %s", top)
}

// attention writes the kernels of the rows of attention's scores.
func attention() {
	weighRows()
	scoreGradRows()
}

func weighRows() {
	s := scores("weighRows", []string{"scores"}, "sums", "factors")
	sums, factors := s.load("sums"), s.load("factors")
	s.loop(func(row string) {
		s.begin()
		var best []vec
		for range 4 {
			best = append(best, s.constant(minusInf))
		}
		s.each(func(masks []vec) {
			for j, b := range best {
				x := s.quad(s.p[0], 16*j)
				if masks != nil {
					x = s.change(masks[j], bsl, 0, 0, x, s.constant(minusInf))
				}
				s.emitTo(b, fmax, 0, 0, b, x)
			}
		})
		m := s.emit(fmax, 0, 0, s.emit(fmax, 0, 0, best[0], best[1]), s.emit(fmax, 0, 0, best[2], best[3]))
		for _, bytes := range []int{8, 4} {
			m = s.emit(fmax, 0, 0, m, s.emit(ext, bytes, uint32(bytes)<<11, m, m))
		}
		old := s.broadcast(sums)
		m = s.emit(fmax, 0, 0, old, m)
		s.memory(strS, m, sums, 0, 4, true)
		m = s.emit(fmax, 0, 0, m, s.constant(math.Float32bits(-math.MaxFloat32))) // so that -Inf less it is no NaN
		s.function.n = 1
		factor := s.exp(s.sub(vector{old}, vector{m}))[0]
		s.memory(strS, factor, factors, 0, 4, true)
		var lane []vec
		for range sumLanes / 2 {
			lane = append(lane, s.emit(movi0, 0, 0))
		}
		s.function.n = 2
		s.each(func(masks []vec) {
			for h := range 2 {
				for j, e := range s.exp(s.sub(s.loadAt(s.p[0], 32*h), s.same(m))) {
					if masks != nil {
						e = s.emit(and, 0, 0, e, masks[2*h+j])
					}
					s.memory(strQ, e, s.p[0], 32*h+16*j, 16, true)
					k := 4*h + 2*j
					s.emitTo(lane[k], faddD, 0, 0, lane[k], s.emit(fcvtl, 0, 0, e))
					s.emitTo(lane[k+1], faddD, 0, 0, lane[k+1], s.emit(fcvtl2, 0, 0, e))
				}
			}
		})
		s.clear()
		total := s.emit(fcvtn, 0, 0, s.fold(lane))
		before := s.fresh()
		s.memory(ldrS, before, sums, 4, 4, false)
		s.memory(strS, s.emit(fadd, 0, 0, s.emit(fmul, 0, 0, before, factor), total), sums, 4, 4, true)
		s.raw("ADD $8, %v", sums)
		s.raw("ADD $4, %v", factors)
		s.next(row)
	})
	s.raw("RET")
}

func scoreGradRows() {
	s := scores("scoreGradRows", []string{"scores", "grads"}, "stats", "dots")
	stats, dots, inverse := s.load("stats"), s.load("dots"), s.integer()
	s.loop(func(row string) {
		s.begin()
		m, dot := s.broadcast(stats), s.broadcast(dots)
		s.raw("MOVWU 4(%v), %v", stats, inverse)
		s.raw("LSL $33, %v", inverse) // without the sign
		s.raw("CMP $0, %v", inverse)
		s.raw("CSEL EQ, ZR, %v, %v", s.n, s.n) // the row sees nothing
		s.function.n = 2
		s.each(func(masks []vec) {
			for h := range 2 {
				e := s.exp(s.sub(s.loadAt(s.p[0], 32*h), s.same(m)))
				d := s.sub(s.loadAt(s.p[1], 32*h), s.same(dot))
				for j := range e {
					r := s.emit(fmul, 0, 0, e[j], d[j])
					if masks != nil {
						e[j], r = s.emit(and, 0, 0, e[j], masks[2*h+j]), s.emit(and, 0, 0, r, masks[2*h+j])
					}
					s.memory(strQ, e[j], s.p[0], 32*h+16*j, 16, true)
					s.memory(strQ, r, s.p[1], 32*h+16*j, 16, true)
				}
			}
		})
		s.clear()
		s.raw("ADD $8, %v", stats)
		s.raw("ADD $4, %v", dots)
		s.next(row)
	})
	s.raw("RET")
}
