package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A body is the network of one step of a Scan.
type body struct {
	network
	states, xs []int // items
	next, outs []int // items
	trails     []int // for each of outs, the state whose values before and after each step it stands for, else -1
	steps      dim
	reverse    bool
}

// defOf returns the definition of the item's op in the first graph, nil for an input.
func defOf(it *item) ops.Def {
	if o := it.op(); o != nil {
		return o.Def
	}
	return nil
}

// joinBody sets the body of a Scan.
func (net *network) joinBody(it *item) error {
	b := &body{network: network{points: net.points, symbols: net.symbols}}
	count := len(it.nodes)
	nodes, index, steps := make([][]*ops.Node, count), make([]map[*ops.Node]int, count), make([]int, count)
	for i, n := range it.nodes {
		s := ops.Of(n).Def.(*ops.Scan)
		nodes[i] = slices.Concat(s.States, s.Xs, s.Captures)
		for _, n := range ops.Needed(slices.Concat(s.Next, s.Outs)...) {
			if ops.Of(n) != nil {
				nodes[i] = append(nodes[i], n)
			}
		}
		index[i] = map[*ops.Node]int{}
		for j, n := range nodes[i] {
			index[i][n] = j
		}
		indices := func(list []*ops.Node) (items []int) {
			for _, n := range list {
				items = append(items, index[i][n])
			}
			return items
		}
		trails := make([]int, len(s.Outs))
		for k, n := range s.Outs {
			trails[k] = slices.Index(s.States, n)
		}
		this := body{states: indices(s.States), xs: indices(s.Xs), next: indices(s.Next), outs: indices(s.Outs), trails: trails, reverse: s.Reverse}
		if i == 0 {
			b.states, b.xs, b.next, b.outs, b.trails, b.reverse = this.states, this.xs, this.next, this.outs, trails, s.Reverse
		}
		if !b.alike(&this) || len(nodes[i]) != len(nodes[0]) {
			return errDiffers(it.op().Where)
		}
		steps[i] = s.Steps
	}
	var ok bool
	if b.steps, ok = net.symbols.define(steps); !ok {
		return errDiffers(it.op().Where)
	}
	if err := b.setItems(nodes, index); err != nil {
		return err
	}
	for _, k := range slices.Concat(b.next, b.outs) {
		b.items[k].uses++
	}
	first := len(b.states) + len(b.xs)
	for k := first; k < len(it.in); k++ {
		b.items[k].capture, b.items[k].outer = true, it.in[k]
	}
	it.body = b
	return nil
}

// alike reports whether two bodies have the same inputs and outputs.
func (b *body) alike(c *body) bool {
	return slices.Equal(b.states, c.states) && slices.Equal(b.xs, c.xs) && slices.Equal(b.next, c.next) && slices.Equal(b.outs, c.outs) &&
		slices.Equal(b.trails, c.trails) && b.reverse == c.reverse
}
