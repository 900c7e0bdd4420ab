package onnx

import (
	"fmt"
	"slices"
	"sync"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// rowsKnown remembers how a network computes other batches than the one that its file declares, for each set of shapes.
type rowsKnown struct {
	sync.Mutex
	whole map[string]*Network // computes a whole batch at once; nil if the rows do not stay apart
}

// maxRowsKnown is the number of sets of shapes that are remembered.
const maxRowsKnown = 64

// emitBatch is emitRows for any batch. If the file declares the size of its batch, nothing in it need work for others: a Reshape to
// [1, -1] mixes the rows of a batch of 2. So the whole batch is computed at once only if the analysis of the graph shows that rows
// stay apart, as they are or with constant shapes that grow with the batch. Otherwise a loop computes one declared batch at a time.
func (n *Network) emitBatch(s *graph.Scope, inputs []graph.Node, known int) []graph.Node {
	size := inputs[0].Dim(0)
	if n.batch == 0 || n.batch == size {
		return n.emitRows(s, inputs, known, 0)
	}
	if whole := n.whole(inputs); whole != nil {
		return whole.emitRows(s, inputs, known, 0)
	}
	if size%n.batch != 0 {
		return []graph.Node{inputs[0].Errorf("got a batch of %d, want a multiple of %d, the batch that the file declares, since its nodes mix rows: "+wantOpen, size, n.batch)}
	}
	pieces := make([]graph.Node, len(inputs))
	for i, x := range inputs {
		pieces[i] = x.Reshape(append([]int{size / n.batch, n.batch}, x.Shape()[1:]...)...)
	}
	var failed graph.Node
	_, outs := s.Scan(nil, pieces, func(s *graph.Scope, _, x []graph.Node) (_, out []graph.Node) {
		list := n.emitRows(s, x, known, size/n.batch)
		for i, y := range list {
			if y.Err() == nil && (y.Rank() == 0 || y.Dim(0) != n.batch) {
				list[0] = y.Errorf("output %.64s: got shape %v, want the batch of %d as the first dimension", n.outputs[i], y.Shape(), n.batch)
			}
		}
		if failed = list[0]; failed.Err() != nil {
			return nil, list[:1]
		}
		return nil, list
	})
	if failed.Err() != nil {
		return []graph.Node{failed}
	}
	for i, y := range outs {
		if y.Err() == nil {
			outs[i] = y.Reshape(append([]int{size}, y.Shape()[2:]...)...)
		}
	}
	return outs
}

// wantOpen is the advice in errors about a declared batch.
const wantOpen = "export the file with an open batch, which is dynamic_axes or dynamic_shapes in PyTorch, or run it by Load without training"

// whole returns a network that computes a whole batch of any size at once: each row of its outputs depends on the same row of the
// inputs only, and in the same way for any batch. It returns nil if there is none.
func (n *Network) whole(inputs []graph.Node) *Network {
	var shapes [][]int
	for _, x := range inputs {
		shapes = append(shapes, x.Shape()[1:])
	}
	key := fmt.Sprint(shapes)
	n.apart.Lock()
	whole, ok := n.apart.whole[key]
	n.apart.Unlock()
	if ok {
		return whole
	}
	cfg := graph.Config{Input: shapes[0], Inputs: map[string][]int{}}
	for i, name := range n.inputNames() {
		cfg.Inputs[name] = shapes[1+i]
	}
	for _, g := range []*growth{nil, {declared: n.batch, follows: map[*proto.Node]bool{}, open: true}} {
		w := *n
		w.batch, w.shapes = 0, g
		if apart(&w, cfg) && g.known() {
			whole = &w
			break
		}
	}
	n.apart.Lock()
	defer n.apart.Unlock()
	if len(n.apart.whole) >= maxRowsKnown {
		clear(n.apart.whole)
	}
	n.apart.whole[key] = whole
	return whole
}

// A growth says which nodes reshape to constant shapes that grow with the batch, since they hold the declared one. Whether that is
// right is known from the analysis of the whole graph: for the declared batch it changes nothing, and rows stay apart.
type growth struct {
	declared int
	follows  map[*proto.Node]bool
	open     bool // follows is not known yet: the graphs that are analyzed tell
	differs  bool // a node follows one batch and not another
}

// known ends the analysis, and reports whether each node follows all batches or none.
func (g *growth) known() bool {
	if g == nil {
		return true
	}
	g.open = false
	return !g.differs
}

// grow changes the constant shape to which a node reshapes elements, if it grows with the batch: one that begins with the declared
// batch, or with a multiple of it if no size is open.
func (g *growth) grow(node *proto.Node, to []int, elements, batch int) {
	if g == nil || len(to) == 0 || to[0] < 1 {
		return
	}
	if g.open { // the batch is a prime that no other size is likely to have as a factor
		follows := elements%batch == 0 && (to[0] == g.declared || to[0]%g.declared == 0 && !slices.Contains(to, -1))
		if before, ok := g.follows[node]; ok && before != follows {
			g.differs = true
		}
		g.follows[node] = follows
	}
	if g.follows[node] {
		to[0] = to[0] / g.declared * batch
	}
}
