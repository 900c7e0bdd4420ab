package ops

import (
	"slices"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Lowered is a graph that is ready to run: nothing in it is unneeded, element-wise chains and product epilogues are fused,
// and every op has its kernel and its memory.
type Lowered struct {
	G       *gorgonia.ExprGraph
	Env     *Env
	Outputs []*Node // of G
	Bytes   int     // of the memory that the ops own

	inputs map[*Node]*Node
}

// Input returns the lowered graph's node for an input of the original one, nil if no output needs it.
func (l *Lowered) Input(n *Node) *Node { return l.inputs[n] }

// Value returns the value of an output after a run. The memory is the op's own: it changes in the next run.
func (l *Lowered) Value(i int) *tensor.Dense {
	if o := Of(l.Outputs[i]); o != nil {
		return o.out
	}
	v, _ := l.Outputs[i].Value().(*tensor.Dense)
	return v
}

// Lower copies what the outputs need into a fresh graph.
func Lower(g *Graph, outputs []*Node, env *Env) (*Lowered, error) {
	l := lowering{
		to:     NewGraph(g.DType),
		uses:   map[*Node]int{},
		keep:   map[*Node]bool{},
		done:   map[*Node]*Node{},
		result: &Lowered{Env: env, inputs: map[*Node]*Node{}},
	}
	order := sorted(outputs...)
	for _, n := range order {
		if o := Of(n); o != nil {
			for _, in := range o.In {
				l.uses[in]++
			}
		}
	}
	for _, n := range outputs {
		l.keep[n] = true
	}
	l.markFused(order)
	for _, n := range order {
		if !l.fused[n] {
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
	to     *Graph
	uses   map[*Node]int
	keep   map[*Node]bool  // outputs
	fused  map[*Node]bool  // computed inside the node that uses them
	done   map[*Node]*Node // the others, lowered
	result *Lowered
}

// lower adds one node that is not fused into another.
func (l *lowering) lower(n *Node) *Node {
	o := Of(n)
	if o == nil {
		in := l.to.Input(n.Name(), Shape(n))
		l.result.inputs[n] = in
		return in
	}
	if d, in, root := l.convPool(n); root != nil {
		return l.add(d, o, in)
	}
	if d, in, root := l.weightsPooled(n); root != nil {
		return l.add(d, o, in)
	}
	if isMap(n) {
		if a, in, ok := l.affine(n); ok {
			return l.add(a, o, in)
		}
		if d, in, grad := l.poolGrad(n); grad != nil {
			return l.add(d, o, in)
		}
		c := chainBuilder{l: l, number: map[*Node]int{}}
		c.build(n)
		return l.add(c.chain(), o, c.inputs)
	}
	if _, reshape := o.Def.(Reshape); reshape && l.fused[o.In[0]] { // a reduction gives its output the shape that is asked for
		return l.add(Of(o.In[0]).Def, o, Of(o.In[0]).In)
	}
	return l.add(o.Def, o, o.In)
}

// add adds an op that stands for from.
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

// bind gives each op its kernel and memory. Ops that share their input's memory have none.
func (l *Lowered) bind() error {
	for _, n := range l.G.AllNodes() {
		if o := Of(n); o != nil {
			o.in32, o.in64 = make([][]float32, len(o.In)), make([][]float64, len(o.In))
			o.kernel = o.Bind(o)
		}
	}
	return l.plan()
}

// isMap tells whether a node is element-wise: what a Chain can take in.
func isMap(n *Node) bool {
	if o := Of(n); o != nil {
		switch o.Def.(type) {
		case Map, Broadcast:
			return true
		}
	}
	return false
}

// markFused decides which nodes are computed inside the node that uses them: element-wise ones that a single element-wise
// node of the same shape uses, repetitions of any shape, and products whose epilogue that node becomes; convolutions that
// are pooled, and the gradients of poolings that the derivative by a convolution's weights needs.
func (l *lowering) markFused(order []*Node) {
	l.fused = map[*Node]bool{}
	users := map[*Node][]*Node{}
	for _, n := range order {
		if o := Of(n); o != nil {
			for _, in := range o.In {
				users[in] = append(users[in], n)
			}
		}
	}
	for _, n := range order {
		if l.keep[n] || !isMap(n) {
			continue
		}
		_, repeat := Of(n).Def.(Broadcast)
		fits := func(user *Node) bool { return isMap(user) && (repeat || slices.Equal(Shape(user), Shape(n))) }
		if u := users[n]; repeat && !slices.ContainsFunc(u, func(user *Node) bool { return !fits(user) }) || len(u) == 1 && fits(u[0]) {
			l.fused[n] = true
		}
	}
	for _, n := range order {
		if o := Of(n); o != nil && l.uses[n] == 1 && !l.keep[n] {
			_, reduce := o.Def.(Reduce)
			if _, reshape := Of(users[n][0]).Def.(Reshape); reduce && reshape {
				l.fused[n] = true
			}
		}
	}
	for _, n := range order {
		if isMap(n) && !l.fused[n] {
			if p := l.product(n); p != nil {
				l.fused[p], l.fused[unshaped(p)] = true, true
			}
			if _, _, grad := l.poolGrad(n); grad != nil {
				l.fused[grad], l.fused[unshaped(grad)] = true, true
			}
		}
	}
	for _, n := range order {
		if Of(n) == nil {
			continue
		}
		if _, _, root := l.convPool(n); root != nil {
			l.fused[root], l.fused[Of(n).In[0]] = true, true
		}
		if _, _, root := l.weightsPooled(n); root != nil {
			l.fused[root], l.fused[Of(n).In[1]] = true, true
		}
	}
}

// EnsureInput adds an input that nothing reads if the graph has none, since gorgonia refuses to run such a graph.
func (l *Lowered) EnsureInput() error {
	if len(l.G.Inputs()) > 0 {
		return nil
	}
	g := Graph{G: l.G, DType: tensor.Float64}
	return gorgonia.Let(g.Input("nothing", []int{1}), dense([]int{1}, []float64{0}))
}
