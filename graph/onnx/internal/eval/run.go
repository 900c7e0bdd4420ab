package eval

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

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
func (p *Program) Constant(name string) *Tensor {
	if slot, ok := p.main.slots[name]; ok {
		return p.main.initial[slot]
	}
	return nil
}

// A run is one execution of a program.
type run struct {
	ctx     context.Context
	live    int // bytes of the values that exist
	pending int // bytes that the node under way has reserved
	work    int // that is left
	limit   int // of live and pending
	seed    uint64
	depth   int // of nested graphs
	memory  *memory
}

// Run computes outputs of the main graph. Values of initializers may be replaced by inputs of the same name.
func (p *Program) Run(ctx context.Context, inputs map[string]*Tensor, outputs []string, limits Limits, seed uint64) ([]*Tensor, error) {
	r := &run{ctx: ctx, work: limits.Work, limit: limits.Bytes, seed: seed}
	if r.memory, _ = p.memories.Get().(*memory); r.memory == nil {
		r.memory = &memory{}
	}
	r.memory.begin()
	defer p.memories.Put(r.memory)
	f := r.frame(p, p.main, nil)
	for name, t := range inputs {
		if slot, ok := p.main.slots[name]; ok {
			f.values[slot] = t
		}
		f.live += t.bytes()
	}
	list := make([]ref, len(outputs))
	for i, name := range outputs {
		slot, ok := p.main.slots[name]
		if !ok {
			var names []string
			for _, v := range p.Outputs() {
				names = append(names, v.Name)
			}
			return nil, fmt.Errorf("got output %.64q, want one of %.256q, or another value of the file", name, names)
		}
		list[i] = ref{0, slot}
	}
	needed := p.main.needed
	if !slices.Equal(list, p.main.outputs) {
		needed = p.main.need(list)
	}
	defer runtime.KeepAlive(p) // and what its constants are a part of
	return f.outputs(list, needed)
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
	inner := c.run.frame(c.program, g, c.frame)
	c.steps++
	inner.place = ((c.place+uint64(c.at))*0x9E3779B97F4A7C15 + c.steps) * 0xD6E8FEB86659FD93
	for i, slot := range g.inputs {
		inner.values[slot] = inputs[i]
	}
	out, err := inner.outputs(g.outputs, g.needed)
	if err != nil {
		c.fail("%w", err)
	}
	return out
}

// pool returns the workers.
func pool() *kernels.Pool { return kernels.Default() }
