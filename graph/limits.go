package graph

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// limits are what a network of a file, which is not trusted, may still ask for: in proportion to the file's size, beyond what
// small files of large networks may need.
type limits struct {
	most      int    // nodes of a graph
	nodes     int    // to add to the graph
	constants int    // elements of constants
	text      int    // bytes of the names of layers
	size      int    // of the file
	otherwise string // what to do where the network is right, and large
}

// newLimits returns the limits for a file with so many bytes of text, which says what the network is, and of parameters.
func newLimits(text, data int, otherwise string) *limits {
	most := 1<<15 + text/16 + data/1024
	return &limits{most, most, 1<<22 + text + data, 1<<20 + text + data, text + data, otherwise}
}

// unlimited returns limits that nothing reaches.
func unlimited() *limits {
	const all = math.MaxInt / 2
	return &limits{most: all, nodes: all, constants: all, text: all, size: all}
}

// begin begins another graph of the same network.
func (l *limits) begin() { l.nodes = l.most }

// Limited calls f with a limit on the nodes and constants that it may add to the graph, for a layer that was read from a file
// which is not trusted. The limit is in proportion to the file's size in bytes: text is what describes the network, data its
// parameters. What goes beyond it is an error that ends with otherwise, which tells the user what to do instead. Within a model
// that Open makes, the limit of the model's file holds. f is given the size that counts, text + data of that file.
func (s *Scope) Limited(text, data int, otherwise string, f func(size int) Node) Node {
	if s.b.limits == nil {
		s.b.limits = newLimits(text, data, otherwise)
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
		return fmt.Errorf("the network has more operations than a file of this size may ask for; %s", l.otherwise)
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
		return fmt.Errorf("got a constant of shape %.100s: with it the constants are larger than a file of this size may ask for; %s", fmt.Sprint(shape), l.otherwise)
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
		return fmt.Errorf("the names of the layers are longer than a file of this size may ask for; %s", l.otherwise)
	}
	return nil
}
