package main

// cell returns a step of a recurrent network, a kernel whose in inputs and out results are in an array, in this order. It takes the
// steps of the functions that the portable form calls, without fused products.
func cell(name, doc string, in, out, by int, g func(f *function, x []vector) []vector) stream {
	s := stream{name: name, doc: doc, slices: make([]string, in+out), by: by, array: true,
		prolog: func(*function) func(f *function, x []vector) []vector { return g }}
	for i := range in {
		s.in = append(s.in, i)
	}
	for i := range out {
		s.out = append(s.out, in+i)
	}
	return s
}

func (f *function) tanhGrad(g, y vector) vector    { return f.mul(g, f.sub(f.k(1), f.mul(y, y))) }
func (f *function) sigmoidGrad(g, y vector) vector { return f.mul(g, f.mul(y, f.sub(f.k(1), y))) }

// lstmCellGrad returns the results of LSTMCellGrad; t is the tanh of the new cell.
func (f *function) lstmCellGrad(x []vector, t vector) []vector {
	dh, dc, i, forget, g, o, c := x[0], x[1], x[2], x[3], x[4], x[5], x[7]
	do := f.sigmoidGrad(f.mul(dh, t), o)
	dc = f.add(dc, f.tanhGrad(f.mul(dh, o), t))
	return []vector{
		f.sigmoidGrad(f.mul(dc, g), i), f.sigmoidGrad(f.mul(dc, c), forget), f.tanhGrad(f.mul(dc, i), g), do, f.mul(dc, forget),
	}
}

// The formulas are those of package kernels' functions.
var cells = []stream{
	cell("lstmCell", "computes one row of LSTMCell.", 5, 7, 1, func(f *function, x []vector) []vector {
		i, forget := f.sigmoid(x[0]), f.sigmoid(x[1])
		g, o := f.tanh(x[2]), f.sigmoid(x[3])
		c := f.add(f.mul(forget, x[4]), f.mul(i, g))
		t := f.tanh(c)
		return []vector{i, forget, g, o, c, t, f.mul(o, t)}
	}),
	cell("lstmCellGrad", "computes one row of LSTMCellGrad.", 8, 5, 2, func(f *function, x []vector) []vector {
		return f.lstmCellGrad(x, x[6])
	}),
	cell("lstmCellTanhGrad", "computes one row of LSTMCellTanhGrad.", 8, 5, 1, func(f *function, x []vector) []vector {
		return f.lstmCellGrad(x, f.tanh(x[6]))
	}),
	cell("gruCell", "computes one row of GRUCell.", 7, 4, 2, func(f *function, x []vector) []vector {
		r, z := f.sigmoid(f.add(x[0], x[3])), f.sigmoid(f.add(x[1], x[4]))
		n := f.tanh(f.add(x[2], f.mul(r, x[5])))
		return []vector{r, z, n, f.add(n, f.mul(z, f.sub(x[6], n)))}
	}),
	cell("gruCellGrad", "computes one row of GRUCellGrad.", 6, 5, 2, func(f *function, x []vector) []vector {
		dh, r, z, n, b, h := x[0], x[1], x[2], x[3], x[4], x[5]
		keep := f.mul(dh, z)
		dn := f.tanhGrad(f.add(dh, f.on(fneg, keep)), n)
		return []vector{
			f.sigmoidGrad(f.mul(dn, b), r), f.sigmoidGrad(f.mul(dh, f.sub(h, n)), z), dn, f.mul(dn, r), keep,
		}
	}),
}
