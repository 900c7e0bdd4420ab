package graph

import (
	"math"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// sum makes sums[level] of a lane the sum over its shards from lo to hi-1.
func (l *lanes[T]) sum(lane *lane[T], lo, hi, level int) error {
	to := lane.sums[level]
	if hi-lo > 2 {
		mid := (lo + hi) / 2
		if err := l.sum(lane, lo, mid, level); err != nil {
			return err
		}
		if err := l.sum(lane, mid, hi, level+1); err != nil {
			return err
		}
		kernels.Add(to, to, lane.sums[level+1])
		return nil
	}
	var parts [2]*program.Program
	for i := lo; i < hi; i++ {
		s := &lane.shards[i]
		if s.rows == 0 {
			continue
		}
		p := lane.borrow(s.key, i%2)
		if err := l.compute(s, p); err != nil {
			return l.blame(s, err)
		}
		parts[i-lo] = p
	}
	at := 0
	for i, p := range l.choice.trained {
		n := tensors.Size(p.shape)
		leaf(to[at:at+n], parts, hi-lo, func(p *program.Program) []T { return tensors.Data[T](p.Gradient(i)) })
		at += n
	}
	for _, s := range l.states {
		n := tensors.Size(s.shape)
		var values [2][]T
		for i, p := range parts {
			if p != nil {
				values[i] = stateOf[T](p, s, lane.shards[lo+i].rows)
			}
		}
		addLeaves(to[at:at+n], values, hi-lo)
		at += n
	}
	return nil
}

// leaf is addLeaves for a part of what programs have computed.
func leaf[T Float](to []T, parts [2]*program.Program, n int, of func(*program.Program) []T) {
	var values [2][]T
	for i, p := range parts {
		if p != nil {
			values[i] = of(p)
		}
	}
	addLeaves(to, values, n)
}

// addLeaves makes to the sum of n values, where nil stands for zeros.
func addLeaves[T Float](to []T, values [2][]T, n int) {
	a, b := values[0], values[1]
	switch {
	case n == 1 && a != nil:
		copy(to, a)
	case a != nil && b != nil:
		kernels.Add(to, a, b)
	case a == nil && b == nil:
		clear(to)
	default:
		if a == nil {
			a = b
		}
		for i, v := range a {
			to[i] = v + 0 // as addition of zeros, which makes -0 a 0
		}
	}
}

// stateOf returns the new value of a state times the number of rows; the old value if the program does not set it.
func stateOf[T Float](p *program.Program, s *parameter, rows int) []T {
	value := tensors.Data[T](s.value)
	for i := range p.States() {
		if name, v := p.State(i); name == s.name {
			value = tensors.Data[T](v)
		}
	}
	scaled := make([]T, len(value))
	for i, v := range value {
		scaled[i] = v * T(rows)
	}
	return scaled
}

// compute runs the program of a shard, whose gradients then are those of the sum of the losses of its samples or elements.
func (l *lanes[T]) compute(s *shard, p *program.Program) error {
	m := l.model
	draw := m.trainingDraw()
	draw.Seed ^= shardSeed(s.number)
	if err := p.Run(draw, s.values...); err != nil {
		return badRun(err)
	}
	if loss := p.Loss(); math.IsNaN(loss) || math.IsInf(loss, 0) {
		return divergedOn(s.batch, loss)
	}
	if err := l.checkMasked(p, s.batch); err != nil {
		return err
	}
	var err error
	if s.count, err = s.tally.batch(p, s.batch, s.rows); err != nil {
		return err
	}
	if m.countsElements(func(place int) bool { return p.Valid(place) != nil }) {
		for i := range l.choice.trained {
			g := tensors.Data[T](p.Gradient(i))
			kernels.Scale(g, g, T(s.count))
		}
	}
	return nil
}

// shardSeed returns the number that makes the noise of a shard another than that of the others; 0 for the first (SplitMix64:
// Steele, Lea & Flood 2014).
func shardSeed(i int) uint64 {
	z := uint64(i) * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
