package ops

import (
	"errors"
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Foreign wraps one of gorgonia's own ops. It runs on copies of its inputs, so it cannot overwrite a value of ours, and it is
// never merged with another op.
type Foreign struct {
	op    gorgonia.Op
	shape []int
	key   string
}

// Foreign calls build with stand-ins for the inputs, in a separate gorgonia graph, and imports the nodes that build makes.
func (g *Graph) Foreign(build func(in []*Node) (*Node, error), in ...*Node) (out *Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("gorgonia: %w", recovered(r))
		}
	}()
	s := newScratch(g)
	args := make([]*Node, len(in))
	for i, n := range in {
		args[i] = s.standIn(fmt.Sprintf("x%d", i), n)
	}
	n, err := build(args)
	if err != nil {
		return nil, err
	}
	if n == nil {
		return nil, errors.New("gorgonia: got no node from the function, want one")
	}
	return s.imported(n)
}

// A scratch is a temporary gorgonia graph, whose nodes are imported into a Graph.
type scratch struct {
	to *Graph
	g  *gorgonia.ExprGraph
	as map[*Node]*Node
}

func newScratch(to *Graph) *scratch {
	return &scratch{to, gorgonia.NewGraph(), map[*Node]*Node{}}
}

// standIn returns an input of the scratch graph that stands for n. Gorgonia's functions need scalars of scalar type.
func (s *scratch) standIn(name string, n *Node) *Node {
	shape := Shape(n)
	var in *Node
	if len(shape) == 0 {
		in = gorgonia.NewScalar(s.g, s.to.DType, gorgonia.WithName(name))
	} else {
		in = gorgonia.NewTensor(s.g, s.to.DType, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name))
	}
	s.as[in] = n
	return in
}

// imported returns a node of the Graph that computes the same as the scratch node n.
func (s *scratch) imported(n *Node) (*Node, error) {
	if m, ok := s.as[n]; ok {
		return m, nil
	}
	if n.Graph() != s.g {
		return nil, fmt.Errorf("gorgonia: got node %v of another graph, want one made from the arguments", n)
	}
	if n.Dtype() != s.to.DType {
		return nil, fmt.Errorf("gorgonia: node %v: got element type %v, want %v", n, n.Dtype(), s.to.DType)
	}
	op := n.Op()
	if op == nil {
		if n.Value() == nil {
			return nil, fmt.Errorf("gorgonia: node %v: got no value, want a constant or one of the arguments", n)
		}
		op = gorgonia.NewConstant(n.Value()).Op()
	}
	if _, ok := op.(gorgonia.TrainModeOp); ok {
		return nil, fmt.Errorf("gorgonia: %v behaves differently in training, which is not supported here", op)
	}
	var in []*Node
	for it := s.g.From(n.ID()); it.Next(); {
		c, err := s.imported(it.Node().(*Node))
		if err != nil {
			return nil, err
		}
		in = append(in, c)
	}
	s.to.count++ // gorgonia's names of ops omit parameters, so no two ops are merged
	m, err := s.to.Apply(&Foreign{op, slices.Clone([]int(n.Shape())), fmt.Sprintf("%v #%d", op, s.to.count)}, in...)
	s.as[n] = m
	return m, err
}

// String implements Def.
func (f *Foreign) String() string { return "gorgonia " + f.key }

// Infer implements Def: gorgonia has inferred the shape.
func (f *Foreign) Infer([][]int) ([]int, error) { return f.shape, nil }

// Diff implements Def by gorgonia's own rule. A rule that fails panics; callers of Grad use Safely.
func (f *Foreign) Diff(g *Graph, n, grad *Node) []*Node {
	in := Of(n).In
	out := make([]*Node, len(in))
	op, ok := f.op.(gorgonia.SDOp)
	if !ok {
		panic(fmt.Errorf("gorgonia: %v has no derivative", f.op))
	}
	s := newScratch(g)
	args := make(gorgonia.Nodes, len(in))
	for i, x := range in {
		args[i] = s.standIn(fmt.Sprintf("x%d", i), x)
	}
	y, err := gorgonia.ApplyOp(f.op, args...)
	if err != nil {
		panic(err)
	}
	s.as[y] = n
	wrt := op.DiffWRT(len(in))
	if !slices.Contains(wrt, true) {
		return out
	}
	d, err := op.SymDiff(args, y, s.standIn("grad", grad))
	if err != nil {
		panic(err)
	}
	for i := range out {
		if i < len(d) && d[i] != nil && wrt[i] {
			if out[i], err = s.imported(d[i]); err != nil {
				panic(err)
			}
		}
	}
	return out
}

// Bind implements Def.
func (f *Foreign) Bind(o *Op) Kernel {
	return Kernel{
		F32: func(out []float32, in [][]float32) {
			args := make([]gorgonia.Value, len(in))
			for i, x := range in {
				if args[i] = dense(o.InShape(i), slices.Clone(x)); len(o.InShape(i)) == 0 {
					args[i] = gorgonia.NewF32(x[0])
				}
			}
			switch v := f.do(args).(type) {
			case *gorgonia.F32:
				out[0] = float32(*v)
			case *tensor.Dense:
				copy(out, tensors.Data[float32](v))
			}
		},
		F64: func(out []float64, in [][]float64) {
			args := make([]gorgonia.Value, len(in))
			for i, x := range in {
				if args[i] = dense(o.InShape(i), slices.Clone(x)); len(o.InShape(i)) == 0 {
					args[i] = gorgonia.NewF64(x[0])
				}
			}
			switch v := f.do(args).(type) {
			case *gorgonia.F64:
				out[0] = float64(*v)
			case *tensor.Dense:
				copy(out, tensors.Data[float64](v))
			}
		},
	}
}

func (f *Foreign) do(args []gorgonia.Value) gorgonia.Value {
	v, err := f.op.Do(args...)
	if d, ok := v.(*tensor.Dense); ok && err == nil {
		v, err = tensors.RowMajor(d)
	}
	if err != nil {
		panic(err)
	}
	return v
}

func dense(shape []int, backing any) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing))
}
