package kernels

// A strided is a convolution with 3 × 3 kernels and stride 2 of images whose channels are innermost. Lines of the image that are two
// apart are neighbours in memory, and lines of the result are as long as half a line of the image. So the pixels of a result meet
// a row of the kernel at equal distances, and their sums are a product in place: of the pixels, each a row of three times the channels,
// and a row of the kernel. Between lines it has a pixel that is of no use. The derivative by the input is likewise a product for
// each element of the kernel, and that by the weights one with the pixels transposed.
type strided struct {
	ConvShape
	rows, cols int // of the result
	wide       int // pixels of a line of the product
	band       int // lines of the result computed at once
	deep       int // columns of the kernel in one product
}

// strided returns the strided convolution, or false if the shape has none. It depends only on the shape of an image.
func (s ConvShape) strided() (t strided, ok bool) {
	if s.Groups != 1 || !s.Y.twoApart() || !s.X.twoApart() || s.In%8 != 0 || s.Out%8 != 0 || min(s.In, s.Out) < tileChannels {
		return t, false
	}
	t = strided{ConvShape: s, rows: s.Y.Out(), cols: s.X.Out(), wide: s.X.Out() + 1, deep: 3}
	t.band = max(1, min(t.rows, bandElements/(4*t.wide*max(s.In, s.Out))))
	if 3*s.In > depthLimit {
		t.deep = 1
	}
	return t, true
}

// fasterForward reports whether an image has enough pixels to pay for transposing the weights, which is no more work than before in
// the derivatives.
func (t *strided) fasterForward() bool { return t.rows*t.cols >= manyPixels }

// twoApart reports whether the window has three elements and stride 2.
func (w Window) twoApart() bool { return w.Kernel == 3 && w.Stride == 2 && w.Dilation == 1 && w.In > 1 }

// stridedPays reports whether the form in use computes a strided convolution so. The others have the bits of portable Go.
func stridedPays[T Float]() bool { return single[T]() && (isa == AVX2 || isa == AVX512) }

// A stridedWeights transposes the weights to panels of outputs, or of inputs if input is set: a matrix for each element of the kernel
// with a row for each channel. If restore is set it turns them back.
type stridedWeights[T Float] struct {
	strided
	panels, w      []T
	input, restore bool
}

func (j *stridedWeights[T]) piece(lo, hi int) {
	panel := tilePanel[T]()
	cols, depth, row, line := j.Out, j.In, 9*j.In, 9
	if j.input {
		cols, depth, row, line = j.In, j.Out, 9, 9*j.In
	}
	for p := lo; p < hi; p++ {
		width := min(panel, cols-p*panel)
		to := j.panels[9*p*panel*depth:]
		for i := 0; i < width; i += 8 {
			o := transposition{n: 9, lines: depth, srcRow: row, srcStride: 1, srcLine: line, dstRow: 1, dstStride: depth * width, dstLine: width}
			if from := j.w[(p*panel+i)*row:]; j.restore {
				transposeLines(o.reversed(), from, to[i:])
			} else {
				transposeLines(o, to[i:], from)
			}
		}
	}
}

// stridedPanels returns the weights in panels. The caller must give them back.
func stridedPanels[T Float](p *Pool, t strided, w []T, input bool) []T {
	cols, panel := t.Out, tilePanel[T]()
	if input {
		cols = t.In
	}
	panels := borrow[T](len(w))
	divide(p, (cols+panel-1)/panel, 1, stridedWeights[T]{t, panels, w, input, false})
	return panels
}
