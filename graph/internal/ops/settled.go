package ops

import "gorgonia.org/tensor"

// Ops that depend on parameters alone are settled: a program that does not change parameters runs them when parameters have
// changed, not in each run. Their outputs have memory of their own, which no other program uses.

// settledLimit is the largest number of elements of all settled ops of a program.
const settledLimit = packLimit

// settle finds the nodes of settled ops. The nodes come inputs before outputs.
func (l *lowering) settle(order []*Node) {
	if l.result.Env.Packs == nil || l.result.repeats {
		return
	}
	l.settled = map[*Node]bool{}
	for _, n := range l.from.Params {
		l.settled[n] = true
	}
	left := settledLimit
	for _, n := range order {
		o := Of(n)
		if o == nil || !mayBeSettled(o.Def) || !l.allSettled(o.In) {
			continue
		}
		if size := sizeOf(n); size <= left {
			l.settled[n] = true
			left -= size
		}
	}
}

// mayBeSettled reports whether the result of an op depends on its inputs alone. Some have noise.
func mayBeSettled(d Def) bool {
	switch d.(type) {
	case Random, Attention, AttentionGrad, *Scan:
		return false
	}
	return true
}

func (l *lowering) allSettled(nodes []*Node) bool {
	for _, n := range nodes {
		if !l.settled[n] {
			return false
		}
	}
	return true
}

// placeSettled gives settled ops their places.
func (l *Lowered) placeSettled() {
	for _, o := range l.ops {
		l.Packed += o.packed
		if o.settled && !o.view {
			l.kept = append(l.kept, placed{op: o, at: l.Settled})
			l.Settled += Words(o.size, o.DType)
		}
	}
}

// stale reports whether settled ops have to run: for the first time, or since parameters have changed.
func (l *Lowered) stale() bool {
	if len(l.kept) == 0 {
		return false
	}
	if l.keptIn == nil {
		l.keptIn = NewMemory(l.Settled)
		for _, p := range l.kept {
			if o := p.op; l.dtype == tensor.Float32 {
				o.out.f32 = elements[float32](l.keptIn, p.at, o.size)
			} else {
				o.out.f64 = elements[float64](l.keptIn, p.at, o.size)
			}
		}
		return true
	}
	return l.version != l.Env.Packs.version
}
