package main

// sumLanes is the number of interleaved partial sums, as in package kernels.
const sumLanes = 16

// A blocks runs over blocks of 16 elements of slices. The last, partial one is copied to the stack, and its masks select its
// elements.
type blocks struct {
	*function
	p   []general // the slices
	buf general
	n   general
}

// each calls body for the addresses of each block. masks is nil, or selects the elements of the last block, vector by vector. If
// store is set, the first slice is written and not read.
func (b *blocks) each(store bool, body func(p []general, offset int, masks []vec)) {
	b.rounds(b.n, sumLanes, func() {
		body(b.p, 0, nil)
		for _, g := range b.p {
			b.raw("ADD $%d, %v", 4*sumLanes, g)
		}
	})
	end := b.label("end")
	b.raw("CBZ %v, %s", b.n, end)
	b.raw("ADD $16, RSP, %v", b.buf)
	zero := b.emit(movi0, 0, 0)
	i, word := b.integer(), b.integer()
	for s := range b.p {
		for q := range 4 {
			b.memory(strQ, zero, b.buf, 64*s+16*q, 16, true)
		}
	}
	move := func(from, to func(s int) string, slices []int) {
		top := b.label("copy")
		b.raw("MOVD $0, %v", i)
		b.mark(top)
		for _, s := range slices {
			b.raw("MOVWU %s, %v", from(s), word)
			b.raw("MOVW %v, %s", word, to(s))
		}
		b.raw("ADD $1, %v", i)
		b.raw("CMP %v, %v", b.n, i)
		b.raw("BLT %s", top)
	}
	slice := func(s int) string { return "(" + b.p[s].String() + ")(" + i.String() + "<<2)" }
	bases := b.stackBases(len(b.p))
	stack := func(s int) string { return "(" + bases[s].String() + ")(" + i.String() + "<<2)" }
	var in []int
	for s := range b.p {
		if s > 0 || !store {
			in = append(in, s)
		}
	}
	move(slice, stack, in)
	body(bases, 0, b.masks(b.n))
	if store {
		move(stack, slice, []int{0})
	}
	b.mark(end)
}

// masks returns the masks of the first n elements of a block, vector by vector.
func (f *function) masks(n general) (masks []vec) {
	count := f.fill(n)
	for q := range uint32(4) {
		ramp := f.fresh()
		f.memory(ldrQ, ramp, constantBase, constants.placeWords([4]uint32{4 * q, 4*q + 1, 4*q + 2, 4*q + 3}), 16, false)
		masks = append(masks, f.emit(cmgt, 0, 0, count, ramp))
	}
	return masks
}

// stackBases returns the addresses of the copies on the stack.
func (b *blocks) stackBases(n int) (g []general) {
	for s := range n {
		r := b.integer()
		b.raw("ADD $%d, %v, %v", 64*s, b.buf, r)
		g = append(g, r)
	}
	return g
}

// newBlocks begins a function over blocks of slices and of n elements.
func newBlocks(f *function, slices []string) *blocks {
	b := &blocks{function: f}
	for _, s := range slices {
		b.p = append(b.p, f.load(s))
	}
	b.n, b.buf = f.load("n"), f.integer()
	f.frame = 64*len(slices) + 16
	return b
}
