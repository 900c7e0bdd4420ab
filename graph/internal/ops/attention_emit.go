package ops

import (
	"fmt"
	"slices"
)

// Attention adds attention of the heads of a; the mask may be nil, and Attention sets the sizes, Sources and Masked. If keys and
// values, or all three, are slices that make up one node, that is the source, and nothing is copied.
func (g *Graph) Attention(a Attend, q, k, v, mask *Node) (*Node, error) {
	in := []*Node{q, k, v}
	for i, name := range []string{"query", "key", "value"} {
		if s := Shape(in[i]); len(s) != 3 {
			return nil, fmt.Errorf("%s: got shape %v, want (batch, time, features)", name, s)
		}
	}
	sq, sk, sv := Shape(q), Shape(k), Shape(v)
	switch {
	case a.Heads < 1 || sq[2]%a.Heads != 0:
		return nil, fmt.Errorf("query: got %d features and %d heads, want a multiple of the heads", sq[2], a.Heads)
	case a.KeyHeads < 1 || a.Heads%a.KeyHeads != 0:
		return nil, fmt.Errorf("got %d heads of keys, want a divisor of the %d heads of queries", a.KeyHeads, a.Heads)
	case sk[2] != sq[2]/a.Heads*a.KeyHeads:
		return nil, fmt.Errorf("key: got %d features, want %d: %d heads of %d, as of the query", sk[2], sq[2]/a.Heads*a.KeyHeads, a.KeyHeads, sq[2]/a.Heads)
	case sv[2]%a.KeyHeads != 0:
		return nil, fmt.Errorf("value: got %d features, want a multiple of the %d heads of keys", sv[2], a.KeyHeads)
	case sk[0] != sq[0] || sv[0] != sq[0]:
		return nil, fmt.Errorf("got batches of %d queries, %d keys and %d values, want equal ones", sq[0], sk[0], sv[0])
	case sv[1] != sk[1]:
		return nil, fmt.Errorf("got %d keys and %d values, want as many", sk[1], sv[1])
	case mask != nil && !slices.Equal(Shape(mask), sk[:2]):
		return nil, fmt.Errorf("mask: got shape %v, want %v, (batch, keys)", Shape(mask), sk[:2])
	}
	a.Size, a.ValueSize = sq[2]/a.Heads, sv[2]/a.KeyHeads
	if x := sideBySide(q, k, v); x != nil {
		in = []*Node{x}
	} else if x := sideBySide(k, v); x != nil {
		in = []*Node{q, x}
	}
	if a.Sources = len(in); mask != nil {
		a.Masked = true
		in = append(in, mask)
	}
	flat, err := g.Apply(a, in...)
	if err != nil {
		return nil, err
	}
	return g.Apply(Attention{a}, append([]*Node{flat}, in...)...)
}

// sideBySide returns the node that the given ones are slices of along dimension 2, one after the other and nothing left; nil if
// there is none.
func sideBySide(parts ...*Node) *Node {
	var x *Node
	at := 0
	for _, n := range parts {
		o := Of(n)
		if o == nil {
			return nil
		}
		s, ok := o.Def.(Slice)
		if !ok || s.Axis != 2 || s.From != at || x != nil && o.In[0] != x {
			return nil
		}
		x, at = o.In[0], s.To
	}
	if at != Shape(x)[2] {
		return nil
	}
	return x
}
