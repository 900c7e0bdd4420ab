package ops

import (
	"slices"
	"sync"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A runChain computes a chain run by run. An input that repeats one element during a run stays a single number, and so does a
// link with only numbers as arguments: they are not written out as slices.
type runChain[T kernels.Float] struct {
	Chain
	run    int
	inputs []runInput
	number []bool // whether each input and link is a single number during a run
	fns    []func(dst, a, b []T)
	mixed  []func(dst, a, b []T)                // for links of a number and a slice; nil if the number must be repeated
	first  func(dst []T, values [][]T)          // computes the first links at once; nil if there is no such kernel
	firsts int                                  // of these links
	runs   func(dst []T, values [][]T, run int) // first for several runs in a block; nil if that is not possible
	period int                                  // of the places of all inputs that have several; 0 if they differ
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
	first := firstLinks[T](c, r.number)
	for i := range r.inputs {
		n := len(r.inputs[i].places)
		if n > 1 && r.period > 0 && n != r.period {
			r.period = 0
			break
		}
		if n > 1 {
			r.period = n
		}
	}
	if first != nil {
		r.first, r.firsts = first.f, len(first.links)
		if r.severalRuns(first) {
			r.runs = first.runs
		}
	}
	return r
}

// severalRuns reports whether a block may have several runs: only the first links read numbers, which are in their places one after
// the other, and rows, which are the same for each run.
func (r *runChain[T]) severalRuns(first *chainKernel[T]) bool {
	if 2*r.run > block {
		return false
	}
	for i, x := range r.inputs {
		row := slices.Contains(first.rows, i)
		switch {
		case r.number[i] && x.places == nil:
			if x.length != 1 || i >= len(first.numbers) {
				return false
			}
		case r.number[i]:
			if len(x.places) != r.period || i >= len(first.numbers) {
				return false
			}
			for k, at := range x.places {
				if at != k {
					return false
				}
			}
		case row != (len(x.places) == 1) || !row && x.places != nil:
			return false
		}
	}
	for _, l := range r.Links[r.firsts:] {
		for _, a := range l.Args[:l.Code.Arity()] {
			if r.number[a] || slices.Contains(first.rows, a) {
				return false
			}
		}
	}
	return true
}

// pieces returns the function that computes elements lo to hi of the output.
func (r *runChain[T]) pieces() func(out []T, in [][]T, lo, hi int) {
	scratch := sync.Pool{New: func() any { return r.scratch() }}
	return func(out []T, in [][]T, lo, hi int) {
		s := scratch.Get().(*chainScratch[T])
		r.do(out, in, lo, hi, s)
		clear(s.values)
		scratch.Put(s)
	}
}

// scratch returns memory of a block for each link and two for repeated numbers.
func (r *runChain[T]) scratch() *chainScratch[T] {
	return newChainScratch[T](len(r.Links)+2, len(r.number))
}

// do computes elements lo to hi of the output.
func (r *runChain[T]) do(out []T, in [][]T, lo, hi int, s *chainScratch[T]) {
	number, inside := lo/r.run, lo%r.run // the run, and the position in it
	phase := number % max(r.period, 1)   // of the run in the period
	for at := lo; at < hi; {
		several := min(block/r.run, (hi-at)/r.run)
		if r.period > 0 {
			several = min(several, r.period-phase)
		}
		if n := several; r.runs != nil && inside == 0 && n > 1 {
			r.several(out[at:at+n*r.run], in, at, number, n, s)
			at, number = at+n*r.run, number+n
			phase = number % max(r.period, 1)
			continue
		}
		n := min(block, r.run-inside, hi-at)
		fresh := at == lo || inside == 0
		for i := range r.inputs {
			x := &r.inputs[i]
			if x.stride == 0 && !fresh {
				continue
			}
			from := number * x.length
			switch {
			case x.places == nil:
			case len(x.places) == 1:
				from = x.places[0]
			case r.period > 0:
				from = x.places[phase]
			default:
				from = x.places[number%len(x.places)]
			}
			if x.stride == 0 {
				s.values[i] = in[i][from : from+1]
			} else {
				s.values[i] = in[i][from+inside : from+inside+n]
			}
		}
		r.block(out[at:at+n], fresh, s)
		at, inside = at+n, inside+n
		if inside == r.run {
			number, inside = number+1, 0
			if phase++; phase == r.period {
				phase = 0
			}
		}
	}
}

// several computes n runs, the first of which has the given number and begins at element at of the output.
func (r *runChain[T]) several(out []T, in [][]T, at, number, n int, s *chainScratch[T]) {
	phase := number % max(r.period, 1)
	for i, x := range r.inputs {
		switch {
		case r.number[i] && x.places == nil:
			s.values[i] = in[i][number : number+n]
		case r.number[i]:
			s.values[i] = in[i][phase : phase+n]
		case x.places != nil: // a row
			s.values[i] = in[i][x.places[0]:][:r.run]
		default:
			s.values[i] = in[i][at : at+len(out)]
		}
	}
	last, dst := len(r.Links)-1, out
	if r.firsts <= last {
		dst = s.memory[(r.firsts-1)*block:][:len(out)]
	}
	r.runs(dst, s.values, r.run)
	s.values[r.Inputs+r.firsts-1] = dst
	for i := r.firsts; i <= last; i++ {
		l, dst := &r.Links[i], out
		if i < last {
			dst = s.memory[i*block:][:len(out)]
		}
		r.fns[i](dst, s.values[l.Args[0]], s.values[l.Args[1]])
		s.values[r.Inputs+i] = dst
	}
}

// block computes a block of the output from the inputs in s.values. fresh is set if the single numbers among them differ from
// those of the previous block.
func (r *runChain[T]) block(out []T, fresh bool, s *chainScratch[T]) {
	last := len(r.Links) - 1
	if r.firsts > last {
		r.first(out, s.values)
		return
	}
	slot := func(i int) []T { return s.memory[i*block : i*block+len(out)] }
	if r.first != nil {
		dst := slot(r.firsts - 1)
		r.first(dst, s.values)
		s.values[r.Inputs+r.firsts-1] = dst
	}
	for i := r.firsts; i <= last; i++ {
		l, dst := &r.Links[i], out
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
