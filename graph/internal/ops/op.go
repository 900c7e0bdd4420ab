package ops

import (
	"errors"
	"fmt"
	"hash"
	"hash/fnv"
	"math"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"

	"github.com/nndiy/nndiy/internal/kernels"
)

// Node is a node of a gorgonia expression graph.
type Node = gorgonia.Node

// A Def defines an op. Two Defs of the same type with the same String compute the same.
type Def interface {
	// String names the op and all its parameters.
	String() string
	// Infer returns the output's shape for inputs of the given shapes, or an error "got A, want B".
	Infer(in [][]int) ([]int, error)
	// Diff returns the gradient of each input, nil for none; grad is the gradient of the output n.
	Diff(g *Graph, n, grad *Node) []*Node
	// Bind returns the kernel for o's element type, shapes and environment.
	Bind(o *Op) Kernel
}

// A Kernel computes an Op's output from its inputs. The field of the op's element type must be set.
type Kernel struct {
	F32 func(out []float32, in [][]float32)
	F64 func(out []float64, in [][]float64)
}

// An Env holds what the ops of a lowered graph have in common.
type Env struct {
	Pool  *kernels.Pool
	Packs *Packs // packed parameters; nil if runs change parameters
	Seed  uint64 // seed of all random ops
	Draw  uint64 // number of the current draw of all random ops
	Row   int    // number of the batch's first row among the rows of a call; RowNoise has the keys of the ops that it concerns

	RowNoise map[uint64]bool

	Recorder *Recorder // gets the times of all ops; nil for none

	away *kernels.Pool // Pool, while runs stay on the calling goroutine
}

// Divide chooses whether the next runs divide their loops among the workers of the pool or stay on the calling goroutine.
func (e *Env) Divide(yes bool) {
	if yes == e.Alone() {
		e.Pool, e.away = e.away, e.Pool
	}
}

// Alone reports whether runs stay on the calling goroutine although there is a pool.
func (e *Env) Alone() bool { return e.away != nil }

// A RunError is the error of one op during a run.
type RunError struct {
	Where, Op string
	Err       error
}

// Error implements error.
func (e *RunError) Error() string {
	if e.Where == "" {
		return fmt.Sprintf("%s: %v", e.Op, e.Err)
	}
	return fmt.Sprintf("%s: %s: %v", e.Where, e.Op, e.Err)
}

// Unwrap returns the op's own error.
func (e *RunError) Unwrap() error { return e.Err }

// An Op is a Def in a graph. It implements gorgonia.SDOp.
type Op struct {
	Def
	In    []*Node
	Shape []int
	DType tensor.Dtype
	Where string // the layer that the op belongs to
	Phase Phase

	graph   *Graph
	id      uint32
	env     *Env
	kernel  Kernel
	loop    loop // of an op that runs a graph of its own, else nil
	settled bool // see lowering.settle
	packed  int  // words of the packed form that the op has of an input, the result of a settled op
	weights int  // elements that it reads of inputs that depend on parameters alone
	view    bool // the output shares the input's memory
	silent  bool // a view that Lower has added, of which a Recorder gets no Event
	offset  int  // of a view: its first element in the input
	size    int  // elements of the output
	args    []*Value
	out     Value
	in32    [][]float32
	in64    [][]float64
}

var _ gorgonia.SDOp = (*Op)(nil)

// A Phase says what an op is computed for.
type Phase uint8

// The phases: values of the network, derivatives, and values that a derivative computes again.
const (
	Forward Phase = iota
	Backward
	Again
)

// A loop is the graph that an op runs. It has the memory that it needs only while the op runs.
type loop interface {
	count() int                   // of ops
	work() (flops, bytes float64) // of those that a Recorder does not get
	words() int                   // of memory
	attach(m Memory)
	detach()
	rest()
}

// Of returns the op of a node, nil for an input.
func Of(n *Node) *Op {
	o, _ := n.Op().(*Op)
	return o
}

// InShape returns the shape of input i.
func (o *Op) InShape(i int) []int { return Shape(o.In[i]) }

// Shape returns the shape of a node; it must not be changed.
func Shape(n *Node) []int {
	if o := Of(n); o != nil {
		return o.Shape
	}
	return []int(n.Shape())
}

// sizeOf returns the number of elements of a node.
func sizeOf(n *Node) int { return tensors.Size(Shape(n)) }

// mostElements is the largest number of elements of a tensor.
const mostElements = min(1<<36, math.MaxInt)

// CheckSize returns an error for a shape with a dimension below 1, or with more elements than fit in memory.
func CheckSize(shape []int) error {
	n := 1
	for _, d := range shape {
		switch {
		case d < 1:
			return fmt.Errorf("got shape %v, want dimensions of 1 or more", shape)
		case n > mostElements/d:
			return fmt.Errorf("got shape %v, want at most %d elements", shape, mostElements)
		}
		n *= d
	}
	return nil
}

// Do implements gorgonia.Op. The ops of an expression graph only describe what a Lowered graph computes.
func (o *Op) Do(...gorgonia.Value) (gorgonia.Value, error) {
	return nil, errors.New("ops: " + o.Def.String() + ": got a run of a graph that is not lowered, want Lowered.Run")
}

// The rest of gorgonia.SDOp. A node's type is set when it is made, so gorgonia infers none.

// Arity implements gorgonia.Op.
func (o *Op) Arity() int { return len(o.In) }

// Type implements gorgonia.Op.
func (o *Op) Type() hm.Type {
	t := make([]hm.Type, 0, len(o.In)+1)
	for _, n := range o.In {
		t = append(t, n.Type())
	}
	return hm.NewFnType(append(t, typeOf(o.DType, o.Shape))...)
}

// InferShape implements gorgonia.Op.
func (o *Op) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) {
	return tensor.Shape(o.Shape), nil
}

// ReturnsPtr implements gorgonia.Op.
func (o *Op) ReturnsPtr() bool { return true }

// CallsExtern implements gorgonia.Op.
func (o *Op) CallsExtern() bool { return false }

// OverwritesInput implements gorgonia.Op: outputs are the ops' own.
func (o *Op) OverwritesInput() int { return -1 }

// WriteHash implements gorgonia.Op. Graph.Apply merges equal ops itself: gorgonia merges nodes whose 32-bit hashes collide.
func (o *Op) WriteHash(h hash.Hash) { fmt.Fprintf(h, "%s#%d", o.Def, o.id) }

// Hashcode implements gorgonia.Op.
func (o *Op) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// DiffWRT implements gorgonia.SDOp.
func (o *Op) DiffWRT(inputs int) []bool {
	d := make([]bool, inputs)
	for i := range d {
		d[i] = true
	}
	return d
}

// SymDiff implements gorgonia.SDOp with the Def's derivative rule.
func (o *Op) SymDiff(_ gorgonia.Nodes, output, grad *Node) (gorgonia.Nodes, error) {
	return gorgonia.Nodes(o.Diff(o.graph, output, grad)), nil
}
