package eval

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A frame is one execution of a graph.
type frame struct {
	*run
	program *Program
	graph   *graph
	values  []*Tensor       // by slot
	own     []bool          // slots of the values that its nodes made, which count in live
	held    []list[float32] // by slot: elements that are used again when they are spent; nil if any value may be asked for
	outer   *frame
	call    call      // of the node under way
	args    []*Tensor // its inputs
	at      int       // the node under way
	place   uint64    // of the frame in the run: of the nodes and steps that its graph is nested in; 0 for the main graph
}

func (r *run) frame(p *Program, g *graph, outer *frame) *frame {
	return &frame{run: r, program: p, graph: g, values: slices.Clone(g.initial), own: make([]bool, len(g.initial)), outer: outer}
}

// outputs runs the needed nodes, and returns values.
func (f *frame) outputs(list []ref, needed []bool) ([]*Tensor, error) {
	g := f.graph
	if slices.Equal(list, g.outputs) {
		f.hold()
	}
	for i, n := range g.nodes {
		if needed[i] {
			if err := f.all(n); err != nil {
				return nil, err
			}
		}
		for _, slot := range n.last {
			if !slices.Contains(list, ref{0, slot}) {
				f.drop(slot)
			}
		}
		f.free(n)
	}
	out := make([]*Tensor, len(list))
	for i, r := range list {
		if out[i] = f.value(r); out[i] == nil {
			return nil, fmt.Errorf("output %d: got no value, since its operator does not compute it", i+1)
		}
	}
	for slot := range f.own {
		f.drop(slot)
	}
	return out, nil
}

// all runs a node, or those of a group one by one if they cannot run as one.
func (f *frame) all(n *node) error {
	f.at = n.index
	if n.group != nil {
		if f.held != nil && f.node(n) == nil {
			return nil
		}
		for _, m := range n.group.nodes {
			if err := f.all(m); err != nil {
				return err
			}
		}
		return nil
	}
	if err := f.node(n); err != nil {
		return fmt.Errorf("%s: %w", place(n.Node), err)
	}
	return nil
}

func (f *frame) drop(slot int) {
	if f.own[slot] {
		f.live -= f.values[slot].bytes()
		f.own[slot] = false
	}
	f.values[slot] = nil
}

// value returns a value of the frame or of one around it, nil if there is none.
func (f *frame) value(r ref) *Tensor {
	if r.slot < 0 {
		return nil
	}
	for range r.up {
		f = f.outer
	}
	return f.values[r.slot]
}

var errApart = errors.New("got a group whose nodes run one by one")

// node runs a node. What is the same in all runs is computed once.
func (f *frame) node(n *node) (err error) {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	if saved := n.saved.Load(); saved != nil {
		for i, t := range *saved {
			if slot := n.slot(i); slot >= 0 {
				f.values[slot] = t
			}
		}
		return nil
	}
	before := f.pending
	defer func() {
		f.pending = before
		switch r := recover().(type) {
		case nil:
		case failure:
			err = r.error
		case runtime.Error:
			err = fmt.Errorf("got inputs that the operator does not expect, want others: %w", r)
		default:
			panic(r)
		}
	}()
	if cap(f.args) < len(n.in) {
		f.args = make([]*Tensor, 2*len(n.in)+4)
	}
	c := &f.call
	*c = call{frame: f, node: n, opset: f.program.opset, inputs: f.args[:len(n.in)]}
	real := proto.ElementType(0) // the type of the first input of floating-point numbers, which a result of such numbers has too
	for i, r := range n.in {
		t := f.value(r)
		if t == nil && r.slot >= 0 {
			return fmt.Errorf("input %.64q: got no value, since its operator does not compute it", n.Inputs[i])
		}
		if t != nil && !n.raw && isFloat(t) {
			if real == 0 {
				real = t.Type()
			}
			if isHalf(t.Type()) {
				t = t.as(proto.Float32)
			}
		}
		c.inputs[i] = t
	}
	f.spend(nodeWork)
	out := n.run(c)
	if out == nil && n.group != nil {
		return errApart
	}
	if Spoil {
		checkShares(n, c.inputs, out)
	}
	bytes := 0
	for i, t := range out {
		slot := n.slot(i)
		if slot < 0 {
			continue
		}
		if t == nil {
			return fmt.Errorf("output %d: got no value, since an input that it needs is omitted", i+1)
		}
		if isHalf(real) && t.Type() == proto.Float32 {
			t = t.as(real)
			out[i] = t
		}
		f.values[slot], f.own[slot] = t, true
		bytes += t.bytes()
	}
	f.live += bytes
	if f.live > f.limit {
		return errMemory
	}
	f.keep(n)
	if n.fixed && (n.Operator == "Constant" || f.program.afford(bytes)) { // a Constant takes what an initializer does
		kept := slices.Clone(out)
		n.saved.Store(&kept)
	}
	return nil
}

// slot returns the slot of an output, -1 if it is not used.
func (n *node) slot(i int) int {
	if i < len(n.out) {
		return n.out[i]
	}
	return -1
}

// afford takes bytes for what the program keeps between runs. It reports whether there were enough left.
func (p *Program) afford(bytes int) bool {
	if p.spare.Add(-int64(bytes)) >= 0 {
		return true
	}
	p.spare.Add(int64(bytes))
	return false
}
