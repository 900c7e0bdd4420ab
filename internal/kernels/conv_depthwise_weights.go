package kernels

// isDepthwise reports whether a convolution is one of each channel by itself, whose kernel is more than a factor.
func (s ConvShape) isDepthwise() bool {
	fits := func(w Window) bool { return w.Kernel > 0 && w.Stride <= w.Kernel && w.Out() > 0 && w.In > 0 }
	return s.Groups == s.In && s.Groups == s.Out && s.Groups > 1 && s.Y.Kernel*s.X.Kernel > 1 && fits(s.Y) && fits(s.X)
}

// weightsOfPlanes is ConvWeights. The derivative of a tap is an inner product of a frame and the derivative of the result, with zeros in
// its gaps, so that an infinity in x makes all taps NaN. It is summed over the samples in their order.
func weightsOfPlanes[T Float](p *Pool, s ConvShape, dw, x []T, d outputs[T]) {
	if depthwise3Weights(p, s, dw, x, d) {
		return
	}
	batch := s.Batch
	s.Batch = 1
	divide(p, s.Groups, 1, planeWeightsJob[T]{d, knownForward.get(s), s.Groups, s.depth(), batch, dw, x})
}

// A planeWeightsJob is weightsOfPlanes of some channels.
type planeWeightsJob[T Float] struct {
	outputs[T]
	*planes
	groups, weights, batch int
	dw, x                  []T
}

func (j *planeWeightsJob[T]) piece(lo, hi int) {
	r, n := &j.results[0], j.wide()
	frame, wide, memory := borrow[T](j.frame()), borrow[T](n), borrow[T](j.to.size())
	clear(frame)
	clear(wide)
	in := j.from.size()
	for g := lo; g < hi; g++ {
		sum := j.dw[g*j.weights:][:j.weights]
		clear(sum)
		for i := range j.batch {
			at := i*j.groups + g
			fillFrame(j.planes, frame, j.x[at*in:(at+1)*in])
			spread(r, wide[:n], j.derivative(memory, at), j.to.width, j.line)
			addProducts(r, sum, wide[:n], frame)
		}
	}
	giveBack(memory)
	giveBack(wide)
	giveBack(frame)
}

// spread is the reverse of store: it writes the pixels of a plane to wide, whose gaps are zeros.
func spread[T Float](r *planeResult, wide, plane []T, width, line int) {
	if r.step == 1 && vectorBordered(wide, plane, width, r.rows, line, width) {
		return
	}
	for i := range r.rows {
		if from := plane[i*width:][:width]; r.step == 2 {
			putSecond(wide[i*line:][:2*width-1], from)
		} else {
			for k, v := range from {
				wide[i*line+k*r.step] = v
			}
		}
	}
}

// addProducts adds the inner products of wide and what it meets at each tap. Taps that are near each other are computed at once.
func addProducts[T Float](r *planeResult, sum, wide, frame []T) {
	var dots [dotLinesAtOnce]T
	for k := 0; k < len(r.taps); {
		first := r.taps[k]
		dotLines(isa, dots[:], wide, frame[first:], 1)
		for ; k < len(r.taps) && r.taps[k] >= first && r.taps[k] < first+len(dots); k++ {
			sum[k] += dots[r.taps[k]-first]
		}
	}
}
