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
	results, err := c.run(known)
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

// run runs the node by package eval on integers; nil ones are omitted.
func (c *call) run(inputs []*integers) ([]*eval.Tensor, error) {
	node := *c.node
	node.Inputs = make([]string, len(inputs))
	m := &proto.Model{Opsets: []proto.Opset{{Version: int64(c.opset)}}}
	values := map[string]*eval.Tensor{}
	for i, v := range inputs {
		if v == nil {
			continue
		}
		t, err := eval.New(v.shape, v.data)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprint("in", i)
		node.Inputs[i], values[name] = name, t
		m.Graph.Inputs = append(m.Graph.Inputs, proto.Value{Name: name, Type: proto.Int64})
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
