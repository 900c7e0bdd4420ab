//go:build !noasm

package kernels

// The functions below run the form in use, which must not be Generic.

func vectorSGD(w, g *float32, n int, k *[3]float32) { sgdNEON(w, g, n, &k[0]) }

func vectorMomentum(w, g, m *float32, n int, k *[5]float32, nesterov bool) {
	if nesterov {
		nesterovNEON(w, g, m, n, &k[0])
	} else {
		momentumNEON(w, g, m, n, &k[0])
	}
}

func vectorAdam(w, g, m, v, vmax *float32, n int, k *float32) {
	if vmax != nil {
		amsGradNEON(w, g, m, v, vmax, n, k)
	} else {
		adamNEON(w, g, m, v, n, k)
	}
}

func vectorRMSProp(w, g, v, m, avg *float32, n int, k *[7]float32) {
	switch {
	case m != nil && avg != nil:
		rmspropCentredVelocityNEON(w, g, v, m, avg, n, &k[0])
	case m != nil:
		rmspropVelocityNEON(w, g, v, m, n, &k[0])
	case avg != nil:
		rmspropCentredNEON(w, g, v, avg, n, &k[0])
	default:
		rmspropNEON(w, g, v, n, &k[0])
	}
}

func vectorAdagrad(w, g, s *float32, n int, k *[4]float32) { adagradNEON(w, g, s, n, &k[0]) }
