package main

// rows adds a kernel over the rows of matrices of rows × cols elements, which calls row once for each, with pointers to it. The
// last slice has step bytes for each row, or as many as the others if step is 0.
func rows(m *module, name string, slices, scalars, step int, row func(f *function, p []code, cols code)) {
	f := m.kernel(name, "ppp"[:slices]+"nn"+"c"[:scalars])
	left, cols := f.param(slices), f.param(slices+1)
	var p []code
	for i := range slices {
		p = append(p, f.param(i).get())
	}
	f.loop(func() {
		row(f, p, cols.get())
		for i := range slices {
			by := shiftLeftInt(cols.get(), 2)
			if i == slices-1 && step > 0 {
				by = number(step)
			}
			f.emit(f.param(i).add(by))
		}
		f.emit(left.add(number(-1)))
	}, left.get())
}

// demote returns x, of type f64, as float32.
func demote(x code) code { return op(0xb6, x) }

// addSoftmax adds the kernels of softmax and its derivatives. They call those of one row.
func addSoftmax(m *module, all map[string]*function) {
	rows(m, "softmax", 2, 0, 0, func(f *function, p []code, cols code) {
		s := all["expSum"].call(p[0], p[1], cols, all["maxOf"].call(p[1], cols))
		f.emit(all["Scale"].call(p[0], p[0], cols, demote(op(0xa3, real(1), s))))
	})
	rows(m, "softmaxGrad", 3, 0, 0, func(f *function, p []code, cols code) {
		f.emit(all["SoftmaxGrad"].call(p[0], p[1], p[2], cols, demote(all["dot"].call(p[1], p[2], cols))))
	})
	rows(m, "logSoftmaxGrad", 3, 0, 0, func(f *function, p []code, cols code) {
		f.emit(all["LogSoftmaxGrad"].call(p[0], p[1], p[2], cols, demote(all["sum"].call(p[1], cols))))
	})
	rows(m, "softmaxCEGrad", 3, 1, 0, func(f *function, p []code, cols code) { // dst, z, t
		s := f.let(f64, all["expSum"].call(p[0], p[1], cols, all["maxOf"].call(p[1], cols)))
		c := demote(op(0xa3, all["sum"].call(p[2], cols), s))
		f.emit(all["SoftmaxCEGrad"].call(p[0], p[0], p[2], cols, c, f.param(5).get()))
	})
	rows(m, "softmaxCE", 3, 0, 24, func(f *function, p []code, cols code) { // z, t, and Σe^(z-m), Σt, Σt(z-m)
		most := f.let(f32, all["maxOf"].call(p[0], cols))
		f.emit(storeDouble(p[2], 0, all["sumExp"].call(p[0], cols, most)),
			storeDouble(p[2], 8, all["sum"].call(p[1], cols)),
			storeDouble(p[2], 16, all["dotShift"].call(p[1], p[0], cols, most)))
	})
}
