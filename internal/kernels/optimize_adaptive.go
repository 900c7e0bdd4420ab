package kernels

// RMSPropArgs are the settings of one step of RMSProp.
type RMSPropArgs[T Float] struct {
	LR          T // learning rate
	Alpha       T // decay of the averages
	Eps         T // added outside the root
	Momentum    T // decay mu of the velocity m, if there is one
	GradScale   T // multiplies the gradient; 1 changes nothing
	WeightDecay T // WeightDecay·w is added to the gradient
}

// RMSProp sets v = αv + (1-α)g² and w -= lr·g/(√v + eps), as in PyTorch. With avg it is centred: avg = αavg + (1-α)g, and
// the root is of max(v - avg², 0). With m, the step is m = mu·m + g/(√v + eps) and w -= lr·m. m and avg may be nil.
func RMSProp[T Float](w, g, v, m, avg []T, a RMSPropArgs[T]) {
	sameLengths("RMSProp", len(w), len(g), len(v))
	if m != nil {
		sameLength("RMSProp", len(w), len(m))
	}
	if avg != nil {
		sameLength("RMSProp", len(w), len(avg))
	}
	if vectorised[T](len(w)) {
		k := [7]float32{float32(a.LR), float32(a.Alpha), float32(1 - a.Alpha), float32(a.Eps), float32(a.Momentum),
			float32(a.GradScale), float32(a.WeightDecay)}
		vectorRMSProp(pointer(w), pointer(g), pointer(v), pointer(m), pointer(avg), len(w), &k)
		return
	}
	tiny, root, keep := smallestNormal[T](), tinyRoot[T](), 1-a.Alpha
	for i, x := range w {
		d := T(a.GradScale*g[i]) + T(a.WeightDecay*x)
		s := flush(d, root)
		s = flush(T(a.Alpha*v[i])+T(keep*T(s*s)), tiny)
		v[i] = s
		if avg != nil {
			mean := flush(T(a.Alpha*avg[i])+T(keep*d), tiny)
			avg[i] = mean
			mean = flush(mean, root)
			s = max(s-T(mean*mean), 0)
		}
		d /= sqrt(s) + a.Eps
		if m != nil {
			d = flush(T(a.Momentum*m[i])+d, tiny)
			m[i] = d
		}
		w[i] = x - T(a.LR*d)
	}
}

// AdagradArgs are the settings of one step of Adagrad.
type AdagradArgs[T Float] struct {
	LR          T // learning rate of this step, including its decay
	Eps         T // added outside the root
	GradScale   T // multiplies the gradient; 1 changes nothing
	WeightDecay T // WeightDecay·w is added to the gradient
}

// Adagrad sets s += g² and w -= lr·g/(√s + eps), as in PyTorch.
func Adagrad[T Float](w, g, s []T, a AdagradArgs[T]) {
	sameLengths("Adagrad", len(w), len(g), len(s))
	if vectorised[T](len(w)) {
		k := [4]float32{float32(a.LR), float32(a.Eps), float32(a.GradScale), float32(a.WeightDecay)}
		vectorAdagrad(pointer(w), pointer(g), pointer(s), len(w), &k)
		return
	}
	root := tinyRoot[T]()
	for i, x := range w {
		d := T(a.GradScale*g[i]) + T(a.WeightDecay*x)
		q := flush(d, root)
		s[i] += T(q * q)
		w[i] = x - T(a.LR*T(d/(sqrt(s[i])+a.Eps)))
	}
}
