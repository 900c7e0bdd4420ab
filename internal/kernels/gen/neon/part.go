package main

// loadPart loads the first n elements of a vector; the others are 0.
func (f *function) loadPart(g general, offset, n int, tmp general) vec {
	v := f.fresh()
	if n == 1 {
		f.memory(ldrS, v, g, offset, 4, false)
		return v
	}
	f.memory(ldrD, v, g, offset, 8, false)
	if n == 3 {
		f.raw("ADD $%d, %v, %v", offset+8, g, tmp)
		f.loadLane(v, 2, tmp)
	}
	return v
}

// storePart stores the first n elements of a vector.
func (f *function) storePart(v vec, g general, offset, n int, tmp general) {
	if n == 1 {
		f.memory(strS, v, g, offset, 4, true)
		return
	}
	f.memory(strD, v, g, offset, 8, true)
	if n == 3 {
		f.raw("ADD $%d, %v, %v", offset+8, g, tmp)
		f.memory(st1S2, v, tmp, 0, 0, true)
	}
}

// loadLane loads an element into a lane of v.
func (f *function) loadLane(v vec, lane int, g general) {
	f.lines = append(f.lines, line{def: v, use: []vec{v}, keep: true, word: func(d int, _ []int) (uint32, string) {
		return ld1Lane.assemble(d, int(g), 0, lane, uint32(lane>>1)<<30|uint32(lane&1)<<12)
	}})
}

// broadcast loads an element into each lane.
func (f *function) broadcast(g general) vec {
	v := f.fresh()
	f.memory(ld1r, v, g, 0, 0, false)
	return v
}
