package kernels

// A depthwise3 computes a convolution of each channel by itself with a kernel of 3×3, or a derivative of it, by functions that keep the
// kernel in registers. They read a plane, an image of one channel, with lines of zeros above and below it. Zeros before and behind its
// lines are in no memory.
type depthwise3 struct {
	from, to   image // sizes of the planes
	top, lines int   // lines of zeros above a plane, and lines in all
	parts      []depthwise3Part
}

// A depthwise3Form is the function of a part.
type depthwise3Form int

// The forms. The first two are also those of products, for the derivative by the weights.
const (
	depthwise3Sum        depthwise3Form = iota // stride 1
	depthwise3SumSecond                        // stride 2
	depthwise3SpreadEven                       // derivative by the input for stride 2, of an even number of zeros before a line
	depthwise3SpreadOdd
)

// depthwise3Block is the number of elements that the forms compute at once.
const depthwise3Block = 8

// A depthwise3Part is some lines of a result.
type depthwise3Part struct {
	depthwise3Blocks
	form     depthwise3Form
	kernel   []int // the kernel's elements in the order of the form
	x, dst   int   // the first element of the lines read and of the result
	rows, to int   // lines of the result; elements between them
	lines    int   // of each sum of the spread forms: 1 or 2
}

// depthwise3Blocks are the blocks of a line: for each, the elements of a line read and of the result that it begins at, and the masks of what
// it reads.
type depthwise3Blocks struct {
	from []int
	mask []int32
}

// count returns the number of blocks.
func (b *depthwise3Blocks) count() int { return len(b.from) / 2 }

// add adds a block that begins at x and dst. masks is the number of its masks; there reports whether element i under mask k exists.
func (b *depthwise3Blocks) add(x, dst, masks int, there func(k, i int) bool) {
	b.from = append(b.from, x, dst)
	for k := range masks {
		for i := range depthwise3Block {
			m := int32(0)
			if there(k, i) {
				m = -1
			}
			b.mask = append(b.mask, m)
		}
	}
}

// isDepthwise3 reports whether there may be a depthwise3 for a convolution.
func (s ConvShape) isDepthwise3() bool {
	fits := func(w Window) bool { return w.Kernel == 3 && w.Dilation == 1 && w.Before >= 0 && w.After >= 0 }
	return s.isDepthwise() && fits(s.Y) && fits(s.X) && s.Y.Stride == s.X.Stride && s.X.Stride <= 2 && s.X.Out() >= depthwise3Block
}

// forwardDepthwise3 returns the depthwise3 of a convolution, or nil.
func forwardDepthwise3(s ConvShape) *depthwise3 {
	if !s.isDepthwise3() {
		return nil
	}
	t := &depthwise3{from: image{s.Y.In, s.X.In}, to: image{s.Y.Out(), s.X.Out()}, top: s.Y.Before, lines: (s.Y.Out()-1)*s.Y.Stride + 3}
	p := depthwise3Part{rows: t.to.height, to: t.to.width, kernel: []int{0, 1, 2, 3, 4, 5, 6, 7, 8}, form: depthwise3Sum}
	if s.X.Stride == 2 {
		p.form = depthwise3SumSecond
	}
	for at := 0; at < t.to.width; at += depthwise3Block {
		p.sum(s.X.Stride, min(at, t.to.width-depthwise3Block), s.X.Before, t.from.width)
	}
	t.parts = []depthwise3Part{p}
	return t
}

// sum adds the block of a sum at column c, of lines of width elements with left zeros before them.
func (b *depthwise3Blocks) sum(stride, c, left, width int) {
	x := c*stride - left
	if stride == 1 {
		b.add(x, c, 3, func(k, i int) bool { return inLine(x+k+i, width) })
	} else {
		b.add(x, c, 4, func(k, i int) bool { return inLine(x+k/2*2+k%2*depthwise3Block+i, width) })
	}
}

func inLine(i, width int) bool { return i >= 0 && i < width }

