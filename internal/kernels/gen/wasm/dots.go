package main

// dots adds a kernel for the inner products of x and lines of w, each in eight interleaved sums.
func dots(m *module) {
	f := m.kernel("dots", "pppnnn") // the results, x, w, the bytes between lines, the length, the number of lines
	out, x, w, line, n, count := f.param(0), f.param(1), f.param(2), f.param(3), f.param(4), f.param(5)
	p, q, left, lo, hi := f.local(i32), f.local(i32), f.local(i32), f.local(v128), f.local(v128)
	f.loop(func() {
		f.emit(p.set(x.get()), q.set(w.get()), left.set(n.get()), lo.set(k(0)), hi.set(k(0)))
		f.rounds(left, 8, func() {
			f.emit(lo.set(add(lo.get(), mul(load(p.get(), 0), load(q.get(), 0)))),
				hi.set(add(hi.get(), mul(load(p.get(), 16), load(q.get(), 16)))),
				p.add(number(32)), q.add(number(32)))
		})
		part := func(s local, at int) {
			get := func(p local) code {
				return loadPart.call(addInt(p.get(), number(4*at)), subInt(left.get(), number(at)))
			}
			f.emit(s.set(add(s.get(), mul(get(p), get(q)))))
		}
		f.when(left.get(), func() { part(lo, 0) })
		f.when(greaterInt(left.get(), number(4)), func() { part(hi, 4) })
		v := f.let(v128, add(lo.get(), hi.get()))
		v = f.let(v128, add(v, high(v)))
		f.emit(store32Lane(out.get(), 0, add(v, shuffle(v, v, 1, 1, 1, 1)), 0))
		f.emit(out.add(number(4)), w.add(line.get()), count.add(number(-1)))
	}, count.get())
}
