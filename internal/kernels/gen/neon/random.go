package main

// philox writes a kernel that draws 16 words of Philox4x32-10 in a round and stores what g makes of them. Register i has word i of
// four blocks.
func philox(name, doc string, extra []param, g func(f *function) func(w [4]vec) [4]vec) {
	f := begin(name, doc, append([]param{{name: "dst", kind: 'p'}, {name: "groups", kind: 'n'}, {name: "first", kind: 'l'},
		{name: "key", kind: 'l'}, {name: "counter", kind: 'l'}}, extra...), "")
	dst, rounds := f.load("dst"), f.load("groups")
	f.raw("LSL $1, %v", rounds) // a group has 32 words
	halves := func(name string) (low, high vec) {
		r := f.load(name)
		low = f.fill(r)
		f.raw("LSR $32, %v", r)
		return low, f.fill(r)
	}
	low, above := halves("first")
	key0, key1 := halves("key")
	counter0, counter1 := halves("counter")
	ramp := f.fresh()
	f.memory(ldrQ, ramp, constantBase, constants.placeWords([4]uint32{0, 1, 2, 3}), 16, false)
	first := f.emit(add, 0, 0, low, ramp)
	f.emitTo(above, sub, 0, 0, above, f.emit(cmhi, 0, 0, low, first))
	finish := g(f)
	f.loop(func(top string) {
		w := [4]vec{first, above, counter0, counter1}
		k0, k1 := key0, key1
		for round := range 10 {
			if round > 0 {
				k0, k1 = f.emit(add, 0, 0, k0, f.constant(0x9E3779B9)), f.emit(add, 0, 0, k1, f.constant(0xBB67AE85))
			}
			hi0, lo0 := f.product(w[0], 0xD2511F53)
			hi1, lo1 := f.product(w[2], 0xCD9E8D57)
			exclusive := func(a, b, c vec) vec { return f.emit(eor, 0, 0, f.emit(eor, 0, 0, a, b), c) }
			w = [4]vec{exclusive(hi1, w[1], k0), lo1, exclusive(hi0, w[3], k1), lo0}
		}
		w = finish(w)
		for i, zip := range []instruction{zip1, zip2} {
			a, b := f.emit(zip, 0, 0, w[0], w[1]), f.emit(zip, 0, 0, w[2], w[3])
			f.memory(strQ, f.emit(zip1D, 0, 0, a, b), dst, 32*i, 16, true)
			f.memory(strQ, f.emit(zip2D, 0, 0, a, b), dst, 32*i+16, 16, true)
		}
		next := f.emit(add, 0, 0, first, f.constant(4))
		f.emitTo(above, sub, 0, 0, above, f.emit(cmhi, 0, 0, first, next))
		f.emitTo(first, mov, 0, 0, next)
		f.raw("ADD $64, %v", dst)
		f.raw("SUBS $1, %v", rounds)
		f.raw("BNE %s", top)
	})
	f.raw("RET")
}

// product returns the high and the low words of the products of w and a constant.
func (f *function) product(w vec, constant uint32) (hi, lo vec) {
	c := f.constant(constant)
	a, b := f.emit(umull, 0, 0, w, c), f.emit(umull2, 0, 0, w, c)
	return f.emit(uzp2, 0, 0, a, b), f.emit(uzp1, 0, 0, a, b)
}

// wordByWord returns a function for philox that applies g to each word.
func wordByWord(g func(word vec) vec) func(w [4]vec) [4]vec {
	return func(w [4]vec) [4]vec {
		for i := range w {
			w[i] = g(w[i])
		}
		return w
	}
}

// randomNumbers writes the kernels of random numbers, and the one that converts bytes.
func randomNumbers() {
	top := func(f *function, word vec) vec { return f.shiftRightZero(vector{word}, 8)[0] }
	philox("uniform", "draws 32·groups numbers in [0,1), from block first on; groups > 0.", nil, func(f *function) func(w [4]vec) [4]vec {
		return wordByWord(func(word vec) vec { return f.mul(f.on(scvtf, vector{top(f, word)}), f.k(0x1p-24))[0] })
	})
	philox("bernoulli", "draws 32·groups numbers, from block first on: scale with probability below/2²⁴, or 0; groups > 0.",
		[]param{{name: "below", kind: 'w'}, {name: "scale", kind: 'c'}}, func(f *function) func(w [4]vec) [4]vec {
			below, scale := f.scalar("below"), f.scalar("scale")
			return wordByWord(func(word vec) vec { return f.emit(and, 0, 0, f.emit(cmgt, 0, 0, below, top(f, word)), scale) })
		})
	philox("normal", "draws 32·groups numbers with the standard normal distribution, from block first on; groups > 0.", nil,
		func(f *function) func(w [4]vec) [4]vec {
			return func(w [4]vec) (r [4]vec) {
				for i := 0; i < 4; i += 2 {
					a, b := top(f, w[i]), top(f, w[i+1])
					even, odd := f.boxMuller(f.emit(scvtfD, 0, 0, f.emit(uxtl32, 0, 0, a)), f.emit(scvtfD, 0, 0, f.emit(uxtl32, 0, 0, b)))
					even2, odd2 := f.boxMuller(f.emit(scvtfD, 0, 0, f.emit(uxtl32h, 0, 0, a)), f.emit(scvtfD, 0, 0, f.emit(uxtl32h, 0, 0, b)))
					r[i], r[i+1] = f.emit(zip1D, 0, 0, even, even2), f.emit(zip1D, 0, 0, odd, odd2)
				}
				return r
			}
		})
	f := begin("fromBytes", "converts n bytes to float32; n is a multiple of 16 and not 0.",
		[]param{{name: "dst", kind: 'p'}, {name: "src", kind: 'b'}, {name: "n", kind: 'n'}}, "")
	dst, src, n := f.load("dst"), f.load("src"), f.load("n")
	f.loop(func(loop string) {
		b := f.quad(src, 0)
		for i, half := range []instruction{uxtl8, uxtl8h} {
			h := f.emit(half, 0, 0, b)
			for j, quarter := range []instruction{uxtl16, uxtl16h} {
				f.memory(strQ, f.emit(scvtf, 0, 0, f.emit(quarter, 0, 0, h)), dst, 32*i+16*j, 16, true)
			}
		}
		f.raw("ADD $64, %v", dst)
		f.raw("ADD $16, %v", src)
		f.raw("SUBS $16, %v", n)
		f.raw("BNE %s", loop)
	})
	f.raw("RET")
}
