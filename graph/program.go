package graph

import (
	"fmt"
	"slices"

	_ "go4.org/unsafe/assume-no-moving-gc" // gorgonia's tensors want a version of it that knows this Go
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A program is a graph that has been compiled for a tape machine. Nothing else touches a machine.
type program struct {
	machine machine
	lowered *ops.Lowered
	feeds   []feed
	layout
}

// A layout says what the outputs of a program for training or evaluation are: the loss; the parts of the loss; the
// predictions that metrics want; the gradients; the new values of states.
type layout struct {
	parts     int      // number of losses that the loss is made of; 0 if it is one
	gradients int      // number of the first gradient among the outputs
	updates   []string // names of the states
}

// A feed is an input of a program and the memory of its value, made when a value can't be used as it is.
type feed struct {
	node   *ops.Node // nil if no output needs the input
	shape  []int
	buffer *Tensor
	bound  *Tensor
}

// compile lowers what the outputs need and makes a machine for it. The parameters are bound to the store's tensors, whose
// elements change under the program's eyes.
func compile(b *builder, inputs, outputs []Node, env *ops.Env) (*program, error) {
	for _, out := range outputs {
		if out.err != nil {
			return nil, out.err
		}
	}
	nodes := make([]*ops.Node, len(outputs))
	for i, n := range outputs {
		nodes[i] = n.n
	}
	env.Seed = b.store.seed
	lowered, err := ops.Lower(b.g, nodes, env)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	p := &program{lowered: lowered}
	for _, in := range inputs {
		p.feeds = append(p.feeds, feed{node: lowered.Input(in.n), shape: in.Shape()})
	}
	// A tape machine needs an input; a graph of constants has none.
	if err := lowered.EnsureInput(); err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	if p.machine, err = newMachine(lowered.G); err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	// Only now, since making a machine writes to the tensors that are bound, and programs share the parameters.
	for _, name := range b.order {
		if n := lowered.Input(b.params[name].n); n != nil {
			if err := gorgonia.Let(n, b.store.byName[name].value); err != nil {
				return nil, fmt.Errorf("graph: parameter %s: %w", name, err)
			}
		}
	}
	return p, nil
}

// run feeds the values and runs the machine. step says which draw of the random numbers is due.
func (p *program) run(step int, values ...*Tensor) error {
	for i, v := range values {
		if err := p.feeds[i].set(v); err != nil {
			return err
		}
	}
	p.lowered.Env.Step, p.lowered.Env.Err = uint64(step), nil
	p.machine.reset()
	if err := p.machine.run(); err != nil {
		if p.lowered.Env.Err != nil {
			return p.lowered.Env.Err
		}
		return err
	}
	return nil
}

// set makes v the value of the input: as it is if that can be, else as a copy of the graph's element type.
func (f *feed) set(v *Tensor) error {
	if f.node == nil {
		return nil
	}
	if v == nil {
		return fmt.Errorf("got no tensor, want shape %v", f.shape)
	}
	if !tensors.SameShape(v, f.shape) {
		return fmt.Errorf("got shape %v, want %v", v.Shape(), f.shape)
	}
	if v.Dtype() != f.node.Dtype() || !tensors.Contiguous(v) {
		if f.buffer == nil {
			f.buffer = tensors.New(f.node.Dtype(), f.shape)
		}
		if err := tensors.Copy(f.buffer, v); err != nil {
			return err
		}
		v = f.buffer
	}
	if f.bound == v {
		return nil
	}
	f.bound = v
	return gorgonia.Let(f.node, v)
}

// output returns the value of an output; the memory is the program's and changes in the next run.
func (p *program) output(i int) *Tensor { return p.lowered.Value(i) }

// scalar returns the value of an output of one element.
func (p *program) scalar(i int) float64 {
	t := p.output(i)
	if t.Dtype() == tensor.Float32 {
		return float64(tensors.Data[float32](t)[0])
	}
	return tensors.Data[float64](t)[0]
}

// A cache keeps the programs that were used last. A program is taken out while it runs, so that two goroutines never share
// one.
type cache[K comparable] struct {
	limit int
	list  []cached[K] // the last used at the end
}

type cached[K comparable] struct {
	key K
	p   *program
}

// take removes and returns a program for the key, nil if there is none.
func (c *cache[K]) take(key K) *program {
	for i, e := range slices.Backward(c.list) {
		if e.key == key {
			c.list = slices.Delete(c.list, i, i+1)
			return e.p
		}
	}
	return nil
}

// put gives a program back, and forgets the one that has not been used for longest if there are too many.
func (c *cache[K]) put(key K, p *program) {
	if len(c.list) >= c.limit {
		c.list = slices.Delete(c.list, 0, 1)
	}
	c.list = append(c.list, cached[K]{key, p})
}
