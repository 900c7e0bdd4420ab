package program

import (
	"errors"
	"slices"

	_ "go4.org/unsafe/assume-no-moving-gc" // gorgonia's tensors need a version that knows this Go
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A Spec describes a program.
type Spec struct {
	Graph   *ops.Graph
	Inputs  []*ops.Node // in the order of Run's values
	Params  []Param
	Outputs Outputs
	Env     *ops.Env
}

// A Param is a node of a graph and the tensor that is its value in every run. The tensor's elements may change between runs.
type Param struct {
	Name  string
	Node  *ops.Node
	Value *tensor.Dense
}

// Outputs are the nodes whose values a program computes. A program for prediction has only Predictions.
type Outputs struct {
	Loss        *ops.Node   // nil for none
	Parts       []*ops.Node // the losses that are added up to Loss, if there are several
	Logs        []ops.Named // scalars to be measured
	Predictions []*ops.Node
	Valid       []*ops.Node // which elements of each output count; nil in it for all
	Gradients   []*ops.Node
	States      []ops.Named // new values of states
}

// list returns all outputs, in the order of the fields.
func (o Outputs) list() []*ops.Node {
	var list []*ops.Node
	if o.Loss != nil {
		list = append(list, o.Loss)
	}
	list = append(list, o.Parts...)
	for _, l := range o.Logs {
		list = append(list, l.Node)
	}
	valid := slices.DeleteFunc(slices.Clone(o.Valid), func(n *ops.Node) bool { return n == nil })
	list = slices.Concat(list, o.Predictions, valid, o.Gradients)
	for _, s := range o.States {
		list = append(list, s.Node)
	}
	return list
}

// A Program is a graph that has been compiled for a tape machine. It serves one goroutine at a time, and runs in memory that a
// Cache lends it.
type Program struct {
	machine machine
	lowered *ops.Lowered
	workers workers
	feeds   []feed
	outputs layout
	memory  *memory // the last that it ran in
	placed  int     // words of it that are in use
	used    int64   // when, in the time of its Cache
	noisy   bool
	bytes   int // about what it takes apart from that memory
}

// Compile lowers the part of the graph that the outputs need and makes a machine for it.
func Compile(s Spec) (*Program, error) {
	for _, param := range s.Params {
		s.Graph.Params = append(s.Graph.Params, param.Node)
	}
	lowered := ops.Lower(s.Graph, s.Outputs.list(), s.Env)
	p := &Program{lowered: lowered, workers: newWorkers(s.Env), outputs: newLayout(s.Outputs)}
	for _, in := range s.Inputs {
		p.feeds = append(p.feeds, feed{input: lowered.Input(in), shape: ops.Shape(in)})
	}
	for _, o := range lowered.Ops() {
		_, random := o.Def.(ops.Random)
		p.noisy = p.noisy || random
	}
	for _, param := range s.Params {
		if in := lowered.Input(param.Node); in != nil {
			in.Set(param.Value)
		}
	}
	var err error
	if p.machine, err = newMachine(newSegment(lowered, p.feeds)); err != nil {
		return nil, err
	}
	lowered.Forget()
	p.bytes = 4096 + bytesOfOp*lowered.Count() + 8*(lowered.Settled+lowered.Packed)
	return p, nil
}

// A Draw says which random numbers a run uses.
type Draw struct {
	Seed uint64
	Step int             // of training; 0 in inference
	Row  int             // number of the batch's first row among those of a call
	Rows map[uint64]bool // keys of the noise that is drawn for each row, see ops.Rows; only read if Row is not 0
}

// Run feeds the values, one for each input, and runs the machine.
func (p *Program) Run(draw Draw, values ...*tensor.Dense) error {
	for i, v := range values {
		if err := p.feeds[i].set(v); err != nil {
			return err
		}
	}
	env := p.lowered.Env
	env.Seed, env.Draw, env.Row, env.RowNoise = draw.Seed, uint64(draw.Step), draw.Row, draw.Rows
	p.machine.reset()
	alone, begin := p.workers.begin()
	env.Divide(!alone)
	if err := p.machine.run(); err != nil {
		return runError(err)
	}
	p.workers.end(begin)
	return nil
}

// Alone reports whether the last run stayed on the calling goroutine, as the loops that follow it should then.
func (p *Program) Alone() bool { return p.lowered.Env.Alone() }

// runError returns the error of an op without gorgonia's wrapping, which names registers.
func runError(err error) error {
	if failed := (*ops.RunError)(nil); errors.As(err, &failed) {
		return failed
	}
	return err
}

// Noisy reports whether a run uses random numbers.
func (p *Program) Noisy() bool { return p.noisy }

// Ops returns the ops of the lowered graph, in the order in which they run.
func (p *Program) Ops() []*ops.Op { return p.lowered.Ops() }

// words returns the words of memory that the program runs in: for the ops, and for the inputs that must be copied.
func (p *Program) words() int {
	n := p.lowered.Words
	for i := range p.feeds {
		n += p.feeds[i].words()
	}
	return n
}

// Record makes r get the times of the ops of later runs; nil stops that.
func (p *Program) Record(r *ops.Recorder) { p.lowered.Env.Recorder = r }

// Memory returns the bytes of memory that the program runs in.
func (p *Program) Memory() int { return 8 * p.words() }

// bytesOfOp is what an op takes on the average with its node and kernel (measured).
const bytesOfOp = 3 << 10

// attach makes the program run in the memory.
func (p *Program) attach(m *memory) {
	if p.memory == m && p.placed == p.words() {
		return
	}
	if p.memory != nil {
		delete(p.memory.users, p)
	}
	p.memory, p.placed = m, p.words()
	m.users[p] = true
	p.lowered.Attach(m.words)
	at := p.lowered.Words
	for i := range p.feeds {
		f := &p.feeds[i]
		if n := f.words(); n > 0 {
			f.buffer = m.words.Dense(f.buffer, f.input.DType, f.shape, at)
			at += n
		}
	}
}

// detach makes the program forget its memory.
func (p *Program) detach() {
	p.memory = nil
	p.lowered.Detach()
	for i := range p.feeds {
		if b := p.feeds[i].buffer; b != nil {
			b.Raw = nil
		}
	}
}

// rest makes the program forget the values that it was fed with.
func (p *Program) rest() {
	p.lowered.Rest()
	for i := range p.feeds {
		if f := &p.feeds[i]; f.value != nil {
			f.value.Raw = nil
		}
	}
}
