package kernels

// An optimizer's update reads the gradient g and changes the weights w and its moments in one pass over memory. The gradient
// is multiplied by gs first, so that clipping by the global norm needs no pass of its own, and wd·w is added to it next.
//
// A moment that gets no gradient decays into the denormal numbers after some hundred steps, and there a processor may take
// a hundred times longer. So a moment below the smallest normal number is stored as 0, in every form alike. No form
// contracts a product and a sum to one rounding, and all forms give the same bits.

// SGD sets w -= lr·g.
func SGD[T Float](w, g []T, lr, gs, wd T) {
	sameLength("SGD", len(w), len(g))
	if vectorised[T]() {
		vectorSGD(pointer(w), pointer(g), len(w), &[3]float32{float32(lr), float32(gs), float32(wd)})
		return
	}
	for i, v := range w {
		d := T(gs*g[i]) + T(wd*v)
		w[i] = v - T(lr*d)
	}
}

// Momentum sets m = mu·m + (1-damp)·g and w -= lr·m, or w -= lr·(g + mu·m) if nesterov. It is PyTorch's SGD, whose first step
// has m = g: the caller passes a damp of 0 there.
func Momentum[T Float](w, g, m []T, lr, gs, wd, mu, damp T, nesterov bool) {
	sameLengths("Momentum", len(w), len(g), len(m))
	if vectorised[T]() {
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

// flush returns 0 for a number closer to 0 than tiny, and any other number, and NaN, as it is.
func flush[T Float](v, tiny T) T {
	if v < tiny && v > -tiny {
		return 0
	}
	return v
}
