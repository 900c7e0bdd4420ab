package graph

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Attention is the settings of Scope.Attention. The zero value is one head without masks.
type Attention struct {
	Heads    int     // number of heads; 0 means 1
	KeyHeads int     // number of heads of keys and values, a divisor of Heads: as many neighbouring heads use one; 0 means Heads
	Causal   bool    // the last query sees all keys, and each query before it one less
	Scale    float64 // factor of the products of queries and keys; 0 means 1/√size
	Dropout  float64 // in training, probability that a weight is set to 0; the others are divided by 1 - Dropout
}

// Attention returns scaled dot-product attention (Vaswani et al. 2017, section 3.2). query is (batch, queries, Heads·size), key is
// (batch, keys, KeyHeads·size) and value is (batch, keys, KeyHeads·valueSize): the features of the heads are side by side. The
// result, (batch, queries, Heads·valueSize), has for each head and query the mean of the values, weighted by
// softmax(Scale·query·key) over the keys that the query sees: no padding, if key or value has a mask, and with Causal no later
// ones. A query that sees no key gives 0, and so do its derivatives. The result has the mask of query. Keys and values in the padding
// must be finite, as in PyTorch: their weight is 0, and 0·NaN is NaN. See Node.Mask.
//
// Memory grows in proportion to the numbers of queries and keys: the scores are computed in blocks (Dao et al. 2022), for the
// derivative again. Only a derivative of the derivative holds all of them.
func (s *Scope) Attention(query, key, value Node, a Attention) Node {
	s.begin()
	d := ops.Attend{Heads: a.Heads, KeyHeads: a.KeyHeads, Causal: a.Causal, Offset: key.Dim(1) - query.Dim(1), Scale: a.Scale}
	if d.Heads == 0 {
		d.Heads = 1
	}
	if d.KeyHeads == 0 {
		d.KeyHeads = d.Heads
	}
	if !a.Causal {
		d.Offset = 0
	}
	switch {
	case query.err != nil:
		return query
	case d.Heads < 1 || d.KeyHeads < 1 || d.Heads%d.KeyHeads != 0:
		return query.fail("Attention", fmt.Errorf("got %d heads of queries and %d of keys, want a positive number and a divisor of it", d.Heads, d.KeyHeads))
	case math.IsNaN(a.Scale) || math.IsInf(a.Scale, 0):
		return query.fail("Attention", fmt.Errorf("Scale: got %v, want a finite number", a.Scale))
	case !(a.Dropout >= 0 && a.Dropout < 1):
		return query.fail("Attention", fmt.Errorf("Dropout: got %v, want at least 0 and less than 1", a.Dropout))
	}
	if a.Scale == 0 {
		d.Scale = 1 / math.Sqrt(float64(query.Dim(-1))/float64(d.Heads))
	}
	if a.Dropout > 0 && s.training {
		d.Keep, d.Key = 1-a.Dropout, s.noiseKey()
	}
	operands := []Node{key, value}
	if mask, ok := value.Mask(); ok {
		key = key.Masked(mask)
	}
	if mask, ok := key.Mask(); ok {
		operands = append(operands, mask)
	}
	y := query.emit("Attention", func(in []*ops.Node) (*ops.Node, error) {
		var mask *ops.Node
		if len(in) > 3 {
			mask = in[3]
		}
		return query.b.g.Attention(d, in[0], in[1], in[2], mask)
	}, operands...)
	if mask, ok := query.Mask(); ok {
		y = y.Masked(mask)
	}
	return y
}
