package ops

import (
	"slices"

	"gorgonia.org/tensor"
)

// Ops that depend on parameters alone are settled: a program that does not change parameters runs them when parameters have
// changed, not in each run. Their outputs have memory of their own, which no other program uses.

// settledLimit is the largest number of elements of all settled ops of a program.
const settledLimit = packLimit

// settle finds the nodes of settled ops. The nodes come inputs before outputs.
func (l *lowering) settle(order []*Node) {
	if l.result.Env.Packs == nil || l.result.repeats {
		return
	}
	l.settled = l.from.settled(order, settledLimit)
}

// settled returns the parameters and the nodes that depend on them alone, of at most limit elements in all. The nodes come inputs before
// outputs.
func (g *Graph) settled(order []*Node, limit int) map[*Node]bool {
	found := map[*Node]bool{}
	for _, n := range g.Params {
		found[n] = true
	}
	for _, n := range order {
		o := Of(n)
		if o == nil || !mayBeSettled(o.Def) || slices.ContainsFunc(o.In, func(x *Node) bool { return !found[x] }) {
			continue
		}
		if size := sizeOf(n); size <= limit {
			found[n] = true
			limit -= size
		}
	}
	return found
}

// mayBeSettled reports whether the result of an op depends on its inputs alone. Some have noise.
func mayBeSettled(d Def) bool {
	switch d.(type) {
	case Random, Attention, AttentionGrad, *Scan:
		return false
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
