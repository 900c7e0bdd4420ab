package graph

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// limits bound what an untrusted file may make the program build: proportional to the file's size, plus a fixed allowance
// for small files of large networks.
type limits struct {
	most      int    // nodes allowed in a graph
	nodes     int    // nodes left for this graph
	constants int    // elements of constants left
	text      int    // bytes of layer names left
	size      int    // size of the file in bytes
	hint      string // the end of errors: how to read a valid network that exceeds a limit
}

// newLimits returns the limits for a file that describes the network in text bytes and stores parameters in data bytes.
func newLimits(text, data int, hint string) *limits {
	most := 1<<15 + text/16 + data/1024
	return &limits{most, most, 1<<22 + text + data, 1<<20 + text + data, text + data, hint}
}

// unlimited returns limits that no network reaches.
func unlimited() *limits {
	const all = math.MaxInt / 2
	return &limits{most: all, nodes: all, constants: all, text: all, size: all}
}

// begin resets the count of nodes for another graph of the same network.
func (l *limits) begin() { l.nodes = l.most }

// limited implements friend.Limited.
func (s *Scope) limited(text, data int, hint string, f func(size int) Node) Node {
	s.begin()
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
	const most = math.MaxInt >> 10
	shape, left := ops.Shape(n), most
	for _, d := range shape {
		if d > 0 {
			left /= d
		}
	}
	switch l.nodes--; {
	case l.nodes < 0:
		return fmt.Errorf("got more than %d operations, want no more for a file of this size; %s", l.most, l.hint)
	case len(shape) > 64 || left == 0:
		return fmt.Errorf("got shape %.100s, want at most 64 dimensions and %d elements", fmt.Sprint(shape), most)
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
		return fmt.Errorf("got a constant of shape %.100s, want at most %d more elements in constants for a file of this size; %s",
			fmt.Sprint(shape), l.constants, l.hint)
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
		return fmt.Errorf("got a layer name of %d bytes, want at most %d more for a file of this size; %s", len(name), max(0, l.text+len(name)), l.hint)
	}
	return nil
}