// inputDepthwise3 returns the depthwise3 of the derivative by the input, or nil.
func inputDepthwise3(s ConvShape) *depthwise3 {
	if !s.isDepthwise3() || s.Y.Before > 2 || s.X.Before > 2 {
		return nil
	}
	t := &depthwise3{from: image{s.Y.Out(), s.X.Out()}, to: image{s.Y.In, s.X.In}}
	if s.X.Stride == 2 {
		return t.apart(s)
	}
	if t.to.width < depthwise3Block {
		return nil
	}
	t.top, t.lines = 2-s.Y.Before, t.to.height+2
	p := depthwise3Part{rows: t.to.height, to: t.to.width, kernel: []int{8, 7, 6, 5, 4, 3, 2, 1, 0}, form: depthwise3Sum}
	for at := 0; at < t.to.width; at += depthwise3Block {
		p.sum(1, min(at, t.to.width-depthwise3Block), 2-s.X.Before, t.from.width)
	}
	t.parts = []depthwise3Part{p}
	return t
}

// apart sets t to the derivative by the input for stride 2, or returns nil. Counted from the first zero before the image, an even line
// gets two lines of the kernel and an odd one gets the middle one, and so do the elements of a line.
func (t *depthwise3) apart(s ConvShape) *depthwise3 {
	width := t.to.width
	if width%2 != 0 || width < 2*depthwise3Block || t.to.height < 2 {
		return nil
	}
	top, left := s.Y.Before, s.X.Before
	if top == 0 {
		t.top = 1
	}
	t.lines = (top+t.to.height-1)/2 + 1 + t.top
	part := depthwise3Part{form: depthwise3SpreadEven, to: 2 * width}
	first := left/2 - 1 // the element read by the first pair
	if left%2 == 1 {
		part.form, first = depthwise3SpreadOdd, left/2
	}
	for at := 0; at < width; at += 2 * depthwise3Block {
		dst := min(at, width-2*depthwise3Block)
		x := first + dst/2
		part.add(x, dst, 2, func(k, i int) bool { return inLine(x+k+i, t.from.width) })
	}
	two, one := part, part
	y := top % 2
	two.kernel, two.lines, two.dst = []int{6, 7, 8, 0, 1, 2}, 2, y*width
	two.rows, two.x = (t.to.height-y+1)/2, ((y+top)/2-1+t.top)*t.from.width
	y = 1 - y
	one.kernel, one.lines, one.dst = []int{3, 4, 5}, 1, y*width
	one.rows, one.x = (t.to.height-y+1)/2, ((y+top-1)/2+t.top)*t.from.width
	t.parts = []depthwise3Part{two, one}
	return t
}

// weightsDepthwise3 returns the depthwise3 of the derivative by the weights, or nil. Blocks do not overlap: each product is in one sum.
func weightsDepthwise3(s ConvShape) *depthwise3 {
	t := forwardDepthwise3(s)
	if t == nil {
		return nil
	}
	p := &t.parts[0]
	p.depthwise3Blocks = depthwise3Blocks{}
	width := t.to.width
	for c := 0; c < width; c += depthwise3Block {
		if x := c - s.X.Before; s.X.Stride == 1 {
			p.add(x, c, 4, func(k, i int) bool { return c+i < width && (k == 3 || inLine(x+k+i, t.from.width)) })
			continue
		}
		x := 2*c - s.X.Before
		p.add(x, c, 5, func(k, i int) bool {
			if k == 4 {
				return c+i < width
			}
			i += k % 2 * depthwise3Block
			return c+i/2 < width && inLine(x+k/2*2+i, t.from.width)
		})
	}
	return t
}

var (
	knownForwardDepthwise3 = memo[ConvShape, *depthwise3]{compute: forwardDepthwise3}
	knownInputDepthwise3   = memo[ConvShape, *depthwise3]{compute: inputDepthwise3}
	knownWeightsDepthwise3 = memo[ConvShape, *depthwise3]{compute: weightsDepthwise3}
)
