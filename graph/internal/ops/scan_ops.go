package ops

import (
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// An opLoop runs the ops of a Scan's lowered body one after the other, for each step.
type opLoop[T kernels.Float] struct {
	*scanRun[T]
	lowered    *Lowered
	once, each []*Op // run before the loop, and in each step
	running    *Op
	xs         []*[]T // the values of the body's inputs; nil if not needed
	captures   []*[]T
}

// newOpLoop lowers the body of a Scan with the given results.
func newOpLoop[T kernels.Float](s *scanRun[T], results []*Node) *opLoop[T] {
	r := &opLoop[T]{scanRun: s}
	r.lowered = lower(r.Graph, results, r.env, true)
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
func (r *opLoop[T]) addInputs() {
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
func (r *opLoop[T]) addResults() {
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
func (r *opLoop[T]) run(out []T, in [][]T) {
	defer func() {
		if e := recover(); e != nil && r.running != nil {
			panic(r.running.failed(e))
		} else if e != nil {
			panic(e)
		}
	}()
	inits, xs, captures := r.divided(in)
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
		t := r.time(step)
		for k, v := range r.xs {
			if v != nil {
				n := len(xs[k]) / r.Steps
				*v = xs[k][t*n : (t+1)*n]
			}
		}
		r.step(out, step, t)
	}
	r.finish(out)
}

// begin sets a state to its initial value.
func (r *opLoop[T]) begin(st *scanState[T], init, out []T) {
	if st.trail >= 0 {
		first := r.first(st, out)
		copy(first, init)
		init = first
	}
	if st.value != nil {
		*st.value = init
	}
}

// step runs one step.
func (r *opLoop[T]) step(out []T, step, t int) {
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

// execute runs ops.
func (r *opLoop[T]) execute(list []*Op) {
	recorder := r.env.Recorder
	for _, o := range list {
		r.running = o
		if recorder != nil {
			recorder.run(o, r.lowered.dtype)
		} else if r.lowered.dtype == tensor.Float32 {
			o.run32()
		} else {
			o.run64()
		}
	}
	r.running = nil
}
