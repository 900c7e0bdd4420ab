package main

// A narrow is a kernel over rows of at most 16 columns, each of which fits the registers. For these, the calls for a long row would
// take longer than the arithmetic. It adds up in the same order.
type narrow struct {
	*function
	cols, part, tmp general // part is the number of columns in the last register
	mask            vec     // selects them
	zero            vector
}

// narrowKernel writes a kernel that emits row, with the addresses of the slices' rows, in a loop over the rows for each number of
// registers that a row may fill.
func narrowKernel(name, doc string, slices []string, more []param, row func(n *narrow, p []general)) {
	params := append(pointers(slices...), param{name: "rows", kind: 'n'}, param{name: "cols", kind: 'n'})
	f := begin(name, doc+" 1 ≤ cols ≤ 16; rows > 0.", append(params, more...), "")
	var p []general
	for _, s := range slices {
		p = append(p, f.load(s))
	}
	n := &narrow{function: f, cols: f.load("cols"), part: f.integer(), tmp: f.integer()}
	rows, next := f.load("rows"), f.integer()
	f.raw("SUB $1, %v, %v", n.cols, n.tmp)
	f.raw("AND $3, %v, %v", n.tmp, n.part)
	f.raw("ADD $1, %v", n.part)
	f.raw("LSR $2, %v, %v", n.tmp, next) // registers - 1
	ramp := f.fresh()
	f.memory(ldrQ, ramp, constantBase, constants.placeWords([4]uint32{0, 1, 2, 3}), 16, false)
	n.mask = f.emit(cmgt, 0, 0, f.fill(n.part), ramp)
	n.zero = vector{f.emit(movi0, 0, 0)}
	for registers := 4; registers > 0; registers-- {
		less := f.label("less")
		if registers > 1 {
			f.raw("CMP $%d, %v", registers-1, next)
			f.raw("BNE %s", less)
		}
		f.n = registers
		used := f.gp
		f.loop(func(top string) {
			row(n, p)
			for _, g := range p[:len(slices)] {
				f.raw("ADD %v<<2, %v, %v", n.cols, g, g)
			}
			f.raw("SUBS $1, %v", rows)
			f.raw("BNE %s", top)
		})
		f.gp = used
		f.raw("RET")
		f.mark(less)
	}
}

// lastOf runs one of four functions, for the number of columns in the last register.
func (n *narrow) lastOf(whole func(), part func(count int)) {
	end := n.label("end")
	for count := 4; count > 0; count-- {
		over := n.label("fewer")
		if count > 1 {
			n.raw("CMP $%d, %v", count, n.part)
			n.raw("BNE %s", over)
		}
		if count == 4 {
			whole()
		} else {
			part(count)
		}
		n.raw("B %s", end)
		n.mark(over)
	}
	n.mark(end)
}

// get loads a row, with zeros after its end.
func (n *narrow) get(p general) (x vector) {
	for j := range n.n - 1 {
		x = append(x, n.quad(p, 16*j))
	}
	last, at := n.fresh(), 16*(n.n-1)
	n.lastOf(func() { n.memory(ldrQ, last, p, at, 16, false) }, func(count int) { n.emitTo(last, mov, 0, 0, n.loadPart(p, at, count, n.tmp)) })
	return append(x, last)
}

// put stores a row.
func (n *narrow) put(x vector, p general) {
	for j, v := range x[:n.n-1] {
		n.memory(strQ, v, p, 16*j, 16, true)
	}
	last, at := x[n.n-1], 16*(n.n-1)
	n.lastOf(func() { n.memory(strQ, last, p, at, 16, true) }, func(count int) { n.storePart(last, p, at, count, n.tmp) })
}

// keep returns x, with zeros after the end of the row.
func (n *narrow) keep(x vector) vector {
	return append(append(vector{}, x[:n.n-1]...), n.emit(and, 0, 0, x[n.n-1], n.mask))
}

// total returns the sum of x in double precision, in both lanes; or that of its products with weights, unless nil.
func (n *narrow) total(x, weights vector) vec {
	var lanes []vec
	for j, v := range x {
		for _, convert := range []instruction{fcvtl, fcvtl2} {
			wide := n.emit(convert, 0, 0, v)
			if weights == nil {
				lanes = append(lanes, n.emit(faddD, 0, 0, wide, n.zero[0]))
			} else {
				lanes = append(lanes, n.change(n.emit(movi0, 0, 0), fmlaD, 0, 0, n.emit(convert, 0, 0, weights[j]), wide))
			}
		}
	}
	for half := sumLanes / 4; half > 0; half /= 2 {
		for k := half; k < min(2*half, len(lanes)); k++ {
			lanes[k-half] = n.emit(faddD, 0, 0, lanes[k-half], lanes[k])
		}
		lanes = lanes[:min(half, len(lanes))]
	}
	return n.emit(faddpD, 0, 0, lanes[0], lanes[0])
}

// exponentials returns z-m for a row z and its largest element m, e^(z-m), and the sum of these. All are 0 after the end of the row.
func (n *narrow) exponentials(z vector) (less, e vector, sum vec) {
	m := n.change(n.emit(mov, 0, 0, n.mask), bsl, 0, 0, z[n.n-1], n.constant(minusInf))
	for _, v := range z[:n.n-1] {
		m = n.emit(fmax, 0, 0, m, v)
	}
	for _, bytes := range []int{8, 4} {
		m = n.emit(fmax, 0, 0, m, n.emit(ext, bytes, uint32(bytes)<<11, m, m))
	}
	less = n.keep(n.sub(z, n.same(m)))
	e = n.keep(n.exp(less))
	return less, e, n.total(e, nil)
}

// ratio returns a/b, rounded to float32, in all lanes; a and b are in both.
func (n *narrow) ratio(a, b vec) vector {
	q := n.emit(fcvtn, 0, 0, n.emit(fdivD, 0, 0, a, b))
	return n.same(n.emit(zip1, 0, 0, q, q))
}

// narrowKernels writes softmax, the gradient of its cross-entropy, and the sums that the cross-entropy needs.
func narrowKernels() {
	narrowKernel("softmaxNarrow", "is Softmax.", []string{"dst", "z"}, nil, func(n *narrow, p []general) {
		_, e, s := n.exponentials(n.get(p[1]))
		n.put(n.mul(e, n.ratio(n.double(1), s)), p[0])
	})
	narrowKernel("softmaxCEGradNarrow", "is SoftmaxCEGrad.", []string{"dst", "z", "t"}, scalars("scale"), func(n *narrow, p []general) {
		_, e, s := n.exponentials(n.get(p[1]))
		t := n.get(p[2])
		n.put(n.mul(n.same(n.scalar("scale")), n.sub(n.mul(n.ratio(n.total(t, nil), s), e), t)), p[0])
	})
	narrowKernel("softmaxCENarrow", "sets out to Σe^(z-m), Σt, Σt(z-m) of each row.", []string{"z", "t"}, []param{{name: "out", kind: 'd'}},
		func(n *narrow, p []general) {
			z, t := n.get(p[0]), n.get(p[1])
			less, _, s := n.exponentials(z)
			out := n.load("out")
			for i, v := range []vec{s, n.total(t, nil), n.total(n.whereNotZero(t, less), t)} {
				n.memory(strD, v, out, 8*i, 8, true)
			}
			n.raw("ADD $24, %v", out)
			n.raw("MOVD %v, out+%d(FP)", out, n.param("out").offset)
		})
}
