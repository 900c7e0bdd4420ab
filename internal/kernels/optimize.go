package kernels

// An optimizer's kernel reads the gradient g and updates the weights w and the moments in one pass over memory. It replaces g
// by gs·g + wd·w: with the factor gs, clipping by the global norm needs no pass of its own; wd is the weight decay.
//
// Without a gradient, a moment decays to denormal numbers within some hundred steps, and arithmetic on these may be a hundred
// times slower. So every form stores a moment below the smallest normal number as 0. No form fuses a product with a sum, and
// all forms give the same bits.

// SGD sets w -= lr·g.
func SGD[T Float](w, g []T, lr, gs, wd T) {
	sameLength("SGD", len(w), len(g))
	if vectorised[T](len(w)) {
		vectorSGD(pointer(w), pointer(g), len(w), &[3]float32{float32(lr), float32(gs), float32(wd)})
		return
	}
	for i, v := range w {
		d := T(gs*g[i]) + T(wd*v)
		w[i] = v - T(lr*d)
	}
}

// Momentum sets m = mu·m + (1-damp)·g, then w -= lr·m, or w -= lr·(g + mu·m) if nesterov. It is SGD in PyTorch, whose first
// step sets m = g: the caller passes damp 0 for that step.
func Momentum[T Float](w, g, m []T, lr, gs, wd, mu, damp T, nesterov bool) {
	sameLengths("Momentum", len(w), len(g), len(m))
	if vectorised[T](len(w)) {
		k := [5]float32{float32(lr), float32(gs), float32(wd), float32(mu), float32(1 - damp)}
		vectorMomentum(pointer(w), pointer(g), pointer(m), len(w), &k, nesterov)
		return
	}
	tiny, keep := smallestNormal[T](), 1-damp
	for i, v := range w {
		d := T(gs*g[i]) + T(wd*v)
		u := flush(T(mu*m[i])+T(keep*d), tiny)
		m[i] = u
		if nesterov {
			u = d + T(mu*u)
		}
		w[i] = v - T(lr*u)
	}
}

// flush returns 0 if |v| < tiny, and v otherwise; NaN stays NaN.
func flush[T Float](v, tiny T) T {
	if v < tiny && v > -tiny {
		return 0
	}
	return v
}
