//go:build !noasm

package kernels

// The functions below run the form in use, which must not be Generic.

func vectorSGD(w, g *float32, n int, k *[3]float32) {
	if isa == AVX512 {
		sgdAVX512(w, g, n, &k[0])
	} else {
		sgdAVX2(w, g, n, &k[0])
	}
}

func vectorMomentum(w, g, m *float32, n int, k *[5]float32, nesterov bool) {
	switch {
	case isa == AVX512 && nesterov:
		nesterovAVX512(w, g, m, n, &k[0])
	case isa == AVX512:
		momentumAVX512(w, g, m, n, &k[0])
	case nesterov:
		nesterovAVX2(w, g, m, n, &k[0])
	default:
		momentumAVX2(w, g, m, n, &k[0])
	}
}

func vectorAdam(w, g, m, v, vmax *float32, n int, k *float32) {
	switch {
	case isa == AVX512 && vmax != nil:
		amsGradAVX512(w, g, m, v, vmax, n, k)
	case isa == AVX512:
		adamAVX512(w, g, m, v, n, k)
	case vmax != nil:
		amsGradAVX2(w, g, m, v, vmax, n, k)
	default:
		adamAVX2(w, g, m, v, n, k)
	}
}

func vectorRMSProp(w, g, v, m, avg *float32, n int, k *[7]float32) {
	wide := isa == AVX512
	switch {
	case wide && m != nil && avg != nil:
		rmspropCentredVelocityAVX512(w, g, v, m, avg, n, &k[0])
	case wide && m != nil:
		rmspropVelocityAVX512(w, g, v, m, n, &k[0])
	case wide && avg != nil:
		rmspropCentredAVX512(w, g, v, avg, n, &k[0])
	case wide:
		rmspropAVX512(w, g, v, n, &k[0])
	case m != nil && avg != nil:
		rmspropCentredVelocityAVX2(w, g, v, m, avg, n, &k[0])
	case m != nil:
		rmspropVelocityAVX2(w, g, v, m, n, &k[0])
	case avg != nil:
		rmspropCentredAVX2(w, g, v, avg, n, &k[0])
	default:
		rmspropAVX2(w, g, v, n, &k[0])
	}
}

func vectorAdagrad(w, g, s *float32, n int, k *[4]float32) {
	if isa == AVX512 {
		adagradAVX512(w, g, s, n, &k[0])
	} else {
		adagradAVX2(w, g, s, n, &k[0])
	}
}
