package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// MultiHeadAttention is self-attention (Vaswani et al. 2017). Linear maps turn each vector of a sequence into a query, a key
// and a value, which are divided into Heads parts of equal size. In each part the output is the mean of the values, weighted
// by softmax(query·key/√size); a last linear map combines the parts. The input, (batch, time, features), keeps its shape.
// Parameters: weight, (features, 3·features), the columns of query, key and value in this order; bias, (3·features);
// out_weight, (features, features); out_bias, (features).
type MultiHeadAttention struct {
	Heads  int  // a divisor of the number of features; 0 means 1
	Causal bool // each vector attends only to itself and to earlier ones
	NoBias bool
	Init   graph.Initializer // of both weights; nil means graph.GlorotUniform
}

// Emit implements graph.Layer.
func (a MultiHeadAttention) Emit(s *graph.Scope, x graph.Node) graph.Node {
	a.Heads = settings.Or(a.Heads, 1)
	features := x.Dim(-1)
	switch {
	case x.Rank() != 3:
		return x.Errorf("got shape %v, want (batch, time, features)", x.Shape())
	case a.Heads < 1 || features%a.Heads != 0:
		return x.Errorf("Heads: got %d, want a divisor of the %d features", a.Heads, features)
	}
	all := a.linear(s, x, "", 3*features)
	part := func(i int) graph.Node { return all.Slice(2, i*features, (i+1)*features) }
	y := s.Attention(part(0), part(1), part(2), graph.Attention{Heads: a.Heads, Causal: a.Causal})
	return a.linear(s, y, "out_", features)
}

// linear applies a linear map; prefix starts the names of its parameters.
func (a MultiHeadAttention) linear(s *graph.Scope, x graph.Node, prefix string, units int) graph.Node {
	y := x.MatMul(s.Param(prefix+"weight", or(a.Init, graph.GlorotUniform), x.Dim(-1), units))
	if a.NoBias {
		return y
	}
	return y.Add(s.Param(prefix+"bias", graph.Zeros, units))
}
