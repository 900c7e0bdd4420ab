package main

// elements are the type of a product's elements: its size and its instructions.
type elements struct {
	suffix                                                    string
	bytes                                                     int
	pointer                                                   byte // as in param
	fmla, fmlaLane, fadd, fmul, fcmlt0, ld1r, faddp, storeOne instruction
}

var (
	singles = elements{"", 4, 'p', fmla, fmlaLane, fadd, fmul, fcmlt0, ld1r, faddp, strS}
	doubles = elements{"Double", 8, 'd', fmlaD, fmlaLaneD, faddD, fmulD, fcmlt0D, ld1rD, faddpD, strD}
)

// lanes returns the number of elements of a register.
func (e elements) lanes() int { return 16 / e.bytes }

// argTaps returns the offset of the taps in kernels.tapStrip.
func (e elements) argTaps() int { return argAlpha + 4*e.bytes }

// laneField returns the bits of lane i of a product by element.
func (e elements) laneField(i int) uint32 {
	if e.bytes == 8 {
		return uint32(i) << 11
	}
	return uint32(i&1)<<21 | uint32(i>>1)<<11
}

// spread loads an element into each lane.
func (t *tile) spread(g general) vec {
	v := t.fresh()
	t.memory(t.ld1r, v, g, 0, 0, false)
	return v
}

// loadSome and storeSome access the first elements of a vector, t.part of them; storeSome writes to C.
func (t *tile) loadSome(g general, offset int) vec {
	return t.loadFirst(t.elements, g, offset, t.part, t.tmp)
}

// loadFirst loads the first n elements of a vector, which they do not fill; the others are 0.
func (f *function) loadFirst(e elements, g general, offset, n int, tmp general) vec {
	if e.bytes == 4 {
		return f.loadPart(g, offset, n, tmp)
	}
	v := f.fresh()
	f.memory(ldrD, v, g, offset, 8, false)
	return v
}

func (t *tile) storeSome(v vec, offset int) {
	if t.bytes == 4 {
		t.storePart(v, t.c, offset, t.part, t.tmp)
	} else {
		t.memory(strD, v, t.c, offset, 8, true)
	}
}
