package ops

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A Graph is a gorgonia expression graph under construction. Equal ops of the same inputs become one node.
type Graph struct {
	G     *gorgonia.ExprGraph
	DType tensor.Dtype
	Where string // layer of the ops to be added, for errors of a run

	Params []*Node // inputs that change only when Packs.Changed is called

	seen    map[string]*Node
	count   uint32
	phase   Phase // of the ops to be added
	regions []region
	origin  map[*Node]*Node // the nodes that copies in regions stand for
}

// NewGraph returns an empty graph with the given element type.
func NewGraph(dt tensor.Dtype) *Graph {
	return &Graph{G: gorgonia.NewGraph(), DType: dt, seen: map[string]*Node{}, origin: map[*Node]*Node{}}
}

func typeOf(dt tensor.Dtype, shape []int) hm.Type {
	return gorgonia.TensorType{Dims: len(shape), Of: dt}
}

// Input adds a node whose value is fed before a run.
func (g *Graph) Input(name string, shape []int) *Node {
	g.count++
	return gorgonia.NewUniqueNode(gorgonia.In(g.G), gorgonia.WithType(typeOf(g.DType, shape)), gorgonia.WithShape(shape...),
		gorgonia.WithName(fmt.Sprintf("%s#%d", name, g.count)))
}

// Apply adds a node that applies d to the inputs, or returns the existing one.
func (g *Graph) Apply(d Def, in ...*Node) (*Node, error) {
	var key strings.Builder
	fmt.Fprintf(&key, "%T %s", d, d)
	shapes := make([][]int, len(in))
	for i, n := range in {
		shapes[i] = Shape(n)
		fmt.Fprintf(&key, " %d", n.ID())
	}
	if n, ok := g.seen[key.String()]; ok {
		return n, nil
	}
	shape, err := d.Infer(shapes)
	if err == nil {
		err = CheckSize(shape)
	}
	if err == nil {
		err = checkIndices(d, g.DType, shapes)
	}
	if err != nil {
		return nil, err
	}
	n := g.simplify(d, shape, in)
	if n == nil {
		n = g.add(d, shape, in)
	}
	g.seen[key.String()] = n
	return n, nil
}

func (g *Graph) add(d Def, shape []int, in []*Node) *Node {
	g.count++
	o := &Op{Def: d, In: in, Shape: shape, DType: g.DType, Where: g.Where, Phase: g.phase, graph: g, id: g.count}
	return opNode(g.G, o)
}

// opNode adds the node of an op. Its children are set after it is in the graph: for a node that has children when it is added,
// gorgonia searches the list of all nodes, so that building a graph takes time in the square of its nodes.
func opNode(g *gorgonia.ExprGraph, o *Op) *Node {
	n := gorgonia.NewUniqueNode(gorgonia.In(g), gorgonia.WithType(typeOf(o.DType, o.Shape)), gorgonia.WithOp(o), gorgonia.WithShape(o.Shape...))
	gorgonia.WithChildren(o.In)(n)
	return n
}

// Must is Apply for derivative rules, whose shapes always fit; it panics on an error, which is a bug in this package.
func (g *Graph) Must(d Def, in ...*Node) *Node {
	n, err := g.Apply(d, in...)
	if err != nil {
		panic(fmt.Errorf("ops: derivative rule: %s: %w", d, err))
	}
	return n
}

// Needed returns the given nodes and all nodes that they are computed from, inputs before outputs.
func Needed(roots ...*Node) []*Node {
	seen := map[*Node]bool{}
	var order []*Node
	stack := slices.Clone(roots)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		order = append(order, n)
		if o := Of(n); o != nil {
			stack = append(stack, o.In...)
		}
	}
	// A node is made after its inputs, so its identifier is larger than theirs.
	slices.SortFunc(order, func(a, b *Node) int { return int(a.ID() - b.ID()) })
	return order
}
