package graph

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A builder is the state of one graph under construction.
type builder struct {
	g         *ops.Graph
	store     *store
	training  bool   // the mode of the layer that is emitting
	idle      bool   // the model neither trains nor predicts in training mode
	outermost string // name of the network itself in errors, since its path is empty
	panicked  string // path of the layer whose code has panicked
	params    map[string]Node
	owners    map[string]*owner  // of params
	leaves    map[*ops.Node]bool // params
	root      *owner             // the network itself
	order     []string           // names of params, in the order of their first use
	inputs    map[string]Node    // the additional inputs
	used      map[string]bool    // the additional inputs that a layer has used
	outputs   map[string]Node    // the additional outputs
	noises    int                // calls of Scope.Noise so far
	penalties []Node
	penalized map[penaltyKey]bool // the penalties of parameters alone
	objective bool                // some other penalty
	logs      []namedNode
	states    builderStates
	scanned   map[*ops.Node]string // inputs of the steps of Scans: where they are
	stream    *streamBuild         // of a graph for a Stream, else nil
	layers    []*layerRecord
	latest    map[string]*layerRecord // the last application under each path
	depth     int
	limits    *limits // for an untrusted network, or nil
	err       error   // the first error
}

func newBuilder(st *store, training bool) *builder {
	b := &builder{
		g: ops.NewGraph(st.dtype), store: st, training: training, params: map[string]Node{}, states: builderStates{names: map[*ops.Node]string{}},
		owners: map[string]*owner{}, latest: map[string]*layerRecord{}, leaves: map[*ops.Node]bool{}, penalized: map[penaltyKey]bool{}, scanned: map[*ops.Node]string{}, root: new(owner), inputs: map[string]Node{}, used: map[string]bool{}, outputs: map[string]Node{},
	}
	switch {
	case st.trusted:
		b.limits = unlimited()
	case st.source != nil:
		b.limits = st.source.limits
		b.limits.begin()
	}
	return b
}

// scope returns the scope of the whole network.
func (b *builder) scope() *Scope {
	return &Scope{b: b, training: b.training, counts: map[string]int{}, owner: b.root}
}

// add adds a node to the graph by calling f. All nodes are added by it; they belong to the layer that is emitting.
func (b *builder) add(op string, f func() (*ops.Node, error)) Node {
	n, err := f()
	if err == nil {
		err = b.limits.spend(n)
	}
	if err != nil {
		return b.fail(op, err)
	}
	return Node{b: b, n: n}
}

// source is add for a node without operands.
func (b *builder) source(op string, d ops.Def) Node {
	return b.add(op, func() (*ops.Node, error) { return b.g.Apply(d) })
}

// apply is add for an op on nodes of the graph.
func (b *builder) apply(name string, d ops.Def, in ...*ops.Node) (*ops.Node, error) {
	x := b.add(name, func() (*ops.Node, error) { return b.g.Apply(d, in...) })
	return x.n, x.err
}

// input adds a node that gets its value when a program runs.
func (b *builder) input(name string, shape []int) Node {
	return b.add(name, func() (*ops.Node, error) { return b.g.Input(name, shape), nil })
}

// keep remembers the first error.
func (b *builder) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

// fail returns a node with the error "graph: layer: op: err" for the layer that is emitting, and keeps the error.
func (b *builder) fail(op string, err error) Node { return b.failAt(b.g.Where, op, err) }

// failAt is fail for the layer with the path where.
func (b *builder) failAt(where, op string, err error) Node {
	if where == "" {
		where = b.outermost
	}
	if where != "" {
		where += ": "
	}
	if op != "" {
		op += ": "
	}
	err = fmt.Errorf("graph: %s%s%w", where, op, err)
	b.keep(err)
	return Node{err: err}
}

// within calls f, whose nodes and errors belong to the layer with the path where.
func (b *builder) within(where string, f func() Node) Node {
	before := b.g.Where
	b.g.Where = where
	over := false
	defer func() {
		if b.g.Where = before; !over && b.panicked == "" { // the innermost layer is the first one here
			b.panicked = where
		}
	}()
	n := f()
	over = true
	return n
}

// failPanic is failAt for a panic, with the place in the source.
func (b *builder) failPanic(where string, err error) Node {
	if p := (*ops.Panic)(nil); errors.As(err, &p) && p.Place != "" {
		err = fmt.Errorf("%w (%s)", err, p.Place)
	}
	return b.failAt(where, "panic", err)
}

// A layerRecord describes one application of a layer, for the summary and Model.Sub.
type layerRecord struct {
	path   string
	kind   string
	layer  Layer
	depth  int
	in     []int // in the records of a Model, dimensions that vary are Any
	out    []int
	probes [][]int  // the shape in for each of Model.probes
	params []string // parameters first used by this layer itself, not by layers inside it
	leaf   bool     // no layer is applied inside it
	span   span
}

// A span is the part of a graph that one application of a layer emitted.
type span struct {
	in, out  *ops.Node
	from, to int64 // the nodes with numbers from <= n < to
}

// count returns the number of nodes, which is also the number that the next node gets.
func (b *builder) count() int64 { return int64(len(b.g.G.AllNodes())) }

// record applies a layer in its scope s and records the application.
func (b *builder) record(s *Scope, l Layer, x Node) Node {
	path := s.path
	if err := b.limits.spendName(path); err != nil {
		return b.fail("", err)
	}
	r := &layerRecord{path: path, kind: kindOf(l), layer: l, depth: b.depth, in: x.Shape(), leaf: true}
	for outer := folder(path); outer != ""; outer = folder(outer) {
		if l := b.latest[outer]; l != nil {
			l.leaf = false
		}
	}
	b.layers = append(b.layers, r)
	b.latest[path] = r
	r.span = span{in: x.n, from: b.count()}
	b.depth++
	y := b.emit(s, l, x)
	b.depth--
	if y.err != nil {
		b.keep(y.err)
		return y
	}
	r.out = y.Shape()
	r.span.out, r.span.to = y.n, b.count()
	return y
}

// emit validates a layer's settings and calls its Emit in the scope's mode.
func (b *builder) emit(s *Scope, l Layer, x Node) Node {
	if v, ok := l.(Validator); ok {
		if err := v.Validate(); err != nil {
			return b.fail("", err)
		}
	}
	before := b.training
	b.training = s.training
	defer func() { b.training = before }()
	y := l.Emit(s, x)
	if y.err == nil && y.b != b {
		return b.fail("Emit", errNoNode)
	}
	return y
}

// param returns the node of a parameter, which the store makes on first use. o is the application that uses it.
func (b *builder) param(o *owner, name string, init Initializer, shape []int, trained bool) Node {
	if b.err != nil {
		return Node{err: b.err}
	}
	if first, ok := b.owners[name]; ok {
		if err := first.shares(o, name); err != nil {
			return b.fail("Param", err)
		}
	}
	p, err := b.store.param(name, init, shape, trained)
	if err != nil {
		return b.fail("Param", err)
	}
	if n, ok := b.params[name]; ok {
		return n
	}
	n := b.input(name, p.shape)
	if n.err != nil {
		return n
	}
	b.params[name], b.owners[name], b.leaves[n.n] = n, o, true
	b.order = append(b.order, name)
	if l := b.latest[folder(name)]; l != nil {
		l.params = append(l.params, name)
	}
	return n
}

// folder returns the part of a full name before its last slash, "" if it has none.
func folder(name string) string {
	return name[:max(0, strings.LastIndexByte(name, '/'))]
}
