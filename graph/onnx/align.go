package onnx

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/ops"
)

// batches are the batch sizes that a network is built for, to find what depends on them. They are primes, so that a
// dimension is unlikely to be a multiple of them by chance.
var batches = [...]int{211, 307, 401}

// An item is one node of the network, as it is in each graph.
type item struct {
	nodes   [len(batches)]*ops.Node
	name    string // name of an input or a parameter
	param   bool
	trained bool
	shape   shape
	in      []int // indices of its inputs among the items
	uses    int   // how often it is an input of other items or an output
}

// op returns the item's op in the first graph, nil for an input.
func (it *item) op() *ops.Op { return ops.Of(it.nodes[0]) }

// A dim is a dimension: size, or size times the batch size if batch is set.
type dim struct {
	size  int
	batch bool
}

type shape []dim

// dimOf returns the dimension with the given sizes, one per batch size, and whether there is one.
func dimOf(sizes [len(batches)]int) (dim, bool) {
	same, proportional := true, true
	for i, n := range sizes {
		same = same && n == sizes[0]
		proportional = proportional && n%batches[i] == 0 && n/batches[i] == sizes[0]/batches[0]
	}
	if proportional && sizes[0] > 0 {
		return dim{sizes[0] / batches[0], true}, true
	}
	return dim{size: sizes[0]}, same
}

// A network stores the items of a model, each after its inputs, and its ends.
type network struct {
	items           []item
	inputs, outputs []end
}

// An end is an input or an output of a network.
type end struct {
	name  string
	shape shape
	item  int // -1 for an unused input
}

// align builds the network for all batch sizes and joins the corresponding nodes in items.
func align(m *graph.Model) (*network, error) {
	var list [len(batches)]*ops.Expression
	var nodes [len(batches)][]*ops.Node
	var index [len(batches)]map[*ops.Node]int
	for i, n := range batches {
		var err error
		if list[i], err = expression(m, n, probes(m)[0]); err != nil {
			return nil, err
		}
		nodes[i], index[i] = list[i].Nodes(), map[*ops.Node]int{}
		for j, n := range nodes[i] {
			index[i][n] = j
		}
		if len(nodes[i]) != len(nodes[0]) {
			return nil, errDiffers("")
		}
	}
	net := &network{items: make([]item, len(nodes[0]))}
	for j := range net.items {
		it := &net.items[j]
		for i := range batches {
			it.nodes[i] = nodes[i][j]
		}
		if err := it.join(index); err != nil {
			return nil, err
		}
		for _, k := range it.in {
			net.items[k].uses++
		}
	}
	for _, p := range list[0].Params {
		if j, ok := index[0][p.Node]; ok {
			net.items[j].name, net.items[j].param, net.items[j].trained = p.Name, true, p.Trained
		}
	}
	return net, net.setEnds(list, index[0])
}

// setEnds sets the inputs and the outputs.
func (net *network) setEnds(list [len(batches)]*ops.Expression, index map[*ops.Node]int) error {
	for k, in := range list[0].Inputs {
		j, ok := index[in.Node]
		if !ok {
			j = -1
		}
		it := item{nodes: [...]*ops.Node{in.Node, list[1].Inputs[k].Node, list[2].Inputs[k].Node}}
		if err := it.join([len(batches)]map[*ops.Node]int{}); err != nil {
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

func errDiffers(where string) error {
	if where != "" {
		where += ": "
	}
	return fmt.Errorf("%sgot different graphs for batches of %d and %d, want the same operations for any batch size",
		where, batches[0], batches[1])
}

// join sets the shape and the inputs. They must be the same in all graphs, except for dimensions proportional to the batch
// size.
func (it *item) join(index [len(batches)]map[*ops.Node]int) error {
	first := it.op()
	where := ""
	if first != nil {
		where = first.Where
	}
	var shapes [len(batches)][]int
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
	for a := range shapes[0] {
		d, ok := dimOf([...]int{shapes[0][a], shapes[1][a], shapes[2][a]})
		if !ok {
			what := "an input"
			if first != nil {
				what = first.Def.String()
			}
			return fmt.Errorf("%s: %s: got %d, %d, %d elements in dimension %d for batches of %v, want a constant or a multiple of the batch size",
				where, what, shapes[0][a], shapes[1][a], shapes[2][a], a, batches)
		}
		it.shape = append(it.shape, d)
	}
	return nil
}
