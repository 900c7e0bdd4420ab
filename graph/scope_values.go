package graph

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Noise returns random numbers of the given shape. They are drawn from the model's seed, anew for each training step;
// outside training they are the same in every run.
func (s *Scope) Noise(d Noise, shape ...int) Node {
	s.begin()
	r := ops.Random{Key: s.noiseKey(), To: ops.Encode(shape)}
	switch {
	case d.Keep < 0 || d.Keep > 1 || d.Keep != d.Keep:
		return s.b.fail("Noise", fmt.Errorf("Keep: got %v, want at least 0 and at most 1", d.Keep))
	case d.Normal:
		r.Dist = ops.Normal
	case d.Keep > 0:
		r.Dist, r.P = ops.Bernoulli, d.Keep
	}
	if s.b.err != nil {
		return Node{err: s.b.err}
	}
	return s.b.source("Noise", r)
}

// noiseKey returns the key of the next noise.
func (s *Scope) noiseKey() uint64 {
	s.b.noises++
	return hashString(fmt.Sprintf("%s#%d", s.path, s.b.noises))
}

// Noise is a distribution of random numbers. The zero value is uniform in [0, 1).
type Noise struct {
	Normal bool    // standard normal distribution
	Keep   float64 // if greater than 0 and Normal is false: 1 with this probability, else 0
}

// Penalty adds x, which must have one element, to the loss of training, and of validation and Evaluate too: a regularizer or a KL
// term, for example. For a penalty of training alone, call it only where Training reports true. A penalty of parameters alone counts
// once for a layer, however often the layer is applied under one name; any other counts for each application. Penalties can be
// all that a model is trained by: Config.Loss may be nil if one of them depends on more than parameters.
func (s *Scope) Penalty(x Node) {
	s.begin()
	switch {
	case x.err != nil:
		s.b.keep(x.err)
	case x.b != s.b:
		s.b.fail("Penalty", errNoNode)
	case tensors.Size(x.Shape()) != 1:
		s.b.fail("Penalty", fmt.Errorf("got shape %v, want one element", x.Shape()))
	case s.b.onlyParams(x):
		key := penaltyKey{x.n, s.path}
		if s.b.penalized[key] {
			return
		}
		s.b.penalized[key] = true
		s.b.penalties = append(s.b.penalties, x)
	default:
		s.b.penalties, s.b.objective = append(s.b.penalties, x), true
	}
}

// A penaltyKey identifies a penalty of parameters in a layer: equal expressions of the same parameters are one node.
type penaltyKey struct {
	node *ops.Node
	path string
}

// onlyParams reports whether a node is computed from parameters and constants alone.
func (b *builder) onlyParams(x Node) bool {
	return !slices.ContainsFunc(ops.Needed(x.n), func(n *ops.Node) bool {
		if o := ops.Of(n); o != nil {
			return ops.Draws(o.Def)
		}
		return !b.leaves[n]
	})
}

// Constant returns a node with the shape and the elements of a tensor, which must not change afterwards: every program that
// is compiled reads it.
func (s *Scope) Constant(t *Tensor) Node {
	s.begin()
	if t == nil {
		return s.b.fail("Constant", errors.New("got no tensor, want one"))
	}
	values, err := tensors.Float64s(t)
	if err != nil {
		return s.b.fail("Constant", err)
	}
	return s.b.source("Constant", ops.NewConstant(slices.Clone([]int(t.Shape())), values))
}

// Table returns a constant node of the given shape whose element i, in row-major order, is f(i).
func (s *Scope) Table(f func(i int) float64, shape ...int) Node {
	s.begin()
	if f == nil {
		return s.b.fail("Table", errNilFunction)
	}
	return s.table("Table", f, shape)
}

// table is Table with the operation's name for errors.
func (s *Scope) table(name string, f func(i int) float64, shape []int) Node {
	err := ops.CheckSize(shape)
	if err == nil {
		err = s.b.limits.spendConstant(shape)
	}
	if err != nil {
		return s.b.fail(name, err)
	}
	values := make([]float64, tensors.Size(shape))
	for i := range values {
		values[i] = f(i)
	}
	return s.b.source(name, ops.NewConstant(slices.Clone(shape), values))
}

// Scalar returns a constant scalar node. NaN is an error.
func (s *Scope) Scalar(v float64) Node {
	s.begin()
	if math.IsNaN(v) {
		return s.b.fail("Scalar", fmt.Errorf("got NaN, want a number"))
	}
	return s.b.add("Scalar", func() (*ops.Node, error) { return s.b.g.Fill(v, nil), nil })
}
