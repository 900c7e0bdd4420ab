package graph

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// limits bound what an untrusted file may make the program build: proportional to the file's size, plus a fixed allowance for
// small files of large networks.
type limits struct {
	most      int    // nodes of a graph
	nodes     int    // left for this graph
	constants int    // elements of constants left
	text      int    // bytes of layers' names left
	size      int    // of the file, in bytes
	hint      string // what to do if the network is valid, and large
}

// newLimits returns the limits for a file whose description of the network has text bytes and whose parameters have data bytes.
func newLimits(text, data int, hint string) *limits {
	most := 1<<15 + text/16 + data/1024
	return &limits{most, most, 1<<22 + text + data, 1<<20 + text + data, text + data, hint}
}

// unlimited returns limits that nothing reaches.
func unlimited() *limits {
	const all = math.MaxInt / 2
	return &limits{most: all, nodes: all, constants: all, text: all, size: all}
}

// begin begins another graph of the same network.
func (l *limits) begin() { l.nodes = l.most }

// limited is friend.Limited.
func (s *Scope) limited(text, data int, hint string, f func(size int) Node) Node {
	if s.b.limits == nil {
		s.b.limits = newLimits(text, data, hint)
		defer func() { s.b.limits = nil }()
	}
	return f(s.b.limits.size)
}

// spend counts a node of a graph.
func (l *limits) spend(n *ops.Node) error {
	if l == nil {
		return nil
	}
	shape := ops.Shape(n)
	most := math.MaxInt >> 10
	for _, d := range shape {
		if d > 0 {
			most /= d
		}
	}
	switch l.nodes--; {
	case l.nodes < 0:
		return fmt.Errorf("the network has more operations than a file of this size may ask for; %s", l.hint)
	case len(shape) > 64 || most == 0:
		return fmt.Errorf("got shape %.100s, which is too large", fmt.Sprint(shape))
	}
	return nil
}

// spendConstant counts the elements of a constant.
func (l *limits) spendConstant(shape []int) error {
	if l == nil {
		return nil
	}
	left := l.constants
	for _, d := range shape {
		left /= max(d, 1)
	}
	if left == 0 {
		return fmt.Errorf("got a constant of shape %.100s: with it the constants are larger than a file of this size may ask for; %s", fmt.Sprint(shape), l.hint)
	}
	l.constants -= tensors.Size(shape)
	return nil
}

// spendName counts the name of a layer.
func (l *limits) spendName(name string) error {
	if l == nil {
		return nil
	}
	if l.text -= len(name); l.text < 0 {
		return fmt.Errorf("the names of the layers are longer than a file of this size may ask for; %s", l.hint)
	}
	return nil
}
