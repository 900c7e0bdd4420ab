package ops

// count implements loop.
func (r *scanRun[T]) count() int { return r.lowered.Count() }

// words implements loop: the memory of the body's ops, and two buffers for each state without a trail.
func (r *scanRun[T]) words() int {
	n := r.lowered.Words
	for k := range r.states {
		n += 2 * r.bufferWords(k)
	}
	return n
}

func (r *scanRun[T]) bufferWords(k int) int {
	if r.states[k].trail >= 0 {
		return 0
	}
	return Words(r.finals[r.states[k].i].slot, r.lowered.dtype)
}

// attach implements loop.
func (r *scanRun[T]) attach(m Memory) {
	r.lowered.Attach(m)
	at := r.lowered.Words
	for k := range r.states {
		if n := r.bufferWords(k); n > 0 {
			for b := range r.states[k].buffers {
				r.states[k].buffers[b] = elements[T](m, at, r.finals[r.states[k].i].slot)
				at += n
			}
		}
	}
}

// detach implements loop.
func (r *scanRun[T]) detach() {
	r.lowered.Detach()
	for k := range r.states {
		r.states[k].buffers = [2][]T{}
	}
	r.rest()
}

// rest implements loop.
func (r *scanRun[T]) rest() {
	r.lowered.Rest()
	for i := range r.results {
		if p := &r.results[i]; p.direct != nil {
			*p.direct = nil
		}
	}
}
