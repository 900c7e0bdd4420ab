package kernels

// Sizes of convolutions of signals.
const (
	signalTaps = 64 // elements of a kernel from which on they pay: of fewer, transposing the result takes too long
	signalRows = 96 // positions that are computed at once, at most, so that their sums stay in the first-level cache
	signalTile = 6  // rows of a tile of runTapRows
)

// isSignal reports whether s is a convolution of images of one channel by long kernels of one line, all of whose elements are always
// inside the image, such as the Fourier transform of a spectrogram. Each position of the kernel meets consecutive elements of the
// image. So the positions of a whole batch are the rows of a matrix in place, and vectors hold output channels: they are full
// whatever the number of positions, and each weight that is read serves several of them. The result is transposed, panel by panel.
func (s ConvShape) isSignal() bool {
	return s.Groups == 1 && s.In == 1 && s.Y.Kernel == 1 && s.X.Kernel >= signalTaps && s.X.Dilation == 1 && s.Y.Before == 0 && s.X.Before == 0 &&
		(s.Y.Out()-1)*s.Y.Stride < s.Y.In && (s.X.Out()-1)*s.X.Stride+s.X.Kernel <= s.X.In
}

// SignalsPay reports whether Conv computes a convolution as one of signals. It depends only on the shape of an image. The other forms
// keep the bits of portable Go.
func SignalsPay[T Float](s ConvShape) bool {
	if isa != AVX2 && isa != AVX512 || !s.isSignal() {
		return false
	}
	_, panel := tileSize[T](isa)
	return s.Out >= panel && (s.X.Stride > 1 || s.Y.Out()*s.X.Out() < panel) // otherwise the image itself is the columns
}

// signalOrder returns the order of the weights, which is that of points with as many channels.
func signalOrder(s ConvShape) ConvOrder { return ConvOrder{isa: isa, depth: s.X.Kernel, outs: s.Out} }

// packSignals packs weights.
func packSignals[T Float](s ConvShape, to, w []T) {
	_, panel := tileSize[T](isa)
	l := lines[T]{w, s.X.Kernel, 1}
	l.pack(to, panel, 0, s.Out, 0, s.X.Kernel)
}

// packedSignals returns the number of elements of packed weights.
func packedSignals[T Float](s ConvShape) int {
	_, panel := tileSize[T](isa)
	return ceilTo(s.Out, panel) * s.X.Kernel
}

// convSignals is ConvPacked for a convolution of signals.
func convSignals[T Float](p *Pool, s ConvShape, y, x, w []T, packed *PackedConv[T], ep *Epilogue[T]) {
	_, panel := tileSize[T](isa)
	j := signalsJob[T]{ConvShape: s, pixels: s.Y.Out() * s.X.Out(), cols: s.X.Out(), panel: panel, y: y, x: x, ep: ep}
	all := s.Batch * j.pixels
	if all == 0 {
		return
	}
	if packed != nil && packed.order == signalOrder(s) {
		j.weights = packed.weights
	} else {
		j.weights = borrow[T](packedSignals[T](s))
		defer giveBack(j.weights)
		packSignals(s, j.weights, w)
	}
	if flops := 2 * float64(s.Out) * float64(s.X.Kernel) * float64(all); flops < parallelFlops {
		p = nil
	}
	panels := (s.Out + panel - 1) / panel
	blocks := (all + signalRows - 1) / signalRows
	if n := p.Workers(); n > 1 && panels < 4*n {
		blocks = max(blocks, n)
	}
	j.rows = ceilTo((all+blocks-1)/blocks, signalTile)
	j.blocks = (all + j.rows - 1) / j.rows
	divide(p, panels*j.blocks, 1, j)
}

// A signalsJob computes a convolution of signals in blocks: rows positions, of all images, in the channels of a panel.
type signalsJob[T Float] struct {
	ConvShape
	pixels, cols, panel int
	rows, blocks        int
	y, x, weights       []T
	ep                  *Epilogue[T]
}

func (j *signalsJob[T]) piece(lo, hi int) {
	sums, taps := borrow[T](j.rows*j.panel), borrowTaps(j.rows)
	defer giveBack(sums)
	defer giveBackTaps(taps)
	at := -1
	for i := lo; i < hi; i++ {
		row, first := i%j.blocks*j.rows, i/j.blocks*j.panel
		n := min(j.rows, j.Batch*j.pixels-row)
		if row != at {
			at = row
			j.positions(taps[:n], row)
		}
		j.block(sums, taps[:n], row, first, min(j.panel, j.Out-first))
	}
}

// positions sets taps to where the elements begin, in bytes, that the positions from row on meet.
func (j *signalsJob[T]) positions(taps []int, row int) {
	size := sizeof[T]()
	for i := range taps {
		image, pixel := (row+i)/j.pixels, (row+i)%j.pixels
		taps[i] = ((image*j.Y.In+pixel/j.cols*j.Y.Stride)*j.X.In + pixel%j.cols*j.X.Stride) * size
	}
}

// block computes width channels from first on at positions from row on. The products of an element are summed in their order.
func (j *signalsJob[T]) block(sums []T, taps []int, row, first, width int) {
	size, n := sizeof[T](), len(taps)
	s := tapStrip[T]{strip: strip[T]{a: j.x, aCol: size, cRow: j.panel * size, alpha: 1, beta: 1, flags: j.ep.inStrip()}, taps: taps}
	if s.flags&addBias != 0 {
		s.bias = j.ep.Bias[first:]
	}
	s.outer(sums, j.weights[first*j.X.Kernel:], n, width, j.X.Kernel, signalTile, j.panel)
	runTapRows(&s)
	deriv := j.ep != nil && j.ep.Deriv != nil
	if !deriv {
		j.ep.block(sums, j.panel, 0, n, 0, width)
	}
	for i := 0; i < n; {
		image, pixel := (row+i)/j.pixels, (row+i)%j.pixels
		k := min(n-i, j.pixels-pixel)
		from := (image*j.Out+first)*j.pixels + pixel
		transpose(j.y[from:], sums[i*j.panel:], j.panel, j.pixels, k, width)
		for c := 0; c < width && deriv; c++ {
			j.ep.segment(j.y[from+c*j.pixels:][:k], from+c*j.pixels)
		}
		i += k
	}
}
