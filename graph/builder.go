package graph

import (
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A builder is the state of one graph under construction.
type builder struct {
	g         *ops.Graph
	store     *store
	training  bool
	where     string // full name of the layer that is emitting
	outermost string // what errors call the network itself, while it emits, whose name is empty
	params    map[string]Node
	order     []string        // names of params, in the order of their first use
	inputs    map[string]Node // beside the main one
	used      map[string]bool // of the inputs
	outputs   map[string]Node // beside the main one
	noises    int
	penalties []Node
	states    map[*ops.Node]string // the nodes of states and of their new values, with the states' names
	updates   []update
	layers    []*layerRecord
	spans     []span // of layers, for pictures
	depth     int
	limits    *limits // of a network that is not trusted, or nil
	err       error   // the first one
}

func newBuilder(st *store, training bool) *builder {
	b := &builder{
		g: ops.NewGraph(st.dtype), store: st, training: training, params: map[string]Node{}, states: map[*ops.Node]string{},
		inputs: map[string]Node{}, used: map[string]bool{}, outputs: map[string]Node{},
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

func (b *builder) scope(path string) *Scope {
	return &Scope{b: b, path: path, counts: map[string]int{}}
}

// keep remembers the first error.
func (b *builder) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *builder) fail(op string, err error) Node { return b.failAt(b.where, op, err) }

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

// within runs f while errors are blamed on the layer of the given name.
func (b *builder) within(where string, f func() Node) Node {
	before := b.where
	b.where = where
	defer func() { b.where = before }()
	return f()
}

// A layerRecord is what the summary and Model.Sub know of one application of a layer.
type layerRecord struct {
	path   string
	kind   string
	layer  Layer
	depth  int
	in     []int
	out    []int
	params []string // used first by this layer itself, not by layers within it
	leaf   bool
}

// record applies a layer and remembers it.
func (b *builder) record(path string, l Layer, x Node) Node {
	if err := b.limits.spendName(path); err != nil {
		return b.fail("", err)
	}
	r := &layerRecord{path: path, kind: kindOf(l), layer: l, depth: b.depth, in: x.Shape(), leaf: true}
	for _, outer := range b.layers {
		if strings.HasPrefix(path, outer.path+"/") {
			outer.leaf = false
		}
	}
	b.layers, b.spans = append(b.layers, r), append(b.spans, span{in: x.n, from: b.count()})
	at := len(b.spans) - 1
	b.depth++
	y := l.Emit((&Scope{b: b}).child(path), x)
	b.depth--
	if y.err != nil {
		b.keep(y.err)
		return y
	}
	if y.b != b {
		return b.fail("Emit", errNoNode)
	}
	r.out = y.Shape()
	b.spans[at].out, b.spans[at].to = y.n, b.count()
	return y
}

// param returns the node of a parameter; the store makes the parameter when it is asked for the first time.
func (b *builder) param(name string, init Initializer, shape []int, trained bool) Node {
	if b.err != nil {
		return Node{err: b.err}
	}
	p, err := b.store.param(name, init, shape, trained)
	if err != nil {
		return b.fail("Param", err)
	}
	if n, ok := b.params[name]; ok {
		return n
	}
	n := Node{b: b, n: b.g.Input(name, p.shape)}
	b.params[name] = n
	b.order = append(b.order, name)
	for i := len(b.layers) - 1; i >= 0; i-- {
		if l := b.layers[i]; strings.HasPrefix(name, l.path+"/") && !strings.Contains(name[len(l.path)+1:], "/") {
			l.params = append(l.params, name)
			break
		}
	}
	return n
}

// hashString returns the FNV-1a hash of a string.
func hashString(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}
