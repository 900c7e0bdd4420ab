package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// constants reads the parameter k, an array of float32.
type constants struct {
	lanes
	base reg.Register
}

// at broadcasts constant i. A broadcast from memory costs only a load, so none is kept in a register.
func (c constants) at(i int) vec {
	r := c.single()
	VBROADCASTSS(Mem{Base: c.base, Disp: 4 * i}, r)
	return c.same(r)
}

// Bounds below which a moment, and a gradient's square, become 0: smallestNormal and tinyRoot of package kernels.
const (
	smallestNormal = 0x00800000 // bits of 2⁻¹²⁶
	tinyRoot       = 0x22800000 // bits of 2⁻⁵⁸
)

// moment returns β·m + (1-β)·d, flushed.
func (c constants) moment(beta int, m vec, keep int, d vec) vec {
	return c.flush(c.add(c.mul(m, c.at(beta)), c.mul(d, c.at(keep))), c.bits(smallestNormal))
}

// gradient returns gs·g + wd·w.
func (c constants) gradient(g, w vec, gs, wd int) vec {
	return c.add(c.mul(g, c.at(gs)), c.mul(w, c.at(wd)))
}

// squared returns d², or 0 where d is tiny.
func (c constants) squared(d vec) vec {
	d = c.flush(d, c.bits(tinyRoot))
	return c.mul(d, d)
}

// update returns a kernel over the weights w, the gradient g and additional slices that are read and written.
func update(name, doc string, moments []string, by int, f func(c constants, x []vec) []vec) stream {
	s := stream{
		name: name, doc: doc, slices: append([]string{"w", "grad"}, moments...),
		in: []int{0, 1}, out: []int{0}, params: "k *float32", by: by,
		prolog: func(l lanes) body {
			base := Load(Param("k"), GP64())
			return func(l lanes, x []vec) []vec { return f(constants{l, base}, x) }
		},
	}
	for i := range moments {
		s.in = append(s.in, i+2)
		s.out = append(s.out, i+2)
	}
	return s
}

func momentum(nesterov bool) func(c constants, x []vec) []vec {
	return func(c constants, x []vec) []vec { // k: lr, gs, wd, mu, 1-damp
		d := c.gradient(x[1], x[0], 1, 2)
		m := c.moment(3, x[2], 4, d)
		u := m
		if nesterov {
			u = c.add(d, c.mul(m, c.at(3)))
		}
		return []vec{c.sub(x[0], c.mul(u, c.at(0))), m}
	}
}

func adam(ams bool) func(c constants, x []vec) []vec {
	return func(c constants, x []vec) []vec { // k: as adamConstants
		w := c.mul(x[0], c.at(0))
		d := c.gradient(x[1], w, 1, 2)
		m := c.moment(3, x[2], 4, d)
		v := c.moment(5, x[3], 6, c.squared(d))
		out := []vec{nil, m, v}
		root := v
		if ams {
			root = c.maximum(x[4], v)
			out = append(out, root)
		}
		q := c.div(m, c.add(c.mul(c.sqrt(root), c.at(8)), c.at(9)))
		out[0] = c.sub(w, c.mul(q, c.at(7)))
		return out
	}
}

func rmsprop(velocity, centred bool) func(c constants, x []vec) []vec {
	return func(c constants, x []vec) []vec { // k: lr, alpha, 1-alpha, eps, mu, gs, wd
		d := c.gradient(x[1], x[0], 5, 6)
		v := c.moment(1, x[2], 2, c.squared(d))
		out := []vec{nil, v}
		root, q := v, 3
		var mean vec
		if centred {
			mean = c.moment(1, x[len(x)-1], 2, d)
			root = c.maxThen(c.zero(), c.sub(v, c.squared(mean)))
		}
		u := c.div(d, c.add(c.sqrt(root), c.at(3)))
		if velocity {
			u = c.flush(c.add(c.mul(x[q], c.at(4)), u), c.bits(smallestNormal))
			out = append(out, u)
		}
		if centred {
			out = append(out, mean)
		}
		out[0] = c.sub(x[0], c.mul(u, c.at(0)))
		return out
	}
}

func adagrad(c constants, x []vec) []vec { // k: lr, eps, gs, wd
	d := c.gradient(x[1], x[0], 2, 3)
	s := c.add(x[2], c.squared(d))
	q := c.div(d, c.add(c.sqrt(s), c.at(1)))
	return []vec{c.sub(x[0], c.mul(q, c.at(0))), s}
}

func sgd(c constants, x []vec) []vec { // k: lr, gs, wd
	return []vec{c.sub(x[0], c.mul(c.gradient(x[1], x[0], 1, 2), c.at(0)))}
}

var updates = []stream{
	update("sgd", "is SGD.", nil, 2, sgd),
	update("momentum", "is Momentum.", []string{"m"}, 2, momentum(false)),
	update("nesterov", "is Momentum with nesterov.", []string{"m"}, 2, momentum(true)),
	update("adam", "is Adam.", []string{"m", "v"}, 2, adam(false)),
	update("amsGrad", "is AMSGrad.", []string{"m", "v", "vmax"}, 2, adam(true)),
	update("rmsprop", "is RMSProp.", []string{"v"}, 2, rmsprop(false, false)),
	update("rmspropVelocity", "is RMSProp with momentum.", []string{"v", "m"}, 2, rmsprop(true, false)),
	update("rmspropCentred", "is RMSProp, centred.", []string{"v", "avg"}, 2, rmsprop(false, true)),
	update("rmspropCentredVelocity", "is RMSProp, centred, with momentum.", []string{"v", "m", "avg"}, 2, rmsprop(true, true)),
	update("adagrad", "is Adagrad.", []string{"s"}, 2, adagrad),
}
