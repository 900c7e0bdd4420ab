package program

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A segment is a whole lowered graph as one gorgonia op of the program's inputs. A tape machine takes time in the square of its
// graph's nodes to compile, since it searches all registers for each operand; with one op for all, thousands of nodes cost it
// nothing, and a run has one instruction. The parameters are bound to the lowered graph and are not on the tape.
type segment struct {
	lowered *ops.Lowered
	inputs  []*ops.Input // one for each operand; nil for an operand that no output needs
	done    *tensor.Dense
}

var _ gorgonia.Op = (*segment)(nil)

// newSegment returns a gorgonia graph that consists of the inputs, which get a node each, and the segment.
func newSegment(lowered *ops.Lowered, feeds []feed) *gorgonia.ExprGraph {
	g := gorgonia.NewGraph()
	s := &segment{lowered: lowered, done: tensors.New(tensor.Float64, []int{1})}
	var nodes gorgonia.Nodes
	add := func(in *ops.Input, dt tensor.Dtype, shape []int) *ops.Node {
		n := gorgonia.NewUniqueNode(gorgonia.In(g), gorgonia.WithType(typeOf(dt, shape)), gorgonia.WithShape(shape...),
			gorgonia.WithName(fmt.Sprintf("x%d", len(nodes))))
		nodes, s.inputs = append(nodes, n), append(s.inputs, in)
		return n
	}
	for i := range feeds {
		if f := &feeds[i]; f.input != nil {
			f.node = add(f.input, f.input.DType, f.shape)
		}
	}
	if len(nodes) == 0 { // gorgonia refuses to run a graph without inputs
		_ = gorgonia.Let(add(nil, tensor.Float64, []int{1}), tensors.New(tensor.Float64, []int{1}))
	}
	gorgonia.NewUniqueNode(gorgonia.In(g), gorgonia.WithType(s.result()), gorgonia.WithOp(s), gorgonia.WithChildren(nodes), gorgonia.WithShape(1))
	return g
}

func typeOf(dt tensor.Dtype, shape []int) hm.Type {
	return gorgonia.TensorType{Dims: len(shape), Of: dt}
}

func (s *segment) result() hm.Type { return typeOf(tensor.Float64, []int{1}) }

// Do implements gorgonia.Op: it runs the lowered graph.
func (s *segment) Do(values ...gorgonia.Value) (gorgonia.Value, error) {
	for i, in := range s.inputs {
		if in != nil {
			in.Set(values[i].(*tensor.Dense))
		}
	}
	return s.done, s.lowered.Run()
}

// The rest of gorgonia.Op.

// Arity implements gorgonia.Op.
func (s *segment) Arity() int { return len(s.inputs) }

// Type implements gorgonia.Op.
func (s *segment) Type() hm.Type {
	var t []hm.Type
	for i := range s.inputs {
		t = append(t, hm.TypeVariable(rune('a'+i)))
	}
	return hm.NewFnType(append(t, s.result())...)
}

// InferShape implements gorgonia.Op.
func (s *segment) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) { return tensor.Shape{1}, nil }

// ReturnsPtr implements gorgonia.Op.
func (s *segment) ReturnsPtr() bool { return true }

// CallsExtern implements gorgonia.Op.
func (s *segment) CallsExtern() bool { return false }

// OverwritesInput implements gorgonia.Op: it overwrites none.
func (s *segment) OverwritesInput() int { return -1 }

// WriteHash implements gorgonia.Op.
func (s *segment) WriteHash(h hash.Hash) { fmt.Fprint(h, s.String()) }

// Hashcode implements gorgonia.Op.
func (s *segment) Hashcode() uint32 {
	h := fnv.New32a()
	s.WriteHash(h)
	return h.Sum32()
}

// String implements gorgonia.Op.
func (s *segment) String() string { return fmt.Sprintf("segment of %d ops", len(s.lowered.Ops())) }
