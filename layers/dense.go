package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Dense is a linear map of the last dimension, y = x·weight + bias: (batch, ..., in) becomes (batch, ..., Units). Its
// parameters are weight, (in, Units), and bias, (Units).
type Dense struct {
	Units         int // size of the output's last dimension
	NoBias        bool
	KernelInit    graph.Initializer // of weight; nil means graph.GlorotUniform
	BiasInit      graph.Initializer // of bias; nil means graph.Zeros
	KernelPenalty Penalty           // of weight, added to the loss
	BiasPenalty   Penalty           // of bias, added to the loss
}

// Emit implements graph.Layer.
func (d Dense) Emit(s *graph.Scope, x graph.Node) graph.Node {
	x = checked(x, settings.Count("Units", d.Units, 1))
	if x.Rank() < 2 {
		return x.Errorf("got shape %v, want (batch, features)", x.Shape())
	}
	w := s.Param("weight", or(d.KernelInit, graph.GlorotUniform), x.Dim(-1), d.Units)
	d.KernelPenalty.add(s, w, "KernelPenalty")
	y := summed(x, x.Rank()-1).MatMul(w)
	if d.NoBias {
		return d.BiasPenalty.unused(y)
	}
	b := s.Param("bias", or(d.BiasInit, graph.Zeros), d.Units)
	d.BiasPenalty.add(s, b, "BiasPenalty")
	return y.Add(b)
}

// Penalty is a regularizer that a layer adds to the loss, of training and of validation: L1·Σ|w| + L2·Σw² over the elements w of
// a parameter. Both factors are at least 0.
type Penalty struct{ L1, L2 float64 }

// add adds the penalty of w to the loss; name is the field's name in errors.
func (p Penalty) add(s *graph.Scope, w graph.Node, name string) {
	w = checked(w, settings.AtLeast(name+".L1", p.L1, 0), settings.AtLeast(name+".L2", p.L2, 0))
	if p.L1 > 0 {
		s.Penalty(w.Abs().Sum().Scale(p.L1))
	}
	if p.L2 > 0 {
		s.Penalty(w.Square().Sum().Scale(p.L2))
	}
}

// unused returns y, or an error if there is a penalty of a bias that a layer does not have.
func (p Penalty) unused(y graph.Node) graph.Node {
	if p != (Penalty{}) {
		return y.Errorf("BiasPenalty: got %v with NoBias, want none", p)
	}
	return y
}
