package kernels

// A Border describes an axis of a Frame: In elements, with Before and After zeros around them. Negative numbers cut elements
// off.
type Border struct{ In, Before, After int }

// out returns the number of elements with the border.
func (b Border) out() int { return b.Before + b.In + b.After }

// kept returns the number of elements of the result that are elements of the axis.
func (b Border) kept() int { return b.out() - max(b.Before, 0) - max(b.After, 0) }

// A Frame puts zeros around the elements of several axes, or cuts elements off, in one pass.
type Frame struct {
	axes []Border
	in   []int // elements of x in each step along an axis
	out  []int // elements of y
}

// NewFrame returns a Frame over all axes of a tensor, the outermost first.
func NewFrame(axes []Border) *Frame {
	f := &Frame{axes: []Border{{In: 1}}}
	for _, a := range axes {
		last := &f.axes[len(f.axes)-1]
		if a.Before == 0 && a.After == 0 { // a part of the elements along the axis before
			*last = Border{last.In * a.In, last.Before * a.In, last.After * a.In}
		} else {
			f.axes = append(f.axes, a)
		}
	}
	if len(f.axes) == 1 {
		f.axes = append(f.axes, Border{In: 1})
	}
	f.in, f.out = make([]int, len(f.axes)), make([]int, len(f.axes))
	in, out := 1, 1
	for k := len(f.axes) - 1; k >= 0; k-- {
		f.in[k], f.out[k] = in, out
		in, out = in*f.axes[k].In, out*f.axes[k].out()
	}
	return f
}

// size returns the numbers of elements of x and y.
func (f *Frame) size() (in, out int) { return f.in[0] * f.axes[0].In, f.out[0] * f.axes[0].out() }

// CopyFramed sets y to the elements of x with the border of f.
func CopyFramed[T Float](p *Pool, f *Frame, y, x []T) {
	in, out := f.size()
	sameLength("CopyFramed", len(x), in)
	sameLength("CopyFramed", len(y), out)
	divide(p, f.axes[0].out(), max(1, 1<<14/max(f.out[0], 1)), frameJob[T]{f, y, x})
}

// A frameJob is CopyFramed of a part of the outermost axis.
type frameJob[T Float] struct {
	f    *Frame
	y, x []T
}

func (j *frameJob[T]) piece(lo, hi int) { framed(j.f, 0, lo, hi, j.y, j.x) }

// framed sets the elements [lo, hi) along axis k of y, and those of the axes inside.
func framed[T Float](f *Frame, k, lo, hi int, y, x []T) {
	a, in, out := f.axes[k], f.in[k], f.out[k]
	from, to := min(max(a.Before, lo), hi), max(min(a.Before+a.In, hi), lo) // inside the border
	clear(y[lo*out : from*out])
	clear(y[to*out : hi*out])
	switch {
	case from >= to:
	case k == len(f.axes)-1: // in and out are 1
		copy(y[from:to], x[from-a.Before:])
	case k == len(f.axes)-2:
		frameRows(f.axes[k+1], to-from, y[from*out:to*out], x[(from-a.Before)*in:])
	case k == len(f.axes)-3 && framePlanes(f, to-from, y[from*out:to*out], x[(from-a.Before)*in:]):
	default:
		for i := from; i < to; i++ {
			framed(f, k+1, 0, f.axes[k+1].out(), y[i*out:(i+1)*out], x[(i-a.Before)*in:(i-a.Before+1)*in])
		}
	}
}

// framePlanes sets n planes of y, of the last two axes, to planes of x with a border. It returns false, and sets nothing, if it has no
// form for them.
func framePlanes[T Float](f *Frame, n int, y, x []T) bool {
	last := len(f.axes) - 1
	a, b := f.axes[last-1], f.axes[last]
	rows, width := a.kept(), b.kept()
	if rows < 1 || width < 1 {
		return false
	}
	outRow, outPlane, inPlane := f.out[last-1], f.out[last-2], f.in[last-2]
	first, end := max(a.Before, 0)*outRow+max(b.Before, 0), n*outPlane-max(a.After, 0)*outRow-max(b.After, 0)
	skip := max(-a.Before, 0)*b.In + max(-b.Before, 0)
	if !vectorBorderedPlanes(y[first:end], x[skip:], width, rows, outRow, b.In, n, outPlane, inPlane) {
		return false
	}
	clear(y[:first])
	clear(y[end:])
	return true
}

// frameRows sets n rows of y to rows of x with a border.
func frameRows[T Float](a Border, n int, y, x []T) {
	before, after := max(a.Before, 0), max(a.After, 0)
	out := a.out()
	width, skip := a.kept(), max(-a.Before, 0)
	if width > 0 && vectorBordered(y[before:], x[skip:], width, n, out, a.In) {
		clear(y[:before])
		clear(y[n*out-after : n*out])
		return
	}
	for i := range n {
		row := y[i*out:][:out]
		clear(row[:before])
		if width > 0 {
			copy(row[before:], x[i*a.In+skip:][:width])
		}
		clear(row[before+max(width, 0):])
	}
}
