package onnx

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/eval"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// evaluated are the operators that package eval computes if all of their inputs are known integers, such as shapes and masks.
var evaluated = strings.Fields("Abs ArgMax ArgMin Clip CumSum GatherElements GreaterOrEqual LessOrEqual Max Min OneHot Pad Pow " +
	"ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ScatterElements Sign Sum TopK Trilu")

// evaluate runs the node on known integers, as a Runner does. ok is false if they are not known, or if the operator has its own rule.
func (c *call) evaluate() (out []*value, ok bool) {
	if !slices.Contains(evaluated, c.node.Operator) && c.node.Operator != "Concat" || len(c.node.Inputs) > maxSizes {
		return nil, false
	}
	var known []*integers
	vectors := true
	for i := range c.node.Inputs {
		if !c.has(i) {
			known = append(known, nil)
			continue
		}
		if !c.hasIntegers(i) || c.err != nil {
			return nil, false
		}
		known = append(known, c.integers(i))
		vectors = vectors && len(known[i].shape) == 1
	}
	if len(known) == 0 || c.node.Operator == "Concat" && vectors {
		return nil, false
	}
	tensors, err := make([]*eval.Tensor, len(known)), error(nil)
	for i, v := range known {
		if v != nil && err == nil {
			tensors[i], err = eval.New(v.shape, v.data)
		}
	}
	var results []*eval.Tensor
	if err == nil {
		results, err = c.run(tensors)
	}
	if err != nil {
		c.fail("%w", err)
		return nil, true
	}
	for _, r := range results {
		v, err := knownOf(r)
		if err != nil {
			c.fail("%w", err)
			return nil, true
		}
		if v.integers != nil {
			c.known(v.integers)
		} else {
			c.spend(len(v.numbers))
		}
		out = append(out, v)
	}
	return out, true
}

// sized are the operators by which files compute sizes in floating-point numbers, such as those of a resize by a factor.
var sized = strings.Fields("Abs Add Cast Ceil Clip Concat Div Floor Gather Max Min Mul Neg Pow Reshape Round Slice Sqrt Squeeze Sub Unsqueeze")

// exactly runs the node, as a Runner does, on known floating-point numbers, or on integers that it casts to such.
// It returns nil if there are none, or if it does not work.
func (c *call) exactly() []*eval.Tensor {
	if !slices.Contains(sized, c.node.Operator) || len(c.node.Inputs) > maxSizes {
		return nil
	}
	to := proto.ElementType(c.int("to", 0))
	_, float := floatTypes[to]
	inputs, some := make([]*eval.Tensor, len(c.node.Inputs)), false
	for i := range inputs {
		if !c.has(i) {
			continue
		}
		v := c.value(i)
		if c.err != nil {
			return nil
		}
		if inputs[i] = v.exactly(); inputs[i] == nil || to == proto.Bool {
			return nil
		}
		some = some || v.exact != nil || float || v.numbers != nil && c.node.Operator != "Cast"
	}
	if !some {
		return nil
	}
	out, err := c.run(inputs)
	if err != nil || slices.ContainsFunc(out, func(t *eval.Tensor) bool { return t.Size() > maxSizes }) {
		return nil
	}
	return out
}

// exactly returns the elements of a value of few known numbers, nil if it is another.
func (v *value) exactly() (t *eval.Tensor) {
	switch {
	case v.exact != nil:
		return v.exact
	case len(v.numbers) > maxSizes || v.integers != nil && len(v.integers.data) > maxSizes:
	case v.integers != nil:
		t, _ = eval.New(v.integers.shape, v.integers.data)
	case v.numbers != nil && v.double:
		t, _ = eval.New(v.dims, v.numbers)
	case v.numbers != nil:
		list := make([]float32, len(v.numbers))
		for i, n := range v.numbers {
			list[i] = float32(n)
		}
		t, _ = eval.New(v.dims, list)
	}
	return t
}

