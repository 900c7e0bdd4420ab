package layers

import "github.com/nndiy/nndiy/graph"

// PReLU is x where x > 0, else slope·x with a learned slope for each channel (He et al. 2015). The input, (batch, channels,
// space...), keeps its shape. Its parameter is weight, the slopes, (channels), or (1) if Shared. A sequence with a mask, (batch, time,
// features), has its features as channels.
type PReLU struct {
	Shared bool              // one slope for all channels
	Init   graph.Initializer // of weight; nil means graph.Constant(0.25)
}

// Emit implements graph.Layer.
func (p PReLU) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return channelled(x, func(x graph.Node) graph.Node { return p.emit(s, x) })
}

func (p PReLU) emit(s *graph.Scope, x graph.Node) graph.Node {
	if x.Rank() < 2 {
		return x.Errorf("got shape %v, want (batch, channels, space...)", x.Shape())
	}
	n := x.Dim(1)
	if p.Shared {
		n = 1
	}
	slope := perChannel(s.Param("weight", or(p.Init, graph.Constant(0.25)), n), x.Rank()-2)
	return x.ReLU().Sub(x.Neg().ReLU().Mul(slope))
}
