package main

// across adds up the products of a full tile, if the elements of each column of A are contiguous.
func (t *tile) across() {
	ap := t.p[0]
	t.raw("MOVD %v, %v", t.a, ap)
	t.raw("MOVD %v, %v", t.b, t.bp)
	t.raw("MOVD %d(%v), %v", argDepth, t.s, t.k)
	t.loop(func(top string) {
		var a []vec
		for v := range t.rows / t.lanes() {
			a = append(a, t.quad(ap, 16*v))
		}
		b := t.row(t.bp, true)
		t.raw("ADD %v, %v", t.aCol, ap)
		t.raw("ADD %v, %v", t.bRow, t.bp)
		t.raw("SUBS $1, %v", t.k)
		for i := range t.rows {
			t.products(i, i%t.lanes(), a[i/t.lanes()], b)
		}
		t.raw("BNE %s", top)
	})
}

// products adds the products of lane i of a and a row of B to a row of sums.
func (t *tile) products(row, lane int, a vec, b []vec) {
	for v := range t.nv {
		t.change(t.acc[row][v], t.fmlaLane, lane, t.laneField(lane), b[v], a)
	}
}

// along adds up the products, as many steps at a time as a register has lanes if the elements of each row of A are contiguous.
func (t *tile) along() {
	t.startRows()
	single, end := t.label("single"), t.label("sums")
	t.raw("CMP $%d, %v", t.bytes, t.aCol)
	t.raw("BNE %s", single)
	t.raw("SUBS $%d, %v", t.lanes(), t.k)
	rest := t.label("rest")
	t.raw("BLT %s", rest)
	t.loop(func(top string) {
		var a []vec
		for i := range t.rows {
			a = append(a, t.quad(t.p[i], 0))
			t.raw("ADD $16, %v", t.p[i])
		}
		for u := range t.lanes() {
			b := t.nextB()
			for i := range t.rows {
				t.products(i, u, a[i], b)
			}
		}
		t.raw("SUBS $%d, %v", t.lanes(), t.k)
		t.raw("BGE %s", top)
	})
	t.mark(rest)
	t.raw("ADDS $%d, %v", t.lanes(), t.k)
	t.raw("BEQ %s", end)
	t.mark(single)
	t.loop(func(top string) {
		b := t.nextB()
		for i := range t.rows {
			a := t.spread(t.p[i])
			t.raw("ADD %v, %v", t.aCol, t.p[i])
			for v := range t.nv {
				t.change(t.acc[i][v], t.fmla, 0, 0, b[v], a)
			}
		}
		t.raw("SUBS $1, %v", t.k)
		t.raw("BNE %s", top)
	})
	t.mark(end)
}

// startRows sets the addresses of the rows of A, the beginning of B and the depth.
func (t *tile) startRows() {
	for i := range t.rows {
		switch {
		case t.kind == tappedA:
			t.raw("MOVD %d(%v), %v", argA, t.s, t.tmp)
			t.raw("MOVD %d(%v), %v", 8*i, t.a, t.p[i])
			t.raw("ADD %v, %v", t.tmp, t.p[i])
		case i == 0:
			t.raw("MOVD %v, %v", t.a, t.p[i])
		default:
			t.raw("ADD %v, %v, %v", t.aRow, t.p[i-1], t.p[i])
		}
	}
	if t.kind == tappedB {
		t.raw("MOVD %d(%v), %v", t.argTaps(), t.s, t.taps)
	} else {
		t.raw("MOVD %v, %v", t.b, t.bp)
	}
	t.raw("MOVD %d(%v), %v", argDepth, t.s, t.k)
}

// nextB loads the next row of B.
func (t *tile) nextB() []vec {
	if t.kind == tappedB {
		t.raw("MOVD.P 8(%v), %v", t.taps, t.bp)
		t.raw("ADD %v, %v", t.b, t.bp)
		return t.row(t.bp, true)
	}
	b := t.row(t.bp, true)
	t.raw("ADD %v, %v", t.bRow, t.bp)
	return b
}
