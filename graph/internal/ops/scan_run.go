package ops

import (
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// Bind implements Def. The loop runs by rows if its body allows that, otherwise op by op.
func (s *Scan) Bind(o *Op) Kernel {
	if o.DType == tensor.Float32 {
		return Kernel{F32: bindScan[float32](s, o)}
	}
	return Kernel{F64: bindScan[float64](s, o)}
}

func bindScan[T kernels.Float](s *Scan, o *Op) func(out []T, in [][]T) {
	r, results := newScanRun[T](s, o)
	if l := newRowLoop(r, results); l != nil {
		o.loop = l
		return l.run
	}
	l := newOpLoop(r, results)
	o.loop = l
	return l.run
}

// A scanRun is what the two forms of a loop have in common: the needed states and results, and their places. Where possible, a
// step writes a result to its place itself.
type scanRun[T kernels.Float] struct {
	*Scan
	env          *Env
	states       []scanState[T]
	results      []scanResult[T]
	finals, outs []segment
}

// A scanState is a state that is needed.
type scanState[T kernels.Float] struct {
	i       int    // its number in the Scan
	value   *[]T   // in an opLoop; nil if no op reads it
	trail   int    // the index of its trail in Outs, -1 if none is needed
	buffers [2][]T // where steps write it in turn, without a trail
}

// A scanResult is a value that a step writes to the output, or to a state's buffer.
type scanResult[T kernels.Float] struct {
	state  int  // an index of states, or -1
	out    int  // an index of Outs, if state is -1
	value  *[]T // in an opLoop: to be copied
	direct *[]T // or else, where the op writes that computes the value
}

// newScanRun also returns the nodes of the results.
func newScanRun[T kernels.Float](s *Scan, o *Op) (r *scanRun[T], results []*Node) {
	r = &scanRun[T]{Scan: s, env: o.env}
	r.finals, r.outs, _ = s.layout()
	for i, n := range s.Next {
		if s.live.states[i] {
			results = append(results, n)
			r.states = append(r.states, scanState[T]{i: i, trail: -1})
			r.results = append(r.results, scanResult[T]{state: len(r.states) - 1})
		}
	}
	for j, n := range s.Outs {
		if !s.live.outs[j] {
			continue
		}
		if i := slices.Index(s.States, n); i >= 0 {
			k := slices.IndexFunc(r.states, func(st scanState[T]) bool { return st.i == i })
			r.states[k].trail = j
			continue
		}
		results = append(results, n)
		r.results = append(r.results, scanResult[T]{state: -1, out: j})
	}
	return r, results
}

// divided returns the initial states, the sequences and the captures among the inputs.
func (r *scanRun[T]) divided(in [][]T) (inits, xs, captures [][]T) {
	n, m := len(r.States), len(r.States)+len(r.Xs)
	return in[:n], in[n:m], in[m:]
}

// time returns the time of a step.
func (r *scanRun[T]) time(step int) int {
	if r.Reverse {
		return r.Steps - 1 - step
	}
	return step
}

// first returns the place of a state's initial value in its trail.
func (r *scanRun[T]) first(st *scanState[T], out []T) []T {
	p := r.outs[st.trail]
	return out[p.at+r.initial()*p.slot:][:p.slot]
}

// place returns where a step writes a result.
func (r *scanRun[T]) place(p *scanResult[T], out []T, step, t int) []T {
	if p.state < 0 {
		s := r.outs[p.out]
		return out[s.at+t*s.slot:][:s.slot]
	}
	st := &r.states[p.state]
	if st.trail >= 0 {
		s := r.outs[st.trail]
		return out[s.at+(t+r.after())*s.slot:][:s.slot]
	}
	if step == r.Steps-1 {
		return out[r.finals[st.i].at:r.finals[st.i].end()]
	}
	return st.buffers[step&1]
}

// finish copies the last values of trails to the final states.
func (r *scanRun[T]) finish(out []T) {
	for k := range r.states {
		if st := &r.states[k]; st.trail >= 0 {
			p, final := r.outs[st.trail], r.finals[st.i]
			last := p.at + (r.Steps-r.initial())*p.slot
			copy(out[final.at:final.end()], out[last:last+p.slot])
		}
	}
}
