package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Distribution is what a Random op draws from.
type Distribution uint8

// The distributions: uniform in [0, 1), standard normal, and 1 with probability P (else 0).
const (
	Uniform Distribution = iota
	Normal
	Bernoulli
)

var distributionNames = [...]string{Uniform: "Uniform", Normal: "Normal", Bernoulli: "Bernoulli"}

// Random draws new elements in each run. They depend only on Key, and on Env's Seed, Draw and Row.
type Random struct {
	Dist Distribution
	P    float64
	Key  uint64
	To   string
}

// Draws reports whether an op draws random numbers.
func Draws(d Def) bool {
	switch d := d.(type) {
	case Random:
		return true
	case Attend:
		return d.Keep > 0
	}
	return false
}

// String implements Def.
func (r Random) String() string {
	return fmt.Sprintf("%s(%v, key %d)%s", distributionNames[r.Dist], r.P, r.Key, r.To)
}

// Infer implements Def.
func (r Random) Infer([][]int) ([]int, error) { return Decode(r.To), nil }

// Diff implements Def.
func (r Random) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (r Random) Bind(o *Op) Kernel {
	return Kernel{F32: bindRandom[float32](r, o), F64: bindRandom[float64](r, o)}
}

func bindRandom[T kernels.Float](r Random, o *Op) func(out []T, in [][]T) {
	before := 0 // elements of rows that other runs draw
	var s kernels.Stream
	fill := inPieces(o, tensors.Size(o.Shape), perWorker, func(out []T, _ [][]T, lo, hi int) {
		switch r.Dist {
		case Uniform:
			kernels.UniformFill(out[lo:hi], s, before+lo)
		case Normal:
			kernels.NormalFill(out[lo:hi], s, before+lo)
		case Bernoulli:
			kernels.BernoulliMask(out[lo:hi], s, before+lo, T(r.P), 1)
		}
	})
	return func(out []T, in [][]T) {
		before = 0
		if o.env.Row > 0 && o.env.RowNoise[r.Key] {
			before = o.env.Row * (len(out) / o.Shape[0])
		}
		s = kernels.Stream{Key: o.env.Seed ^ r.Key, Counter: o.env.Draw}
		fill(out, in)
	}
}
