package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A Lowered graph is ready to run once it has its memory: it contains only needed nodes, ops are fused, and every op has its
// kernel and its place in the memory.
type Lowered struct {
	G       *gorgonia.ExprGraph
	Env     *Env
	Outputs []*Node // of G
	Words   int     // of Memory that Attach needs

	inputs map[*Node]*Node
	owners []placed // ops with an output of their own
}

// Input returns the lowered graph's node for an input of the original graph, nil if no output needs it.
func (l *Lowered) Input(n *Node) *Node { return l.inputs[n] }

// Forget forgets the original graph. Input must not be called afterwards.
func (l *Lowered) Forget() { l.inputs = nil }

// Value returns the value of output i after a run. The next run overwrites it.
func (l *Lowered) Value(i int) *tensor.Dense {
	if o := Of(l.Outputs[i]); o != nil {
		return o.out
	}
	v, _ := l.Outputs[i].Value().(*tensor.Dense)
	return v
}

// Lower copies the nodes that the outputs need into a new graph, with ops fused.
func Lower(g *Graph, outputs []*Node, env *Env) (*Lowered, error) {
	l := lowering{
		to:      NewGraph(g.DType),
		users:   map[*Node][]*Node{},
		keep:    map[*Node]bool{},
		inside:  map[*Node]bool{},
		fusions: map[*Node]*fusion{},
		done:    map[*Node]*Node{},
		result:  &Lowered{Env: env, inputs: map[*Node]*Node{}},
	}
	order := Needed(outputs...)
	for _, n := range order {
		if o := Of(n); o != nil {
			for _, in := range o.In {
				l.users[in] = append(l.users[in], n)
			}
		}
	}
	for _, n := range outputs {
		l.keep[n] = true
	}
	l.fuse(order)
	for _, n := range order {
		if !l.inside[n] {
			l.done[n] = l.lower(n)
		}
	}
	r := l.result
	r.G = l.to.G
	for _, n := range outputs {
		r.Outputs = append(r.Outputs, l.done[n])
	}
	return r, r.bind()
}

type lowering struct {
	to      *Graph
	users   map[*Node][]*Node // a user of x·x twice
	keep    map[*Node]bool    // outputs
	inside  map[*Node]bool    // nodes computed by the ops that use them
	fusions map[*Node]*fusion // of other nodes
	done    map[*Node]*Node   // the lowered nodes
	result  *Lowered
}

// lower adds the op that computes n.
func (l *lowering) lower(n *Node) *Node {
	o := Of(n)
	if o == nil {
		in := l.to.Input(n.Name(), Shape(n))
		l.result.inputs[n] = in
		return in
	}
	if f := l.fusions[n]; f != nil {
		return l.add(f.def, o, f.in)
	}
	return l.add(o.Def, o, o.In)
}

// add adds an op that computes what from does, of the original graph's nodes in.
func (l *lowering) add(d Def, from *Op, in []*Node) *Node {
	mapped := make([]*Node, len(in))
	for i, n := range in {
		mapped[i] = l.done[n]
	}
	l.to.Where = from.Where
	n := l.to.add(d, from.Shape, mapped)
	Of(n).env = l.result.Env
	return n
}

// bind gives each op its kernel, and its memory unless it shares its input's.
func (l *Lowered) bind() error {
	for _, n := range l.G.AllNodes() {
		if o := Of(n); o != nil {
			o.in32, o.in64 = make([][]float32, len(o.In)), make([][]float64, len(o.In))
			o.kernel = o.Bind(o)
		}
	}
	return l.plan()
}

// EnsureInput adds an unused input if the graph has no inputs, since gorgonia refuses to run such a graph.
func (l *Lowered) EnsureInput() error {
	if len(l.G.Inputs()) > 0 {
		return nil
	}
	g := Graph{G: l.G, DType: tensor.Float64}
	return gorgonia.Let(g.Input("nothing", []int{1}), dense([]int{1}, []float64{0}))
}
