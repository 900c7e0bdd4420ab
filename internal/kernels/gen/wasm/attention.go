package main

import "math"

// A scoreRows is a kernel over rows of attention's scores, of which row r has its first seen + r·step elements, at most width.
type scoreRows struct {
	*function
	slices []local
	n      local // elements of this row
}

// addScores adds a kernel whose slices are of rows, which are stride bytes apart, and then of one or two numbers for each row. Its
// integers are the stride, the number of rows, width, seen and step.
func addScores(m *module, name string, matrices int, steps []int, row func(s scoreRows)) {
	f := m.kernel(name, "pppp"[:matrices+len(steps)]+"nnnnn")
	s := scoreRows{function: f, n: f.local(i32)}
	for i := range matrices + len(steps) {
		s.slices = append(s.slices, f.param(i))
	}
	at := len(s.slices)
	stride, left, width, seen, step := f.param(at), f.param(at+1), f.param(at+2), f.param(at+3), f.param(at+4)
	f.loop(func() {
		f.emit(s.n.set(minInt(width.get(), seen.get())))
		f.when(lessInt(s.n.get(), number(0)), func() { f.emit(s.n.set(number(0))) })
		row(s)
		for i, p := range s.slices {
			if i >= matrices {
				f.emit(p.add(number(4 * steps[i-matrices])))
				continue
			}
			end := addInt(p.get(), shiftLeftInt(s.n.get(), 2))
			rest := shiftLeftInt(subInt(width.get(), s.n.get()), 2)
			f.emit(append(join(end, number(0), rest), 0xfc, 0x0b, 0)) // memory.fill
			f.emit(p.add(stride.get()))
		}
		f.emit(seen.add(step.get()), left.add(number(-1)))
	}, left.get())
}

func addAttention(m *module, all map[string]*function) {
	addScores(m, "weighRows", 1, []int{2, 1}, func(s scoreRows) { // scores; maximum and sum; factors
		row, sums, factor := s.slices[0].get(), s.slices[1].get(), s.slices[2].get()
		old := s.let(f32, loadFloat(sums, 0))
		most := s.let(f32, op(0x97, old, all["maxOf"].call(row, s.n.get())))
		s.emit(storeFloat(sums, 0, most))
		most = s.let(f32, op(0x97, most, firstFloat(k(-math.MaxFloat32)))) // so that -Inf less it is no NaN
		c := s.let(f32, firstFloat(s.exp(splat(op(0x93, old, most)))))
		s.emit(storeFloat(factor, 0, c))
		sum := demote(all["expSum"].call(row, row, s.n.get(), most))
		s.emit(storeFloat(sums, 4, op(0x92, op(0x94, loadFloat(sums, 4), c), sum)))
	})
	addScores(m, "scoreGradRows", 2, []int{2, 1}, func(s scoreRows) { // scores, their derivatives; maximum and another number; dots
		e, g, stats, dot := s.slices[0].get(), s.slices[1].get(), s.slices[2].get(), s.slices[3].get()
		s.when(op(0x5b, loadFloat(stats, 4), firstFloat(k(0))), func() { s.emit(s.n.set(number(0))) })
		s.emit(append(all["expSum"].call(e, e, s.n.get(), loadFloat(stats, 0)), 0x1a)) // drop
		s.emit(all["SoftmaxGrad"].call(g, g, e, s.n.get(), loadFloat(dot, 0)))
	})
}
