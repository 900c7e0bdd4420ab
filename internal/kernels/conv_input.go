package kernels

import "slices"

// A phase holds the input elements, along one dimension, whose indices have the same remainder modulo the stride. They meet
// the same elements of the kernel. So their derivatives are an ordinary convolution with stride 1, without zeros to
// multiply by.
type phase struct {
	first, count int
	taps         []int // elements of the kernel
	offsets      []int // for each tap, the index of the output element that it multiplies, minus the index in the phase
}

// phases returns the phases of a dimension.
func (w Window) phases() []phase { return knownPhases.get(w) }

var knownPhases = memo[Window, []phase]{compute: newPhases}

func newPhases(w Window) []phase {
	list := make([]phase, min(w.Stride, w.In))
	for r := range list {
		f := phase{first: r, count: (w.In - r + w.Stride - 1) / w.Stride}
		for k := range w.Kernel {
			if at := r + w.Before - k*w.Dilation; at%w.Stride == 0 {
				f.taps, f.offsets = append(f.taps, k), append(f.offsets, at/w.Stride)
			}
		}
		list[r] = f
	}
	return list
}

// hasGaps reports whether the stride is so large that some elements meet no element of the kernel: their derivative is 0.
func (w Window) hasGaps() bool {
	return slices.ContainsFunc(w.phases(), func(f phase) bool { return len(f.taps) == 0 })
}

// ConvInput sets dx to the derivative of Σ dy·Conv(x, w) with respect to x, which is the transposed convolution of dy with
// w, and applies ep, which may be nil. ep is as in Conv, with dx in place of y.
func ConvInput[T Float](p *Pool, s ConvShape, dx, dy, w []T, ep *Epilogue[T]) {
	s.check("ConvInput", len(dx), len(dy), len(w))
	ep.checkChannels("ConvInput", s.In, len(dx))
	if s.usesPlanes() {
		if !convLinesInput(p, s, dx, dy, w, ep) {
			convPlanes(p, s, true, dx, dy, w, ep)
		}
		return
	}
	if t, ok := s.strided(); ok && stridedPays[T]() {
		convStrided(p, t, true, dx, dy, w, ep)
		return
	}
	transposed := borrow[T](len(w))
	defer giveBack(transposed)
	ys, xs := s.Y.phases(), s.X.phases()
	each := ep
	afterwards := len(ys)*len(xs) > 1 && ep != nil && ep.Deriv != nil // Deriv is not ordered by phase
	if afterwards {
		each = nil
	}
	gaps := each == nil && (s.Y.hasGaps() || s.X.hasGaps())
	first := true
	for _, y := range ys {
		for _, x := range xs {
			if gaps && len(y.taps)*len(x.taps) == 0 {
				continue
			}
			transposeWeights(p, s, transposed, w, y.taps, x.taps)
			convPhase(p, s, dx, dy, transposed, y, x, each, gaps && first)
			first = false
		}
	}
	if first {
		clear(dx)
	}
	if afterwards {
		divide(p, len(dx), 1<<14, segmentsJob[T]{ep, dx})
	}
}

// A segmentsJob applies an epilogue to a result.
type segmentsJob[T Float] struct {
	ep *Epilogue[T]
	y  []T
}

func (j *segmentsJob[T]) piece(lo, hi int) { j.ep.segment(j.y[lo:hi], lo) }

// transposeWeights writes the chosen elements of each kernel to dst: for each group a matrix with a row for each input
// channel and a column for each output channel and element.
func transposeWeights[T Float](p *Pool, s ConvShape, dst, w []T, ys, xs []int) {
	in, out := s.In/s.Groups, s.Out/s.Groups
	row := out * len(ys) * len(xs)
	if len(ys) == 1 && len(xs) == 1 && s.Y.Kernel == 1 && s.X.Kernel == 1 {
		for g := range s.Groups {
			transpose(dst[g*in*out:], w[g*in*out:][:in*out], in, out, out, in)
		}
		return
	}
	divide(p, s.In, ceilTo(1<<12, max(1, row))/max(1, row), transposeJob[T]{s, dst, w, ys, xs})
}

// A transposeJob is transposeWeights of some input channels.
type transposeJob[T Float] struct {
	s      ConvShape
	dst, w []T
	ys, xs []int
}

func (j *transposeJob[T]) piece(lo, hi int) {
	s, in, out := &j.s, j.s.In/j.s.Groups, j.s.Out/j.s.Groups
	at := lo * out * len(j.ys) * len(j.xs)
	for c := lo; c < hi; c++ {
		g, i := c/in, c%in
		for o := range out {
			kernel := j.w[((g*out+o)*in+i)*s.Y.Kernel*s.X.Kernel:]
			for _, y := range j.ys {
				for _, x := range j.xs {
					j.dst[at] = kernel[y*s.X.Kernel+x]
					at++
				}
			}
		}
	}
}

// convPhase computes the elements of one phase in each dimension. It sets the others to 0 if zeros is set.
func convPhase[T Float](p *Pool, s ConvShape, dx, dy, w []T, y, x phase, ep *Epilogue[T], zeros bool) {
	sizeIn, sizeOut, _ := s.sizes()
	t := tapProduct[T]{outs: s.In / s.Groups, ep: ep, grid: grid{channels: s.Out / s.Groups, height: s.Y.Out(), width: s.X.Out(),
		strideY: 1, strideX: 1, dy: y.offsets, dx: x.offsets, rows: y.count, cols: x.count}}
	t.tile(p, s.Batch, s.Groups, w, nil)
	defer t.tiles.free()
	weights, pixels := t.outs*t.channels*t.perChannel(), y.count*x.count
	outer, inner := inner(p, s.Batch*s.Groups)
	images := imagesJob[T]{t, inner, s.Groups, sizeOut, sizeIn, weights, dx, dy, w}
	if pixels == s.Y.In*s.X.In {
		divide(outer, s.Batch*s.Groups, t.tiles.together(), images)
	} else {
		divide(outer, s.Batch*s.Groups, 1, phaseJob[T]{images, s, y, x, zeros})
	}
}

// A phaseJob is an imagesJob whose results are one phase of larger images.
type phaseJob[T Float] struct {
	imagesJob[T]
	s      ConvShape
	py, px phase
	zeros  bool // the elements of the other phases are 0
}

func (j *phaseJob[T]) piece(lo, hi int) {
	part := borrow[T](j.outs * j.py.count * j.px.count)
	defer giveBack(part)
	columns := borrowColumns[T](&j.grid)
	defer columns.free()
	forward := j.s.grid()
	pixels := j.zeros && forward.everySecondPixel()
	for i := lo; i < hi; i++ {
		j.one(columns, i, part, 0)
		image := j.y[i*j.out : (i+1)*j.out]
		if pixels {
			putPixels(&forward, image, part)
			continue
		}
		if j.zeros {
			clear(image)
		}
		storePhase(j.s, image, part, j.py, j.px)
	}
}

// storePhase stores the elements of one phase in an image, a stride apart.
func storePhase[T Float](s ConvShape, image, part []T, y, x phase) {
	for c := range s.In / s.Groups {
		for i := range y.count {
			row := image[(c*s.Y.In+y.first+i*s.Y.Stride)*s.X.In:][x.first:s.X.In]
			from := part[(c*y.count+i)*x.count:][:x.count]
			if s.X.Stride == 2 {
				putSecond(row, from)
				continue
			}
			for j, v := range from {
				row[j*s.X.Stride] = v
			}
		}
	}
}
