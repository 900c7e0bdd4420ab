package ops

import (
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// Bind implements Def.
func (s *Scan) Bind(o *Op) Kernel {
	if o.DType == tensor.Float32 {
		r := newScanRun[float32](s, o)
		o.loop = r
		return Kernel{F32: r.run}
	}
	r := newScanRun[float64](s, o)
	o.loop = r
	return Kernel{F64: r.run}
}

// A scanRun runs a Scan: the ops of its lowered body one after the other, for each step. Where possible, an op writes a result
// of the step to its place itself.
type scanRun[T kernels.Float] struct {
	*Scan
	lowered      *Lowered
	once, each   []*Op // run before the loop, and in each step
	running      *Op
	states       []scanState[T]
	xs, captures []*[]T // the values of the body's inputs; nil if not needed
	results      []scanResult[T]
	finals, outs []segment
}

// A scanState is a state that is needed.
type scanState[T kernels.Float] struct {
	i       int    // its number in the Scan
	value   *[]T   // nil if no op reads it
	trail   int    // the index of its trail in Outs, -1 if none is needed
	buffers [2][]T // where steps write it in turn, without a trail
}

// A scanResult is a value that a step writes to the output, or to a state's buffer.
type scanResult[T kernels.Float] struct {
	state  int  // an index of states, or -1
	out    int  // an index of Outs, if state is -1
	value  *[]T // to be copied
	direct *[]T // or else, where the op writes that computes the value
}

func newScanRun[T kernels.Float](s *Scan, o *Op) *scanRun[T] {
	r := &scanRun[T]{Scan: s}
	r.finals, r.outs, _ = s.layout()
	var outputs []*Node
	for i, n := range s.Next {
		if s.live.states[i] {
			outputs = append(outputs, n)
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
		outputs = append(outputs, n)
		r.results = append(r.results, scanResult[T]{state: -1, out: j})
	}
	r.lowered = lower(s.Graph, outputs, o.env, true)
	for _, op := range r.lowered.ops {
		if len(op.In) == 0 {
			r.once = append(r.once, op)
		} else {
			r.each = append(r.each, op)
		}
	}
	r.addInputs()
	r.addResults()
	return r
}

// addInputs finds the values of the body's inputs.
func (r *scanRun[T]) addInputs() {
	value := func(n *Node) *[]T {
		if in := r.lowered.Input(n); in != nil {
			return elementsOf[T](&in.value)
		}
		return nil
	}
	for k := range r.states {
		r.states[k].value = value(r.States[r.states[k].i])
	}
	for _, n := range r.Xs {
		r.xs = append(r.xs, value(n))
	}
	for _, n := range r.Captures {
		r.captures = append(r.captures, value(n))
	}
}

// addResults finds the values that a step writes, which are the outputs of the lowered body, and the ops that can write them to
// their places. An op has only one place.
func (r *scanRun[T]) addResults() {
	taken := map[*Op]bool{}
	for i := range r.results {
		p, out := &r.results[i], r.lowered.outputs[i]
		o := Of(out.n)
		for o != nil && o.view && sizeOf(o.In[0]) == o.size {
			o = Of(o.In[0])
		}
		if o == nil || o.view || len(o.In) == 0 || taken[o] {
			p.value = elementsOf[T](out.value)
			continue
		}
		taken[o] = true
		p.direct = elementsOf[T](&o.out)
	}
}

// run computes the output.
func (r *scanRun[T]) run(out []T, in [][]T) {
	defer func() {
		if e := recover(); e != nil && r.running != nil {
			panic(r.running.failed(e))
		} else if e != nil {
			panic(e)
		}
	}()
	inits, xs, captures := in[:len(r.States)], in[len(r.States):][:len(r.Xs)], in[len(r.States)+len(r.Xs):]
	for k, v := range r.captures {
		if v != nil {
			*v = captures[k]
		}
	}
	r.execute(r.once)
	for k := range r.states {
		r.begin(&r.states[k], inits[r.states[k].i], out)
	}
	for step := range r.Steps {
		t := step
		if r.Reverse {
			t = r.Steps - 1 - step
		}
		for k, v := range r.xs {
			if v != nil {
				n := len(xs[k]) / r.Steps
				*v = xs[k][t*n : (t+1)*n]
			}
		}
		r.step(out, step, t)
	}
	for k := range r.states {
		if st := &r.states[k]; st.trail >= 0 {
			p, final := r.outs[st.trail], r.finals[st.i]
			last := p.at + (r.Steps-r.initial())*p.slot
			copy(out[final.at:final.end()], out[last:last+p.slot])
		}
	}
}

// begin sets a state to its initial value.
func (r *scanRun[T]) begin(st *scanState[T], init, out []T) {
	if st.trail >= 0 {
		p := r.outs[st.trail]
		first := out[p.at+r.initial()*p.slot:][:p.slot]
		copy(first, init)
		init = first
	}
	if st.value != nil {
		*st.value = init
	}
}

// step runs one step.
func (r *scanRun[T]) step(out []T, step, t int) {
	for i := range r.results {
		if p := &r.results[i]; p.direct != nil {
			*p.direct = r.place(p, out, step, t)
		}
	}
	r.execute(r.each)
	for i := range r.results {
		if p := &r.results[i]; p.direct == nil {
			copy(r.place(p, out, step, t), *p.value)
		}
	}
	for i := range r.results {
		if p := &r.results[i]; p.state >= 0 && r.states[p.state].value != nil {
			*r.states[p.state].value = r.place(p, out, step, t)
		}
	}
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

// execute runs ops.
func (r *scanRun[T]) execute(list []*Op) {
	for _, o := range list {
		r.running = o
		if r.lowered.dtype == tensor.Float32 {
			o.run32()
		} else {
			o.run64()
		}
	}
	r.running = nil
}
