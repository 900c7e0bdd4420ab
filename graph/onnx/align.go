package onnx

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/ops"
)

// An item is one node of the network, as it is in each graph.
type item struct {
	nodes   []*ops.Node
	name    string // name of an input or a parameter
	param   bool
	trained bool
	shape   shape
	in      []int // indices of its inputs among the items
	uses    int   // how often it is an input of other items or an output
	body    *body // of a Scan
	outer   int   // of a body's input that is the same at all times: the item of the network around
	capture bool  // it is such an input
}

// op returns the item's op in the first graph, nil for an input.
func (it *item) op() *ops.Op { return ops.Of(it.nodes[0]) }

// A network stores the items of a model, each after its inputs, and its ends.
type network struct {
	items           []item
	inputs, outputs []end
	points          []point
	symbols         *symbols
}

// An end is an input or an output of a network.
type end struct {
	name  string
	shape shape
	item  int // -1 for an unused input
}

// align builds the network for all points and joins the corresponding nodes in items.
func align(m *graph.Model) (*network, error) {
	points, list, err := build(m)
	if err != nil {
		return nil, err
	}
	nodes := make([][]*ops.Node, len(list))
	index := make([]map[*ops.Node]int, len(list))
	for i, e := range list {
		nodes[i], index[i] = e.Nodes(), map[*ops.Node]int{}
		for j, n := range nodes[i] {
			index[i][n] = j
		}
	}
	var names []string
	for _, in := range list[0].Inputs {
		names = append(names, in.Name)
	}
	net := &network{points: points, symbols: newSymbols(points, names)}
	if err := net.setItems(nodes, index); err != nil {
		return nil, err
	}
	for _, p := range list[0].Params {
		if j, ok := index[0][p.Node]; ok {
			net.items[j].name, net.items[j].param, net.items[j].trained = p.Name, true, p.Trained
		}
	}
	return net, net.setEnds(list, index[0])
}

// setItems joins the nodes of each graph, which come inputs before outputs.
func (net *network) setItems(nodes [][]*ops.Node, index []map[*ops.Node]int) error {
	net.items = make([]item, len(nodes[0]))
	for j := range net.items {
		it := &net.items[j]
		for i := range nodes {
			it.nodes = append(it.nodes, nodes[i][j])
		}
		if err := net.join(it, index); err != nil {
			return err
		}
		for _, k := range it.in {
			net.items[k].uses++
		}
	}
	return nil
}

// setEnds sets the inputs and the outputs.
func (net *network) setEnds(list []*ops.Expression, index map[*ops.Node]int) error {
	for k, in := range list[0].Inputs {
		j, ok := index[in.Node]
		if !ok {
			j = -1
		}
		var it item
		for _, e := range list {
			it.nodes = append(it.nodes, e.Inputs[k].Node)
		}
		if err := net.join(&it, make([]map[*ops.Node]int, len(list))); err != nil {
			return err
		}
		net.inputs = append(net.inputs, end{in.Name, it.shape, j})
	}
	for _, out := range list[0].Outputs {
		j := index[out.Node]
		net.items[j].uses++
		net.outputs = append(net.outputs, end{out.Name, net.items[j].shape, j})
	}
	return nil
}

// join sets the shape and the inputs of an item. They must be the same in all graphs, except for dimensions that depend on the
// batch, or on dimensions of the inputs that are graph.Any.
func (net *network) join(it *item, index []map[*ops.Node]int) error {
	first := it.op()
	where := ""
	if first != nil {
		where = first.Where
	}
	shapes := make([][]int, len(it.nodes))
	for i, n := range it.nodes {
		shapes[i] = ops.Shape(n)
		o := ops.Of(n)
		if (o == nil) != (first == nil) || len(shapes[i]) != len(shapes[0]) {
			return errDiffers(where)
		}
		if o == nil {
			continue
		}
		in := make([]int, len(o.In))
		for k, n := range o.In {
			in[k] = index[i][n]
		}
		if i == 0 {
			it.in = in
		} else if !slices.Equal(in, it.in) || reflect.TypeOf(o.Def) != reflect.TypeOf(first.Def) {
			return errDiffers(where)
		}
	}
	if _, ok := defOf(it).(*ops.Scan); ok { // its output is a list of parts, which has no shape of its own
		return net.joinBody(it)
	}
	for a := range shapes[0] {
		sizes := make([]int, len(shapes))
		for i, s := range shapes {
			sizes[i] = s[a]
		}
		d, ok := net.symbols.define(sizes)
		if !ok {
			what := "an input"
			if first != nil {
				what = first.Def.String()
			}
			return fmt.Errorf("%s: %s: got %s elements in dimension %d for batches of %d, want a constant or a multiple of the batch size",
				where, what, strings.ReplaceAll(strings.Trim(fmt.Sprint(sizes), "[]"), " ", ", "), a, net.symbols.list[0].sizes)
		}
		it.shape = append(it.shape, d)
	}
	return nil
}
