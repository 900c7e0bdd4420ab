package eval

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// Limits bound what one run of a file that is not trusted may take.
type Limits struct {
	Bytes int // of all values that exist at one time
	Work  int // roughly the elements that are read, written and multiplied
}

// Inputs and Outputs return the declarations of the file.
func (p *Program) Inputs() []proto.Value  { return p.inputs }
func (p *Program) Outputs() []proto.Value { return p.outputs }

// Constant returns an initializer of the main graph, nil if there is none of this name.
func (p *Program) Constant(name string) *Tensor { return p.main.constants[name] }

// A run is one execution of a program.
type run struct {
	ctx     context.Context
	live    int // bytes of the values that exist
	pending int // bytes that the node under way has reserved
	work    int // that is left
	limit   int // of live and pending
	seed    uint64
	depth   int // of nested graphs
}

// A frame is one execution of a graph.
type frame struct {
	*run
	program *Program
	graph   *graph
	values  map[string]*Tensor
	own     map[string]bool // names of the values that its nodes made, which count in live
	outer   *frame
	at      int // the node under way
}

// Run computes outputs of the main graph. Values of initializers may be replaced by inputs of the same name.
func (p *Program) Run(ctx context.Context, inputs map[string]*Tensor, outputs []string, limits Limits, seed uint64) ([]*Tensor, error) {
	f := &frame{run: &run{ctx: ctx, work: limits.Work, limit: limits.Bytes, seed: seed}, program: p, graph: p.main, values: map[string]*Tensor{}, own: map[string]bool{}}
	for name, t := range inputs {
		f.values[name] = t
		f.live += t.bytes()
	}
	defer runtime.KeepAlive(p) // and what its constants are a part of
	return f.outputs(outputs)
}

// outputs runs the nodes that some outputs need, and returns these.
func (f *frame) outputs(names []string) ([]*Tensor, error) {
	g := f.graph
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	keep := wanted
	needed := make([]bool, len(g.nodes))
	uses := map[string]bool{}
	for name := range wanted {
		uses[name] = true
	}
	for i := len(g.nodes) - 1; i >= 0; i-- {
		for _, name := range g.nodes[i].Outputs {
			needed[i] = needed[i] || name != "" && uses[name]
		}
		if needed[i] {
			for _, list := range [][]string{g.nodes[i].Inputs, g.captures[i]} {
				for _, name := range list {
					uses[name] = true
				}
			}
		}
	}
	for i := range g.nodes {
		if needed[i] {
			f.at = i
			if err := f.node(&g.nodes[i]); err != nil {
				return nil, fmt.Errorf("%s: %w", place(&g.nodes[i]), err)
			}
		}
		for _, name := range g.last[i] {
			if !keep[name] {
				f.drop(name)
			}
		}
	}
	out := make([]*Tensor, len(names))
	for i, name := range names {
		if out[i] = f.lookup(name); out[i] == nil {
			return nil, fmt.Errorf("output %.64q: got no value", name)
		}
	}
	for name := range f.own {
		f.drop(name)
	}
	return out, nil
}

func (f *frame) drop(name string) {
	if f.own[name] {
		f.live -= f.values[name].bytes()
		delete(f.own, name)
		delete(f.values, name)
	}
}

func (f *frame) lookup(name string) *Tensor {
	for ; f != nil; f = f.outer {
		if t := f.values[name]; t != nil {
			return t
		}
		if t := f.graph.constants[name]; t != nil {
			return t
		}
	}
	return nil
}

// node runs a node.
func (f *frame) node(node *proto.Node) (err error) {
	if err := f.ctx.Err(); err != nil {
		return err
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
	o := operators[node.Operator]
	c := &call{frame: f, node: node, opset: f.program.opset}
	half := proto.ElementType(0)
	for _, name := range node.Inputs {
		t := f.lookup(name)
		if t == nil && name != "" {
			return fmt.Errorf("input %.64q: got no value", name)
		}
		if t != nil && !o.raw && isHalf(t.Type()) {
			if half == 0 {
				half = t.Type()
			}
			t = t.as(proto.Float32)
		}
		c.inputs = append(c.inputs, t)
	}
	f.spend(nodeWork)
	for i, t := range o.run(c) {
		if !c.uses(i) {
			continue
		}
		if t == nil {
			return fmt.Errorf("output %d: got no value, since an input that it needs is omitted", i+1)
		}
		if half != 0 && t.Type() == proto.Float32 {
			t = t.as(half)
		}
		name := node.Outputs[i]
		f.values[name], f.own[name] = t, true
		f.live += t.bytes()
	}
	for i, name := range node.Outputs {
		if name != "" && f.values[name] == nil {
			return fmt.Errorf("got output %d, which is not supported", i+1)
		}
	}
	if f.live > f.limit {
		return errMemory
	}
	return nil
}

// nodeWork is the work of running a node, in addition to its elements.
const nodeWork = 1024

func isHalf(k proto.ElementType) bool { return k == proto.Float16 || k == proto.BFloat16 }

var (
	errMemory = errors.New("got values that need more memory than the limit; if you trust the file, use Runner.Trusted")
	errWork   = errors.New("got more work than the limit; if you trust the file, use Runner.Trusted")
)

// reserve counts bytes that a node is about to use.
func (r *run) reserve(bytes int) {
	if bytes > r.limit-r.live-r.pending {
		panic(failure{errMemory})
	}
	r.pending += bytes
	r.spend(bytes / 8)
}

// spend counts work.
func (r *run) spend(n int) {
	if r.work -= min(n, r.work+1); r.work < 0 {
		panic(failure{errWork})
	}
}

// maxDepth is how deeply graphs may be nested while they run.
const maxDepth = 16

// call runs a nested graph.
func (c *call) call(g *graph, inputs ...*Tensor) []*Tensor {
	c.want(len(inputs) == len(g.inputs), "got %d values for a graph of %d inputs", len(inputs), len(g.inputs))
	if c.depth++; c.depth > maxDepth {
		c.fail("got graphs nested in %d others, want at most %d", c.depth, maxDepth)
	}
	defer func() { c.depth-- }()
	inner := &frame{run: c.run, program: c.program, graph: g, values: map[string]*Tensor{}, own: map[string]bool{}, outer: c.frame}
	for i, name := range g.inputs {
		inner.values[name] = inputs[i]
	}
	out, err := inner.outputs(g.outputs)
	if err != nil {
		c.fail("%w", err)
	}
	return out
}

// pool returns the workers.
func pool() *kernels.Pool { return kernels.Default() }
