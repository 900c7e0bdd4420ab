package onnx

import (
	"fmt"
	"sync"

	"github.com/nndiy/nndiy/graph"
)

// rowsKnown remembers whether the rows of a network stay apart, for each set of shapes.
type rowsKnown struct {
	sync.Mutex
	apart map[string]bool
}

// maxRowsKnown is the number of sets of shapes that are remembered.
const maxRowsKnown = 64

// emitBatch is emitRows for any batch. If the file declares the size of its batch, nothing in it need work for others: a Reshape to
// [1, -1] mixes the rows of a batch of 2. So the whole batch is computed at once only if the analysis of the graph shows that rows
// stay apart. Otherwise a loop computes one declared batch at a time.
func (n *Network) emitBatch(s *graph.Scope, inputs []graph.Node, known int) []graph.Node {
	size := inputs[0].Dim(0)
	if n.batch == 0 || n.batch == size || n.rowsApart(inputs) {
		return n.emitRows(s, inputs, known, 1)
	}
	if size%n.batch != 0 {
		return []graph.Node{inputs[0].Errorf("got a batch of %d, want a multiple of %d, the batch that the file declares: its nodes mix rows", size, n.batch)}
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

// rowsApart reports whether each row of the outputs depends on the same row of the inputs only, and in the same way for any batch.
func (n *Network) rowsApart(inputs []graph.Node) bool {
	var shapes [][]int
	for _, x := range inputs {
		shapes = append(shapes, x.Shape()[1:])
	}
	key := fmt.Sprint(shapes)
	n.apart.Lock()
	yes, ok := n.apart.apart[key]
	n.apart.Unlock()
	if ok {
		return yes
	}
	open := *n
	open.batch = 0
	cfg := graph.Config{Input: shapes[0], Inputs: map[string][]int{}}
	for i, in := range n.inputs[1:] {
		cfg.Inputs[inputName(in.name)] = shapes[1+i]
	}
	yes = apart(&open, cfg)
	n.apart.Lock()
	defer n.apart.Unlock()
	if len(n.apart.apart) >= maxRowsKnown {
		clear(n.apart.apart)
	}
	n.apart.apart[key] = yes
	return yes
}
