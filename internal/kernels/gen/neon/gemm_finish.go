package main

// finish computes the elements of C from the sums: alpha·sum + beta·c + bias, and the ReLU of this. Nothing is fused.
func (t *tile) finish() {
	t.scaleSums()
	t.when(flagBeta, func() {
		beta := t.fieldVector(argAlpha + t.bytes)
		t.raw("MOVD %v, %v", t.c, t.bp)
		for i := range t.rows {
			for v, x := range t.row(t.bp, true) {
				t.emitTo(t.acc[i][v], t.fadd, 0, 0, t.acc[i][v], t.emit(t.fmul, 0, 0, x, beta))
			}
			t.raw("ADD %v, %v", t.cRow, t.bp)
		}
	})
	if t.kind == tappedB {
		t.when(flagRowBias, func() {
			t.raw("MOVD %v, %v", t.rowBias, t.bp)
			for i := range t.rows {
				x := t.spread(t.bp)
				t.raw("ADD $%d, %v", t.bytes, t.bp)
				for v := range t.nv {
					t.emitTo(t.acc[i][v], t.fadd, 0, 0, t.acc[i][v], x)
				}
			}
		})
	}
	t.when(flagBias, func() {
		for v, x := range t.row(t.bias, true) {
			for i := range t.rows {
				t.emitTo(t.acc[i][v], t.fadd, 0, 0, t.acc[i][v], x)
			}
		}
	})
	t.when(flagReLU, func() {
		for i := range t.rows {
			for v := range t.nv {
				t.emitTo(t.acc[i][v], bic, 0, 0, t.acc[i][v], t.emit(t.fcmlt0, 0, 0, t.acc[i][v]))
			}
		}
	})
	for i := range t.rows {
		for v := range t.nv {
			if t.part == 0 || v < t.nv-1 {
				t.memory(strQ, t.acc[i][v], t.c, 16*v, 16, true)
			} else {
				t.storeSome(t.acc[i][v], 16*v)
			}
		}
		t.raw("ADD %v, %v", t.cRow, t.c)
	}
}

// scaleSums multiplies the sums by alpha.
func (t *tile) scaleSums() {
	alpha := t.fieldVector(argAlpha)
	for i := range t.acc {
		for _, v := range t.acc[i] {
			t.emitTo(v, t.fmul, 0, 0, v, alpha)
		}
	}
}

// fieldVector returns a register filled with a field of the argument.
func (t *tile) fieldVector(offset int) vec {
	t.raw("ADD $%d, %v, %v", offset, t.s, t.tmp)
	return t.spread(t.tmp)
}

// when runs body if a flag is set.
func (t *tile) when(bit int, body func()) {
	over := t.label("over")
	t.raw("TBZ $%d, %v, %s", bit, t.flags, over)
	body()
	t.mark(over)
}

// wide multiplies one row of A by four panels of B, which are argBPanel apart.
func (t *tile) wide() {
	t.rows, t.nv, t.part = 1, 12, 0
	t.clear()
	t.raw("MOVD %d(%v), %v", argBPanel, t.s, t.tmp)
	t.raw("MOVD %v, %v", t.b, t.p[0])
	for i := range 3 {
		t.raw("ADD %v, %v, %v", t.tmp, t.p[i], t.p[i+1])
	}
	t.raw("MOVD %d(%v), %v", argDepth, t.s, t.k)
	t.loop(func(top string) {
		a := t.spread(t.a)
		t.raw("ADD %v, %v", t.aCol, t.a)
		for i, p := range t.p {
			for v := range 3 {
				t.change(t.acc[0][3*i+v], t.fmla, 0, 0, t.quad(p, 16*v), a)
			}
			t.raw("ADD %v, %v", t.bRow, p)
		}
		t.raw("SUBS $1, %v", t.k)
		t.raw("BNE %s", top)
	})
	t.finish()
	t.raw("RET")
}