// run runs the node by package eval; inputs that are nil are omitted.
func (c *call) run(inputs []*eval.Tensor) ([]*eval.Tensor, error) {
	node := *c.node
	node.Inputs = make([]string, len(inputs))
	m := &proto.Model{Opsets: []proto.Opset{{Version: int64(c.opset)}}}
	values := map[string]*eval.Tensor{}
	for i, t := range inputs {
		if t == nil {
			continue
		}
		name := fmt.Sprint("in", i)
		node.Inputs[i], values[name] = name, t
		m.Graph.Inputs = append(m.Graph.Inputs, proto.Value{Name: name, Type: t.Type()})
	}
	node.Outputs = nil
	for i := range c.node.Outputs {
		name := fmt.Sprint("out", i)
		node.Outputs = append(node.Outputs, name)
		m.Graph.Outputs = append(m.Graph.Outputs, proto.Value{Name: name})
	}
	m.Graph.Nodes = []proto.Node{node}
	p, err := eval.Compile(m, 0)
	if err != nil {
		return nil, err
	}
	limit := min(c.left, math.MaxInt>>10)
	return p.Run(context.Background(), values, node.Outputs, eval.Limits{Bytes: 1<<16 + 64*limit, Work: 1<<16 + 256*limit}, 1)
}

// knownOf returns a tensor as known integers or numbers.
func knownOf(t *eval.Tensor) (*value, error) {
	switch v := t.Elements().(type) {
	case []int64:
		return &value{integers: &integers{t.Shape, v}}, nil
	case []int32:
		list := make([]int64, len(v))
		for i, n := range v {
			list[i] = int64(n)
		}
		return &value{integers: &integers{t.Shape, list}}, nil
	case []bool:
		list := make([]int64, len(v))
		for i, b := range v {
			if b {
				list[i] = 1
			}
		}
		return &value{integers: &integers{t.Shape, list}}, nil
	}
	return nil, fmt.Errorf("got known values of %v, want integers", t.Type())
}

// unknown is the operator of a row that only evaluate supports.
func unknown(c *call) []*value {
	c.fail("got values computed at run time, want constant integers")
	return nil
}

// depthToSpace moves blocks of channels to the spatial axes.
func depthToSpace(c *call) []*value {
	x, b := c.blocks()
	if c.err != nil {
		return nil
	}
	n, d, h, w := x.Dim(0), x.Dim(1)/(b*b), x.Dim(2), x.Dim(3)
	if x.Dim(1) != d*b*b {
		return nodes(c.fail("got %d channels, want a multiple of %d", x.Dim(1), b*b))
	}
	switch mode := c.string("mode", "DCR"); mode {
	case "DCR":
		return nodes(x.Reshape(n, b, b, d, h, w).Transpose(0, 3, 4, 1, 5, 2).Reshape(n, d, h*b, w*b))
	case "CRD":
		return nodes(x.Reshape(n, d, b, b, h, w).Transpose(0, 1, 4, 2, 5, 3).Reshape(n, d, h*b, w*b))
	default:
		return nodes(c.fail("attribute mode: got %.16q, want DCR or CRD", mode))
	}
}

// spaceToDepth moves blocks of pixels to the channels.
func spaceToDepth(c *call) []*value {
	x, b := c.blocks()
	if c.err != nil {
		return nil
	}
	n, d, h, w := x.Dim(0), x.Dim(1), x.Dim(2)/b, x.Dim(3)/b
	if x.Dim(2) != h*b || x.Dim(3) != w*b {
		return nodes(c.fail("got shape %v, want a height and a width that %d divides", x.Shape(), b))
	}
	return nodes(x.Reshape(n, d, h, b, w, b).Transpose(0, 3, 5, 1, 2, 4).Reshape(n, d*b*b, h, w))
}

// blocks returns the input, of 4 dimensions, and the attribute blocksize.
func (c *call) blocks() (x graph.Node, size int) {
	x, size = c.x(0), c.int("blocksize", 0)
	if c.err == nil && (x.Rank() != 4 || size < 1 || size > 1<<10) {
		c.fail("got shape %v and blocksize %d, want 4 dimensions and blocks of 1 to 1024", x.Shape(), size)
	}
	return x, size
}
