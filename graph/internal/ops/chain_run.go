package ops

import (
	"sync"

	"github.com/nndiy/nndiy/internal/kernels"
)

// shortestRun is the fewest elements for which a chain is done run by run.
const shortestRun = 64

// run returns how many neighbouring elements of an output of so many every input either has as neighbours or repeats one
// element for: such as those of a channel, beside numbers for each channel. It is 0 if that would be no use.
func run(layouts []layout, size int) int {
	n, numbers := size, false
	for _, l := range layouts {
		last := len(l.dims) - 1
		if l.strides[last] > 1 {
			return 0
		}
		numbers = numbers || l.strides[last] == 0
		n = min(n, l.dims[last]) // these are products of the last dimensions, so the shortest one divides the others
	}
	if n < shortestRun || n == size && !numbers {
		return 0
	}
	return n
}

// at returns where in the input element i of the output is read.
func (l layout) at(i int) int {
	from := 0
	for d := len(l.dims) - 1; d >= 0; d-- {
		from += i % l.dims[d] * l.strides[d]
		i /= l.dims[d]
	}
	return from
}

// A runChain is a chain that is done run by run: an input that repeats an element during a run is that number, and so is
// what is made of nothing but numbers. No copies of them are written.
type runChain[T kernels.Float] struct {
	Chain
	run     int
	layouts []layout
	number  []bool // of the inputs and the links: whether it is one number during a run
	fns     []func(dst, a, b []T)
	mixed   []func(dst, a, b []T) // of links of one number and one slice; nil if it has to be repeated
}

func newRunChain[T kernels.Float](c Chain, layouts []layout, run int) *runChain[T] {
	r := &runChain[T]{Chain: c, run: run, layouts: layouts}
	for _, l := range layouts {
		r.number = append(r.number, l.strides[len(l.strides)-1] == 0)
	}
	for _, l := range c.Links {
		a, b := r.number[l.Args[0]], r.number[l.Args[0]]
		if l.Code.Arity() == 2 {
			b = r.number[l.Args[1]]
		}
		r.number = append(r.number, a && b && len(r.fns) < len(c.Links)-1)
		r.fns = append(r.fns, function[T](l.Map))
		r.mixed = append(r.mixed, nil)
		if a != b {
			r.mixed[len(r.mixed)-1] = withNumber[T](l.Code, a)
		}
	}
	return r
}

// withNumber returns the kernel of a function of which one argument is a number, the left one or the right one, nil if
// there is none that gives the same bits.
func withNumber[T kernels.Float](c Code, left bool) func(dst, a, b []T) {
	switch {
	case c == Add && left:
		return func(dst, a, b []T) { kernels.Shift(dst, b, a[0]) }
	case c == Add:
		return func(dst, a, b []T) { kernels.Shift(dst, a, b[0]) }
	case c == Sub && left:
		return func(dst, a, b []T) { kernels.SubScalarLeft(dst, a[0], b) }
	case c == Sub:
		return func(dst, a, b []T) { kernels.Shift(dst, a, -b[0]) }
	case c == Mul && left:
		return func(dst, a, b []T) { kernels.Scale(dst, b, a[0]) }
	case c == Mul:
		return func(dst, a, b []T) { kernels.Scale(dst, a, b[0]) }
	case c == Div && left:
		return func(dst, a, b []T) { kernels.DivScalarLeft(dst, a[0], b) }
	case c == Div:
		return func(dst, a, b []T) { kernels.DivScalar(dst, a, b[0]) }
	}
	return nil
}

func (r *runChain[T]) bind(o *Op) func(out []T, in [][]T) {
	scratch := sync.Pool{New: func() any { return newChainScratch[T](len(r.Links)+2, len(r.number)) }}
	return func(out []T, in [][]T) {
		o.env.Pool.For(len(out), share, func(lo, hi int) {
			s := scratch.Get().(*chainScratch[T])
			r.do(out, in, lo, hi, s)
			clear(s.values)
			scratch.Put(s)
		})
	}
}

// do computes elements lo to hi of the output. The scratch has a block for each link, and two for numbers that are repeated.
func (r *runChain[T]) do(out []T, in [][]T, lo, hi int, s *chainScratch[T]) {
	slot := func(i int) []T { return s.memory[i*block : (i+1)*block] }
	last := len(r.Links) - 1
	for at := lo; at < hi; {
		n := min(block, r.run-at%r.run, hi-at)
		fresh := at == lo || at%r.run == 0
		for i, l := range r.layouts {
			switch {
			case !r.number[i]:
				from := at
				if !l.full() {
					from = l.at(at)
				}
				s.values[i] = in[i][from : from+n]
			case fresh:
				from := l.at(at)
				s.values[i] = in[i][from : from+1]
			}
		}
		for i, l := range r.Links {
			dst := slot(i)[:n]
			switch {
			case i == last:
				dst = out[at : at+n]
			case r.number[r.Inputs+i] && !fresh:
				continue
			case r.number[r.Inputs+i]:
				dst = dst[:1]
			}
			a, b := s.values[l.Args[0]], s.values[l.Args[1]]
			if f := r.mixed[i]; f != nil {
				f(dst, a, b)
			} else {
				r.fns[i](dst, repeated(slot(last+1), a, len(dst)), repeated(slot(last+2), b, len(dst)))
			}
			s.values[r.Inputs+i] = dst
		}
		at += n
	}
}

// repeated returns x, or its only element n times.
func repeated[T kernels.Float](scratch, x []T, n int) []T {
	if len(x) == n {
		return x
	}
	kernels.Fill(scratch[:n], x[0])
	return scratch[:n]
}
