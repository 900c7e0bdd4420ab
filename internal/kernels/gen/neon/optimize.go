package main

// Bounds below which a moment, and a gradient's square, become 0: smallestNormal and tinyRoot of package kernels.
const (
	smallestNormal = 0x00800000
	tinyRoot       = 0x22800000
)

// flush returns 0 where |v| < tiny, and v elsewhere; NaN stays NaN.
func (f *function) flush(v vector, tiny uint32) vector {
	return f.andNot(v, f.less(f.on(fabs, v), f.bits(tiny)))
}

// moment returns β·m + (1-β)·d, flushed.
func (f *function) moment(beta, m, keep, d vector) vector {
	return f.flush(f.add(f.mul(beta, m), f.mul(keep, d)), smallestNormal)
}

// gradient returns gs·g + wd·w.
func (f *function) gradient(g, w, gs, wd vector) vector { return f.add(f.mul(gs, g), f.mul(wd, w)) }

// squared returns d², or 0 where d is tiny.
func (f *function) squared(d vector) vector {
	d = f.flush(d, tinyRoot)
	return f.mul(d, d)
}

// update returns a kernel over the weights w, the gradient and additional slices that are read and written. k has count constants.
func update(name, doc string, moments []string, count int, g func(f *function, x, c []vector) []vector) stream {
	s := stream{name: name, doc: doc, slices: append([]string{"w", "grad"}, moments...), in: []int{0, 1}, out: []int{0}, by: 2,
		extra: pointers("k"),
		prolog: func(f *function) func(f *function, x []vector) []vector {
			base := f.load("k")
			word := f.integer()
			var c []vec
			for i := range count {
				f.raw("MOVWU %d(%v), %v", 4*i, base, word)
				c = append(c, f.fill(word))
			}
			return func(f *function, x []vector) []vector {
				var all []vector
				for _, v := range c {
					all = append(all, f.same(v))
				}
				return g(f, x, all)
			}
		}}
	for i := range moments {
		s.in, s.out = append(s.in, i+2), append(s.out, i+2)
	}
	return s
}

func momentum(nesterov bool) func(f *function, x, c []vector) []vector {
	return func(f *function, x, c []vector) []vector { // c: lr, gs, wd, mu, 1-damp
		d := f.gradient(x[1], x[0], c[1], c[2])
		m := f.moment(c[3], x[2], c[4], d)
		u := m
		if nesterov {
			u = f.add(d, f.mul(c[3], m))
		}
		return []vector{f.sub(x[0], f.mul(c[0], u)), m}
	}
}

func adam(ams bool) func(f *function, x, c []vector) []vector {
	return func(f *function, x, c []vector) []vector { // c: as adamConstants
		w := f.mul(x[0], c[0])
		d := f.gradient(x[1], w, c[1], c[2])
		m := f.moment(c[3], x[2], c[4], d)
		v := f.moment(c[5], x[3], c[6], f.squared(d))
		out := []vector{nil, m, v}
		root := v
		if ams {
			root = f.maximum(x[4], v)
			out = append(out, root)
		}
		out[0] = f.sub(w, f.mul(c[7], f.div(m, f.add(f.mul(f.on(fsqrt, root), c[8]), c[9]))))
		return out
	}
}

func rmsprop(velocity, centred bool) func(f *function, x, c []vector) []vector {
	return func(f *function, x, c []vector) []vector { // c: lr, alpha, 1-alpha, eps, mu, gs, wd
		d := f.gradient(x[1], x[0], c[5], c[6])
		v := f.moment(c[1], x[2], c[2], f.squared(d))
		out := []vector{nil, v}
		root := v
		var mean vector
		if centred {
			mean = f.moment(c[1], x[len(x)-1], c[2], d)
			root = f.maximum(f.sub(v, f.squared(mean)), f.zero())
		}
		u := f.div(d, f.add(f.on(fsqrt, root), c[3]))
		if velocity {
			u = f.flush(f.add(f.mul(c[4], x[3]), u), smallestNormal)
			out = append(out, u)
		}
		if centred {
			out = append(out, mean)
		}
		out[0] = f.sub(x[0], f.mul(c[0], u))
		return out
	}
}

var updates = []stream{
	update("sgd", "is SGD.", nil, 3, func(f *function, x, c []vector) []vector { // c: lr, gs, wd
		return []vector{f.sub(x[0], f.mul(c[0], f.gradient(x[1], x[0], c[1], c[2])))}
	}),
	update("momentum", "is Momentum.", []string{"m"}, 5, momentum(false)),
	update("nesterov", "is Momentum with nesterov.", []string{"m"}, 5, momentum(true)),
	update("adam", "is Adam.", []string{"m", "v"}, 10, adam(false)),
	update("amsGrad", "is AMSGrad.", []string{"m", "v", "vmax"}, 10, adam(true)),
	update("rmsprop", "is RMSProp.", []string{"v"}, 7, rmsprop(false, false)),
	update("rmspropVelocity", "is RMSProp with momentum.", []string{"v", "m"}, 7, rmsprop(true, false)),
	update("rmspropCentred", "is RMSProp, centred.", []string{"v", "avg"}, 7, rmsprop(false, true)),
	update("rmspropCentredVelocity", "is RMSProp, centred, with momentum.", []string{"v", "m", "avg"}, 7, rmsprop(true, true)),
	update("adagrad", "is Adagrad.", []string{"s"}, 4, func(f *function, x, c []vector) []vector { // c: lr, eps, gs, wd
		d := f.gradient(x[1], x[0], c[2], c[3])
		s := f.add(x[2], f.squared(d))
		return []vector{f.sub(x[0], f.mul(c[0], f.div(d, f.add(f.on(fsqrt, s), c[1])))), s}
	}),
}
