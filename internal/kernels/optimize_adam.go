package kernels

import (
	"math"
	"unsafe"
)

// AdamArgs are the settings of one step of Adam.
type AdamArgs[T Float] struct {
	LR           T // learning rate
	Beta1, Beta2 T // decay of the moments
	Eps          T // added to the root of the second moment
	Bias1, Bias2 T // 1-Beta1ᵗ and 1-Beta2ᵗ at step t = 1, 2, …
	GradScale    T // multiplies the gradient; 1 changes nothing
	WeightDecay  T // WeightDecay·w is added to the gradient (L2)
	Decoupled    T // LR·Decoupled·w is subtracted from w (AdamW)
}

// Adam sets m = β₁m + (1-β₁)g, v = β₂v + (1-β₂)g² and w -= (lr/bias₁)·m/(√v/√bias₂ + eps), as in PyTorch (Kingma and Ba,
// Adam: A Method for Stochastic Optimization, 2015).
func Adam[T Float](w, g, m, v []T, a AdamArgs[T]) {
	sameLengths("Adam", len(w), len(g), len(m), len(v))
	k := a.constants()
	if vectorised[T](len(w)) {
		vectorAdam(pointer(w), pointer(g), pointer(m), pointer(v), nil, len(w), (*float32)(unsafe.Pointer(&k)))
		return
	}
	for i := range w {
		root := k.moments(&w[i], g[i], &m[i], &v[i])
		w[i] -= T(k.rate * (m[i] / (T(sqrt(root)*k.unbias) + k.eps)))
	}
}

// AMSGrad is Adam with the elementwise maximum of all v so far, kept in vmax, in place of v under the root (Reddi et al.,
// On the Convergence of Adam and Beyond, 2018).
func AMSGrad[T Float](w, g, m, v, vmax []T, a AdamArgs[T]) {
	sameLengths("AMSGrad", len(w), len(g), len(m), len(v), len(vmax))
	k := a.constants()
	if vectorised[T](len(w)) {
		vectorAdam(pointer(w), pointer(g), pointer(m), pointer(v), pointer(vmax), len(w), (*float32)(unsafe.Pointer(&k)))
		return
	}
	for i := range w {
		vmax[i] = max(vmax[i], k.moments(&w[i], g[i], &m[i], &v[i]))
		w[i] -= T(k.rate * (m[i] / (T(sqrt(vmax[i])*k.unbias) + k.eps)))
	}
}

// adamConstants are the constants of the loop, computed from AdamArgs. The assembly reads them as an array in this order.
type adamConstants[T Float] struct {
	shrink, gs, wd T // factors of the weight, the gradient and the weight decay
	beta1, keep1   T
	beta2, keep2   T
	rate, unbias   T
	eps            T
	tiny, tinyRoot T // bounds below which a moment, and a gradient's square, become 0
}

func (a AdamArgs[T]) constants() adamConstants[T] {
	return adamConstants[T]{
		shrink: T(1 - float64(a.LR)*float64(a.Decoupled)), gs: a.GradScale, wd: a.WeightDecay,
		beta1: a.Beta1, keep1: 1 - a.Beta1, beta2: a.Beta2, keep2: 1 - a.Beta2,
		rate: a.LR / a.Bias1, unbias: T(1 / math.Sqrt(float64(a.Bias2))), eps: a.Eps,
		tiny: smallestNormal[T](), tinyRoot: tinyRoot[T](),
	}
}

// moments applies the decoupled decay to w, updates both moments and returns the second.
func (k *adamConstants[T]) moments(w *T, g T, m, v *T) T {
	*w *= k.shrink
	d := T(k.gs*g) + T(k.wd**w)
	*m = flush(T(k.beta1**m)+T(k.keep1*d), k.tiny)
	d = flush(d, k.tinyRoot)
	*v = flush(T(k.beta2**v)+T(k.keep2*T(d*d)), k.tiny)
	return *v
}

// tinyRoot returns a number whose square times 2⁻¹⁰ is still normal. The square of a smaller gradient counts as 0.
func tinyRoot[T Float]() T {
	if single[T]() {
		return 0x1p-58
	}
	var r float64 = 0x1p-506
	return T(r)
}

func sqrt[T Float](x T) T { return T(math.Sqrt(float64(x))) }
