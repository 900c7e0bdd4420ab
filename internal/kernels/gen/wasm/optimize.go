package main

// Bounds below which a moment, and a gradient's square, become 0: smallestNormal and tinyRoot of package kernels.
var (
	smallestNormal = splat32(0x00800000)
	tinyRoot       = splat32(0x22800000)
)

// flush returns 0 where |v| < tiny, and v elsewhere; NaN stays NaN.
func (f *function) flush(v, tiny code) code {
	v = f.let(v128, v)
	return andNot(v, less(abs(v), tiny))
}

// moment returns β·m + (1-β)·d, flushed.
func (f *function) moment(beta, m, keep, d code) code {
	return f.let(v128, f.flush(add(mul(beta, m), mul(keep, d)), smallestNormal))
}

// gradient returns gs·g + wd·w.
func (f *function) gradient(g, w, gs, wd code) code {
	return f.let(v128, add(mul(gs, g), mul(wd, w)))
}

// squared returns d², or 0 where d is tiny.
func (f *function) squared(d code) code {
	d = f.let(v128, f.flush(d, tinyRoot))
	return mul(d, d)
}

// update returns a kernel over the weights, the gradient and additional slices that are read and written.
func update(name string, moments, scalars int, g func(f *function, x, c []code) []code) stream {
	s := stream{name: name, slices: 2 + moments, in: []int{0, 1}, out: []int{0}, scalars: scalars, by: 1, f: g}
	for i := range moments {
		s.in, s.out = append(s.in, i+2), append(s.out, i+2)
	}
	return s
}

func momentum(nesterov bool) func(f *function, x, c []code) []code {
	return func(f *function, x, c []code) []code { // c: lr, gs, wd, mu, 1-damp
		d := f.gradient(x[1], x[0], c[1], c[2])
		m := f.moment(c[3], x[2], c[4], d)
		u := m
		if nesterov {
			u = add(d, mul(c[3], m))
		}
		return []code{sub(x[0], mul(c[0], u)), m}
	}
}

func adam(ams bool) func(f *function, x, c []code) []code {
	return func(f *function, x, c []code) []code { // c: as adamConstants
		w := f.let(v128, mul(x[0], c[0]))
		d := f.gradient(x[1], w, c[1], c[2])
		m := f.moment(c[3], x[2], c[4], d)
		v := f.moment(c[5], x[3], c[6], f.squared(d))
		out := []code{nil, m, v}
		root := v
		if ams {
			root = f.let(v128, maximum(x[4], v))
			out = append(out, root)
		}
		out[0] = sub(w, mul(c[7], div(m, add(mul(sqrt(root), c[8]), c[9]))))
		return out
	}
}

func rmsprop(velocity, centred bool) func(f *function, x, c []code) []code {
	return func(f *function, x, c []code) []code { // c: lr, alpha, 1-alpha, eps, mu, gs, wd
		d := f.gradient(x[1], x[0], c[5], c[6])
		v := f.moment(c[1], x[2], c[2], f.squared(d))
		out := []code{nil, v}
		root := v
		var mean code
		if centred {
			mean = f.moment(c[1], x[len(x)-1], c[2], d)
			root = maximum(sub(v, f.squared(mean)), k(0))
		}
		u := f.let(v128, div(d, add(sqrt(root), c[3])))
		if velocity {
			u = f.let(v128, f.flush(add(mul(c[4], x[3]), u), smallestNormal))
			out = append(out, u)
		}
		if centred {
			out = append(out, mean)
		}
		out[0] = sub(x[0], mul(c[0], u))
		return out
	}
}

var updates = []stream{
	update("sgd", 0, 3, func(f *function, x, c []code) []code { // c: lr, gs, wd
		return []code{sub(x[0], mul(c[0], f.gradient(x[1], x[0], c[1], c[2])))}
	}),
	update("momentum", 1, 5, momentum(false)),
	update("nesterov", 1, 5, momentum(true)),
	update("adam", 2, 10, adam(false)),
	update("amsGrad", 3, 10, adam(true)),
	update("rmsprop", 1, 7, rmsprop(false, false)),
	update("rmspropVelocity", 2, 7, rmsprop(true, false)),
	update("rmspropCentred", 2, 7, rmsprop(false, true)),
	update("rmspropCentredVelocity", 3, 7, rmsprop(true, true)),
	update("adagrad", 1, 4, func(f *function, x, c []code) []code { // c: lr, eps, gs, wd
		d := f.gradient(x[1], x[0], c[2], c[3])
		s := f.let(v128, add(x[2], f.squared(d)))
		return []code{sub(x[0], mul(c[0], div(d, add(sqrt(s), c[1])))), s}
	}),
}
