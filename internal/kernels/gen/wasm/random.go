package main

// philox adds a kernel that draws 16 words of Philox4x32-10 at a time, and stores what g makes of two words of each
// block. The integers are the rounds, the low and high words of the first block's number, of the key and of the counter, and for
// Bernoulli the bound.
func philox(m *module, name string, scalars int, g func(f *function, a, b, c code) (code, code)) {
	f := m.kernel(name, "pnnnnnnnn"+"c"[:scalars])
	dst, rounds := f.param(0), f.param(1)
	first, above := f.local(v128), f.local(v128)
	var c code
	if scalars > 0 {
		c = f.let(v128, splat(f.param(9).get()))
	}
	f.emit(first.set(addWords(splatInt(f.param(2).get()), words(0, 1, 2, 3))))
	f.emit(above.set(subWords(splatInt(f.param(3).get()), belowWords(first.get(), splatInt(f.param(2).get())))))
	f.loop(func() {
		w := [4]code{first.get(), above.get(), f.let(v128, splatInt(f.param(6).get())), f.let(v128, splatInt(f.param(7).get()))}
		k0, k1 := splatInt(f.param(4).get()), splatInt(f.param(5).get())
		for round := range 10 {
			if round > 0 {
				k0, k1 = addWords(k0, splat32(0x9E3779B9)), addWords(k1, splat32(0xBB67AE85))
			}
			k0, k1 = f.let(v128, k0), f.let(v128, k1)
			hi0, lo0 := f.product(w[0], 0xD2511F53)
			hi1, lo1 := f.product(w[2], 0xCD9E8D57)
			w = [4]code{f.let(v128, xor(xor(hi1, w[1]), k0)), lo1, f.let(v128, xor(xor(hi0, w[3]), k1)), lo0}
		}
		for i := 0; i < len(w); i += 2 {
			a, b := g(f, w[i], w[i+1], c)
			w[i], w[i+1] = f.let(v128, a), f.let(v128, b)
		}
		// w[i] has word i of four blocks.
		a, b := f.let(v128, shuffle(w[0], w[1], 0, 4, 1, 5)), f.let(v128, shuffle(w[2], w[3], 0, 4, 1, 5))
		f.emit(store(dst.get(), 0, shuffle(a, b, 0, 1, 4, 5)), store(dst.get(), 16, shuffle(a, b, 2, 3, 6, 7)))
		a, b = f.let(v128, shuffle(w[0], w[1], 2, 6, 3, 7)), f.let(v128, shuffle(w[2], w[3], 2, 6, 3, 7))
		f.emit(store(dst.get(), 32, shuffle(a, b, 0, 1, 4, 5)), store(dst.get(), 48, shuffle(a, b, 2, 3, 6, 7)))
		next := f.let(v128, addWords(first.get(), splat32(4)))
		f.emit(above.set(subWords(above.get(), belowWords(next, first.get()))), first.set(next))
		f.emit(dst.add(number(64)), rounds.add(number(-1)))
	}, rounds.get())
}

// product returns the high and the low words of the products of w and a constant.
func (f *function) product(w code, constant uint32) (hi, lo code) {
	a, b := f.let(v128, mulLowWords(w, splat32(constant))), f.let(v128, mulHighWords(w, splat32(constant)))
	return f.let(v128, shuffle(a, b, 1, 3, 5, 7)), f.let(v128, shuffle(a, b, 0, 2, 4, 6))
}

// each returns a function that applies g to two words.
func each(g func(f *function, word, c code) code) func(f *function, a, b, c code) (code, code) {
	return func(f *function, a, b, c code) (code, code) { return g(f, a, c), g(f, b, c) }
}

func addRandom(m *module) {
	philox(m, "uniform", 0, each(func(_ *function, word, _ code) code {
		return mul(toFloat(shiftRightZero(word, 8)), k(0x1p-24))
	}))
	philox(m, "bernoulli", 1, each(func(f *function, word, c code) code {
		return and(lessWords(shiftRightZero(word, 8), splatInt(f.param(8).get())), c)
	}))
	philox(m, "normal", 0, func(f *function, a, b, _ code) (even, odd code) {
		a, b = f.let(v128, shiftRightZero(a, 8)), f.let(v128, shiftRightZero(b, 8))
		x0, y0 := f.boxMuller(fromWords(a), fromWords(b))
		x1, y1 := f.boxMuller(fromWords(high(a)), fromWords(high(b)))
		return shuffle(x0, x1, 0, 1, 4, 5), shuffle(y0, y1, 0, 1, 4, 5)
	})
}
