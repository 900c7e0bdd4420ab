package kernels

// A phase is the elements of a dimension of the input whose numbers leave one remainder when divided by the stride: they
// take part in the same elements of the kernel, so that what the convolution's derivative makes of them is an ordinary
// convolution of stride 1, without zeros to multiply by.
type phase struct {
	first, count int
	taps         []int // elements of the kernel
	offsets      []int // what each is multiplied by: the output's element so much further on than the number in the phase
}

// phases returns the phases of a dimension.
func (w Window) phases() []phase {
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

// ConvInput sets dx to the derivative of Σ dy·Conv(x, w) by x, which is the transposed convolution of dy with w.
func ConvInput[T Float](p *Pool, s ConvShape, dx, dy, w []T) {
	s.check("ConvInput", len(dx), len(dy), len(w))
	turned := borrow[T](len(w))
	defer giveBack(turned)
	for _, y := range s.Y.phases() {
		for _, x := range s.X.phases() {
			turnWeights(s, turned, w, y.taps, x.taps)
			convPhase(p, s, dx, dy, turned, y, x)
		}
	}
}

// turnWeights writes to dst the chosen elements of each kernel, for each group as a matrix of the input's channels by the
// output's channels and those elements.
func turnWeights[T Float](s ConvShape, dst, w []T, ys, xs []int) {
	in, out := s.In/s.Groups, s.Out/s.Groups
	at := 0
	for g := range s.Groups {
		for i := range in {
			for o := range out {
				kernel := w[((g*out+o)*in+i)*s.Y.Kernel*s.X.Kernel:]
				for _, y := range ys {
					for _, x := range xs {
						dst[at] = kernel[y*s.X.Kernel+x]
						at++
					}
				}
			}
		}
	}
}

// convPhase sets the elements of one phase of each dimension.
func convPhase[T Float](p *Pool, s ConvShape, dx, dy, w []T, y, x phase) {
	sizeIn, sizeOut, _ := s.sizes()
	in, depth, pixels := s.In/s.Groups, s.Out/s.Groups*len(y.taps)*len(x.taps), y.count*x.count
	eachProduct(p, s.Batch*s.Groups, func(p *Pool, lo, hi int) {
		b := &pixelLines[T]{patches[T]{height: s.Y.Out(), width: s.X.Out(), strideY: 1, strideX: 1,
			dy: y.offsets, dx: x.offsets, gridCols: x.count}}
		var part []T
		if pixels != s.Y.In*s.X.In {
			part = borrow[T](in * pixels)
			defer giveBack(part)
		}
		for i := lo; i < hi; i++ {
			image := dx[i*sizeIn : (i+1)*sizeIn]
			b.image = dy[i*sizeOut : (i+1)*sizeOut]
			a := Dense(w[i%s.Groups*in*depth:][:in*depth], in, depth)
			if part == nil {
				matMulOperand(p, Dense(image, in, pixels), a, b, 0)
				continue
			}
			matMulOperand(p, Dense(part, in, pixels), a, b, 0)
			spread(s, image, part, y, x)
		}
	})
}

// spread sets the elements of one phase of an image, which lie a stride apart.
func spread[T Float](s ConvShape, image, part []T, y, x phase) {
	for c := range s.In / s.Groups {
		for i := range y.count {
			row := image[(c*s.Y.In+y.first+i*s.Y.Stride)*s.X.In:][:s.X.In]
			for j, v := range part[(c*y.count+i)*x.count:][:x.count] {
				row[x.first+j*s.X.Stride] = v
			}
		}
	}
}
