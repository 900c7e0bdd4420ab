package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// A Lowered graph is ready to run once it has its memory: it contains only needed nodes, ops are fused, and every op has its
// kernel and its place in the memory.
type Lowered struct {
	Env   *Env
	Words int // of Memory that Attach needs

	Settled int // words of memory that settled ops have, see settle
	Packed  int // words of the packed forms that ops have of their results

	dtype   tensor.Dtype
	inputs  map[*Node]*Input // by the nodes of the original graph
	list    []*Input
	ops     []*Op    // in the order in which they run
	outputs []output // in the order of Lower's argument
	owners  []placed // ops with an output of their own
	kept    []placed // settled ops with an output of their own
	keptIn  Memory
	version uint64 // of the parameters, when the settled ops ran
	repeats bool   // it is the body of a loop: ops without inputs run once, the others in each step
}

// An output is a node whose value can be read after a run.
type output struct {
	n     *Node
	value *Value
	t     *tensor.Dense // made when it is first read
}

// Input returns the input for a node of the original graph, nil if no output needs it.
func (l *Lowered) Input(n *Node) *Input { return l.inputs[n] }

// Forget forgets the original graph. Input must not be called afterwards.
func (l *Lowered) Forget() { l.inputs = nil }

// Ops returns the ops in the order in which they run.
func (l *Lowered) Ops() []*Op { return l.ops }

// Count returns the number of ops, with those inside loops.
func (l *Lowered) Count() int {
	n := len(l.ops)
	for _, o := range l.ops {
		if o.loop != nil {
			n += o.loop.count()
		}
	}
	return n
}

// Value returns the value of output i after a run. The next run overwrites it.
func (l *Lowered) Value(i int) *tensor.Dense {
	o := &l.outputs[i]
	switch {
	case o.t != nil && l.dtype == tensor.Float32:
		o.t.Raw = bytesOf(o.value.f32)
	case o.t != nil:
		o.t.Raw = bytesOf(o.value.f64)
	case l.dtype == tensor.Float32:
		o.t = dense(Shape(o.n), o.value.f32)
	default:
		o.t = dense(Shape(o.n), o.value.f64)
	}
	return o.t
}

// Lower copies the nodes that the outputs need into a new graph, with ops fused. The time that it takes is in proportion to the
// number of nodes.
func Lower(g *Graph, outputs []*Node, env *Env) *Lowered { return lower(g, outputs, env, false) }

// lower is Lower; repeats is a field of Lowered.
func lower(g *Graph, outputs []*Node, env *Env, repeats bool) *Lowered {
	order := Needed(outputs...)
	if env.Packs != nil && !repeats && len(g.origin) == 0 {
		if changed, ok := g.scaledConvs(order, outputs); ok {
			order, outputs = Needed(changed...), changed
		}
	}
	l := lowerInOrder(g, order, outputs, env, repeats)
	if l.Words >= againLimit && !repeats {
		if order, outputs, ok := g.thrifty(order, outputs, l.Words/256); ok {
			if less := lowerInOrder(g, order, outputs, env, false); less.Words < l.Words {
				return less
			}
		}
	}
	return l
}

// lowerInOrder lowers the nodes in order, inputs before outputs.
func lowerInOrder(g *Graph, order, outputs []*Node, env *Env, repeats bool) *Lowered {
	l := lowering{
		from:    g,
		to:      gorgonia.NewGraph(),
		users:   map[*Node][]*Node{},
		keep:    map[*Node]bool{},
		inside:  map[*Node]bool{},
		fusions: map[*Node]*fusion{},
		earlier: map[*Node][]*Node{},
		done:    map[*Node]*Node{},
		values:  map[*Node]*Value{},
		result:  &Lowered{Env: env, dtype: g.DType, inputs: map[*Node]*Input{}, repeats: repeats},
	}
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
	l.readers, l.kept = l.users, l.keep
	if len(g.origin) > 0 {
		l.countCopies(order)
	}
	l.settle(order)
	l.fuse(order)
	l.planScans(order)
	l.fill(order)
	for _, n := range order {
		for _, n := range append(l.earlier[n], n) {
			if !l.inside[n] && l.done[n] == nil {
				l.done[n] = l.lower(n)
				if o := Of(l.done[n]); o != nil {
					o.settled = l.settled[n]
				}
			}
		}
	}
	r := l.result
	for _, n := range outputs {
		m := l.done[n]
		r.outputs = append(r.outputs, output{n: m, value: l.values[m]})
	}
	r.placeSettled()
	l.plan()
	return r
}

type lowering struct {
	from    *Graph
	to      *gorgonia.ExprGraph
	count   uint32
	users   map[*Node][]*Node // a user of x·x twice
	keep    map[*Node]bool    // outputs
	readers map[*Node][]*Node // users of the node and of its copies, see countCopies
	kept    map[*Node]bool    // an output is the node or a copy
	inside  map[*Node]bool    // nodes computed by the ops that use them
	fusions map[*Node]*fusion // of other nodes
	earlier map[*Node][]*Node // nodes that are lowered just before this one
	pairs   map[*Node]*pair   // of nodes that one op computes together
	done    map[*Node]*Node   // the lowered nodes
	values  map[*Node]*Value  // of the lowered nodes
	nodes   []*Node           // of the ops, in their order
	scans   map[*Node]*scanPlan
	settled map[*Node]bool // see settle
	result  *Lowered
}

// lower adds the op that computes n.
func (l *lowering) lower(n *Node) *Node {
	o := Of(n)
	if o == nil {
		in := &Input{DType: l.result.dtype}
		l.result.inputs[n], l.result.list = in, append(l.result.list, in)
		l.values[n] = &in.value
		return n
	}
	if s := l.scans[n]; s != nil {
		return l.lowerScan(n, s)
	}
	if p := l.pairs[n]; p != nil {
		return l.lowerPair(n, p)
	}
	if f := l.fusions[n]; f != nil {
		m := l.add(f.def, o, f.in)
		if f.where != "" {
			Of(m).Where = f.where
		}
		return m
	}
	return l.add(o.Def, o, o.In)
}

// add adds an op that computes what from does, of the original graph's nodes in, with its kernel.
func (l *lowering) add(d Def, from *Op, in []*Node) *Node {
	k := len(in)
	o := &Op{Def: d, In: make([]*Node, k), Shape: from.Shape, DType: from.DType, Where: from.Where, Phase: from.Phase, env: l.result.Env}
	o.size = tensors.Size(o.Shape)
	o.args, o.in32, o.in64 = make([]*Value, k), make([][]float32, k), make([][]float64, k)
	for i, n := range in {
		o.In[i] = l.done[n]
		o.args[i] = l.values[o.In[i]]
		if l.settled[n] {
			o.weights += o.reads(i)
		}
	}
	o.kernel = o.Bind(o)
	l.count++
	o.id = l.count
	n := opNode(l.to, o)
	l.values[n] = &o.out
	l.result.ops = append(l.result.ops, o)
	l.nodes = append(l.nodes, n)
	return n
}
