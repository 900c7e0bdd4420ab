package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// MultiHeadAttention is self-attention (Vaswani et al. 2017). Linear maps turn each vector of a sequence into a query, a key
// and a value for each head. The output of a head is the mean of the values, weighted by softmax(query·key/√Size); a last linear
// map combines the heads. The input, (batch, time, features), keeps its shape. Padding, as in a mask of the input, is never
// attended to; a vector that attends to nothing gets the last map's bias.
//
// Parameters: weight, (features, Heads·Size + KeyHeads·(Size + ValueSize)), the columns of queries, keys and values in this
// order; bias, with as many elements; out_weight, (Heads·ValueSize, features); out_bias, (features). For attention to another sequence,
// see Over.
//
// A graph.Stream of Causal attention keeps the keys and values of all steps, and its memory and the time for a step grow with them,
// by doubling, up to MaxLength.
type MultiHeadAttention struct {
	Heads     int     // 0 means 1
	KeyHeads  int     // heads of keys and values, each for Heads/KeyHeads heads of queries (Ainslie et al. 2023); 0 means Heads
	Size      int     // of a query and of a key; 0 means features/Heads, and Heads must then be a divisor of the features
	ValueSize int     // of a value; 0 means Size
	Causal    bool    // each vector attends only to itself and to earlier ones
	Rotary    bool    // turn queries and keys by their places in time (Su et al. 2021): features i and i+Size/2 by t/10000^(2i/Size)
	Dropout   float64 // in training, probability that a weight of the mean is set to 0, at least 0 and less than 1
	NoBias    bool
	MaxLength int               // the most time steps of a graph.Stream, which keeps their keys and values, if Causal; 0 means no limit
	Init      graph.Initializer // of the weights; nil means graph.GlorotUniform
}

// Emit implements graph.Layer.
func (a MultiHeadAttention) Emit(s *graph.Scope, x graph.Node) graph.Node {
	a, x = a.checked(x)
	if x.Err() != nil {
		return x
	}
	queries, keys, values := a.widths()
	all := a.linear(s, x, "", queries+keys+values)
	query, key, value := all.Slice(2, 0, queries), all.Slice(2, queries, queries+keys), all.Slice(2, queries+keys, 0)
	if a.Rotary {
		r := rotary(s, x.Dim(1), a.Size)
		query, key = r.turn(query), r.turn(key)
	}
	if a.Causal && s.Streaming() {
		key, value = s.History(key, a.MaxLength), s.History(value, a.MaxLength)
	}
	return a.attend(s, query, key, value, x.Dim(2))
}

// checked returns a with defaults for x filled in, and x with an error if a setting does not fit.
func (a MultiHeadAttention) checked(x graph.Node) (MultiHeadAttention, graph.Node) {
	a.Heads = settings.Or(a.Heads, 1)
	features := x.Dim(-1)
	switch {
	case x.Rank() != 3:
		return a, x.Errorf("got shape %v, want (batch, time, features)", x.Shape())
	case a.Heads < 1 || a.Size == 0 && features%a.Heads != 0:
		return a, x.Errorf("Heads: got %d, want a divisor of the %d features", a.Heads, features)
	}
	a.KeyHeads = settings.Or(a.KeyHeads, a.Heads)
	a.Size = settings.Or(a.Size, features/a.Heads)
	a.ValueSize = settings.Or(a.ValueSize, a.Size)
	x = checked(x, settings.Count("KeyHeads", a.KeyHeads, 1), settings.Count("Size", a.Size, 1), settings.Count("ValueSize", a.ValueSize, 1), settings.Count("MaxLength", a.MaxLength, 0),
		settings.HalfOpen("Dropout", a.Dropout, 0, 1))
	switch {
	case x.Err() != nil:
	case a.Heads%a.KeyHeads != 0:
		x = x.Errorf("KeyHeads: got %d, want a divisor of the %d heads", a.KeyHeads, a.Heads)
	case a.Rotary && a.Size%2 != 0:
		x = x.Errorf("Rotary: got heads of %d features, want an even number", a.Size)
	case a.Heads > maxSetting/4/max(a.Size, a.ValueSize):
		x = x.Errorf("Heads: got %d, of %d features and values of %d, want at most %d numbers", a.Heads, a.Size, a.ValueSize, maxSetting/4)
	}
	return a, x
}

// widths returns the features of all heads' queries, keys and values.
func (a MultiHeadAttention) widths() (queries, keys, values int) {
	return a.Heads * a.Size, a.KeyHeads * a.Size, a.KeyHeads * a.ValueSize
}

// attend returns the output for queries, keys and values of all heads, (batch, time, heads·size).
func (a MultiHeadAttention) attend(s *graph.Scope, query, key, value graph.Node, features int) graph.Node {
	y := s.Attention(query, key, value, graph.Attention{Heads: a.Heads, KeyHeads: a.KeyHeads, Causal: a.Causal, Dropout: a.Dropout})
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

// Over returns the layer as attention to another sequence (Vaswani et al. 2017, section 3.2.3): its input gives the queries, and
// memory, (batch, memory time, memory features), gives the keys and values. Padding, as in a mask of memory, is not attended to.
// With Causal, the last vector of the input attends to all of memory, and each vector before it to one less; Rotary is an error.
//
// Parameters: weight and bias, of the queries alone, (features, Heads·Size); memory_weight, (memory features, KeyHeads·(Size +
// ValueSize)), the columns of keys and values in this order; memory_bias, out_weight and out_bias.
func (a MultiHeadAttention) Over(memory graph.Node) graph.Layer { return multiHeadAttention{a, memory} }

// multiHeadAttention is named like MultiHeadAttention, since layers get their names from their types.
type multiHeadAttention struct {
	MultiHeadAttention
	memory graph.Node
}

// Unwrap returns the settings, by which two layers are compared that share parameters.
func (m multiHeadAttention) Unwrap() graph.Layer { return m.MultiHeadAttention }

// Emit implements graph.Layer.
func (m multiHeadAttention) Emit(s *graph.Scope, x graph.Node) graph.Node {
	a, x := m.checked(x)
	switch {
	case x.Err() != nil:
		return x
	case m.memory.Err() != nil:
		return m.memory
	case m.memory.Rank() != 3 || m.memory.Dim(0) != x.Dim(0):
		return x.Errorf("memory: got shape %v, want (batch, time, features) with a batch of %d", m.memory.Shape(), x.Dim(0))
	case a.Rotary:
		return x.Errorf("Rotary: got true for attention to another sequence, want false: places in two sequences do not compare")
	}
	queries, keys, values := a.widths()
	query, memory := a.linear(s, x, "", queries), a.linear(s, m.memory, "memory_", keys+values)
	return a.attend(s, query, memory.Slice(2, 0, keys), memory.Slice(2, keys, 0), x.Dim(2))
}
