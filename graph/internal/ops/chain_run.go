package ops

import (
	"sync"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A runChain is a chain that is done run by run: an input that repeats an element during a run is that number, and so is
// what is made of nothing but numbers. No copies of them are written.
type runChain[T kernels.Float] struct {
	Chain
	run    int
	inputs []runInput
	number []bool // of the inputs and the links: whether it is one number during a run
	fns    []func(dst, a, b []T)
	mixed  []func(dst, a, b []T) // of links of one number and one slice; nil if it has to be repeated
	whole  func(dst []T, values [][]T)
}

func newRunChain[T kernels.Float](c Chain, layouts []layout, run int) *runChain[T] {
	r := &runChain[T]{Chain: c, run: run}
	for _, l := range layouts {
		in := newRunInput(l, run)
		r.inputs, r.number = append(r.inputs, in), append(r.number, in.stride == 0)
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
	r.whole = whole[T](c, r.number)
	return r
}

func (r *runChain[T]) bind(o *Op) func(out []T, in [][]T) {
	scratch := sync.Pool{New: func() any { return r.scratch() }}
	return func(out []T, in [][]T) {
		o.env.Pool.For(len(out), perWorker, func(lo, hi int) {
			s := scratch.Get().(*chainScratch[T])
			r.do(out, in, lo, hi, s)
			clear(s.values)
			scratch.Put(s)
		})
	}
}

// scratch has a block for each link, and two for numbers that are repeated.
func (r *runChain[T]) scratch() *chainScratch[T] {
	return newChainScratch[T](len(r.Links)+2, len(r.number))
}

// do computes elements lo to hi of the output.
func (r *runChain[T]) do(out []T, in [][]T, lo, hi int, s *chainScratch[T]) {
	number, inside := lo/r.run, lo%r.run // the run, and how far in it
	for at := lo; at < hi; {
		n := min(block, r.run-inside, hi-at)
		fresh := at == lo || inside == 0
		for i := range r.inputs {
			switch {
			case !r.number[i]:
				from := r.inputs[i].begin(number) + inside
				s.values[i] = in[i][from : from+n]
			case fresh:
				from := r.inputs[i].begin(number)
				s.values[i] = in[i][from : from+1]
			}
		}
		r.block(out[at:at+n], fresh, s)
		at, inside = at+n, inside+n
		if inside == r.run {
			number, inside = number+1, 0
		}
	}
}

// block computes a block of the output from s.values of the inputs; fresh tells whether the numbers among them are others than
// those of the block before.
func (r *runChain[T]) block(out []T, fresh bool, s *chainScratch[T]) {
	if r.whole != nil {
		r.whole(out, s.values)
		return
	}
	slot := func(i int) []T { return s.memory[i*block : i*block+len(out)] }
	last := len(r.Links) - 1
	for i, l := range r.Links {
		dst := out
		switch {
		case i == last:
		case !r.number[r.Inputs+i]:
			dst = slot(i)
		case fresh:
			dst = slot(i)[:1]
		default:
			continue
		}
		a, b := s.values[l.Args[0]], s.values[l.Args[1]]
		if f := r.mixed[i]; f != nil {
			f(dst, a, b)
		} else {
			r.fns[i](dst, repeated(slot(last+1), a, len(dst)), repeated(slot(last+2), b, len(dst)))
		}
		s.values[r.Inputs+i] = dst
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
