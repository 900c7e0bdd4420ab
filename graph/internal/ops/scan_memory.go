package ops

import "gorgonia.org/tensor"

// stateWords returns the memory of the states: two buffers for each without a trail.
func (r *scanRun[T]) stateWords() (n int) {
	for k := range r.states {
		n += 2 * r.bufferWords(k)
	}
	return n
}

func (r *scanRun[T]) bufferWords(k int) int {
	if r.states[k].trail >= 0 {
		return 0
	}
	return Words(r.finals[r.states[k].i].slot, r.dtype())
}

func (r *scanRun[T]) dtype() tensor.Dtype { return r.Graph.DType }

// attachStates gives the states their memory, the first of m, and returns the words that they take.
func (r *scanRun[T]) attachStates(m Memory) (at int) {
	for k := range r.states {
		if n := r.bufferWords(k); n > 0 {
			for b := range r.states[k].buffers {
				r.states[k].buffers[b] = elements[T](m, at, r.finals[r.states[k].i].slot)
				at += n
			}
		}
	}
	return at
}

func (r *scanRun[T]) detachStates() {
	for k := range r.states {
		r.states[k].buffers = [2][]T{}
	}
}

// count implements loop.
func (r *opLoop[T]) count() int { return r.lowered.Count() }

// words implements loop.
func (r *opLoop[T]) words() int { return r.stateWords() + r.lowered.Words }

// attach implements loop.
func (r *opLoop[T]) attach(m Memory) { r.lowered.Attach(m[r.attachStates(m):]) }

// detach implements loop.
func (r *opLoop[T]) detach() {
	r.lowered.Detach()
	r.detachStates()
	r.rest()
}

// rest implements loop.
func (r *opLoop[T]) rest() {
	r.lowered.Rest()
	for i := range r.results {
		if p := &r.results[i]; p.direct != nil {
			*p.direct = nil
		}
	}
}

// count implements loop.
func (l *rowLoop[T]) count() (n int) {
	for _, p := range l.phases {
		n += len(p.products) + len(p.links)
	}
	return n
}

// words implements loop.
func (l *rowLoop[T]) words() int {
	n := l.stateWords() + len(l.frames)*Words(l.temps, l.dtype())
	l.eachMemory(func(size int) []T { n += Words(size, l.dtype()); return nil })
	return n
}

// attach implements loop.
func (l *rowLoop[T]) attach(m Memory) {
	at := l.attachStates(m)
	take := func(size int) []T {
		x := elements[T](m, at, size)
		at += Words(size, l.dtype())
		return x
	}
	for i := range l.frames {
		l.frames[i].temp = take(l.temps)
	}
	l.eachMemory(take)
}

// eachMemory calls take for the elements that each buffer and packed matrix needs.
func (l *rowLoop[T]) eachMemory(take func(size int) []T) {
	for i := range l.buffers {
		l.buffers[i].data = take(l.rows * l.buffers[i].width)
	}
	for i := range l.phases {
		for j := range l.phases[i].products {
			m := &l.phases[i].products[j]
			m.own.Use(take(m.packedSize()))
		}
	}
}

// detach implements loop.
func (l *rowLoop[T]) detach() {
	l.detachStates()
	for i := range l.frames {
		l.frames[i].temp = nil
	}
	l.eachMemory(func(int) []T { return nil })
}

// rest implements loop.
func (l *rowLoop[T]) rest() {}
