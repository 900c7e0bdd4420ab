package onnx_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestHostileOperators: a few nodes that ask for huge results are errors, in memory near the limit.
func TestHostileOperators(t *testing.T) {
	const limit = 1 << 24
	with := func(nodes ...proto.Node) []proto.Node {
		return append([]proto.Node{intsNode("huge", 1<<33), intsNode("two", 1<<17, 1<<17), intScalar("n", 1<<33), intScalar("zero", 0), intScalar("one", 1), intsNode("on", 0, 1)}, nodes...)
	}
	one := func(operator string, inputs []string, attributes ...proto.Attribute) []proto.Node {
		return with(op("y", operator, inputs, attributes...))
	}
	body := func(nodes ...proto.Node) proto.Attribute {
		g := &proto.Graph{
			Nodes: nodes, Inputs: []proto.Value{value("i", proto.Int64), value("c", proto.Bool)},
			Outputs: []proto.Value{value("c", proto.Bool), value("part", proto.Float32, -1)},
		}
		return proto.Attribute{Name: "body", Kind: proto.Nested, Graph: g}
	}
	text := func(name, v string) proto.Attribute {
		return proto.Attribute{Name: name, Kind: proto.String, String: v}
	}
	for name, nodes := range map[string][]proto.Node{
		"ConstantOfShape":    one("ConstantOfShape", []string{"two"}),
		"Expand":             one("Expand", []string{"x", "huge"}),
		"Range":              one("Range", []string{"zero", "n", "one"}),
		"Tile":               one("Tile", []string{"x", "huge"}),
		"OneHot":             one("OneHot", []string{"n", "n", "on"}),
		"Pad":                with(intsNode("pads", 1<<33, 1<<33), op("y", "Pad", []string{"x", "pads"})),
		"Resize":             one("Resize", []string{"x", "", "", "huge"}),
		"RandomNormal":       one("RandomNormal", nil, intsAttr("shape", 1<<17, 1<<17)),
		"RandomUniform":      one("RandomUniform", nil, intsAttr("shape", 1<<40)),
		"EyeLike":            with(op("s", "ConstantOfShape", []string{"two"}), op("y", "EyeLike", []string{"s"})),
		"HannWindow":         one("HannWindow", []string{"n"}),
		"MelWeightMatrix":    with(floatNode("low", 0), floatNode("high", 1), op("y", "MelWeightMatrix", []string{"n", "n", "n", "low", "high"})),
		"Loop, steps":        one("Loop", []string{"n", ""}, body(op("part", "Identity", []string{"x"}))),
		"Loop, outputs":      one("Loop", []string{"n", ""}, body(op("part", "Expand", []string{"x", "wide"}), intsNode("wide", 1<<20))),
		"Unsqueeze, Expand":  with(op("u", "Unsqueeze", []string{"x", "zero2"}), intsNode("zero2", 0), op("y", "Expand", []string{"u", "two"})),
		"Gather":             with(op("i", "ConstantOfShape", []string{"two"}), op("y", "Gather", []string{"x", "i"})),
		"Concat of itself":   doubling("Concat", intAttr("axis", 0)),
		"Sum of broadcasts":  with(intsNode("column", -1, 1), op("w", "Expand", []string{"x", "wide"}), intsNode("wide", 1<<16), op("c", "Reshape", []string{"w", "column"}), op("y", "Add", []string{"c", "w"})),
		"Einsum":             with(intsNode("wide", 1<<14), op("w", "Expand", []string{"x", "wide"}), op("y", "Einsum", []string{"w", "w", "w"}, text("equation", "i,j,k->ijk"))),
		"Conv of many":       with(intsNode("image", 1, 1, 1, 1<<20), op("e", "Expand", []string{"x", "image"}), intsNode("kernel", 1, 1, 1, 1<<19), op("k", "Expand", []string{"x", "kernel"}), op("y", "Conv", []string{"e", "k"})),
		"DFT":                with(intsNode("signal", 1, 1<<20, 1), op("e", "Expand", []string{"x", "signal"}), op("y", "DFT", []string{"e"}, intAttr("axis", 1))),
		"NonMaxSuppression":  with(intsNode("boxes", 1, 1<<16, 4), op("b", "Expand", []string{"x", "boxes"}), intsNode("scores", 1, 1, 1<<16), op("s", "Expand", []string{"x", "scores"}), op("y", "NonMaxSuppression", []string{"b", "s", "n"})),
		"MatMul":             with(intsNode("square", 1<<10, 1<<10), op("e", "Expand", []string{"x", "square"}), op("y", "MatMul", []string{"e", "e"})),
		"CumSum of a growth": with(op("e", "Expand", []string{"x", "huge"}), op("y", "CumSum", []string{"e", "zero"})),
	} {
		t.Run(name, func(t *testing.T) {
			b := proto.Encode(&proto.Model{IR: 8, Opsets: []proto.Opset{{Version: 17}}, Graph: proto.Graph{
				Nodes: inOrder(nodes), Inputs: []proto.Value{value("x", proto.Float32, -1)}, Outputs: []proto.Value{{Name: "y", Type: proto.Float32}},
			}})
			r, err := onnx.LoadBytes(b, "")
			require.NoError(t, err)
			ctx, stop := context.WithTimeout(context.Background(), time.Minute)
			defer stop()
			took := allocated(func() {
				_, err = onnx.RunLimited(ctx, r, map[string]onnx.Tensor{"x": float32s([]int{1}, 1)}, limit, limit)
			})
			require.ErrorContains(t, err, "limit")
			require.Less(t, took, 4*limit+(1<<20), "bytes")
		})
	}
}

// intScalar returns a Constant of one integer.
func intScalar(name string, v int64) proto.Node {
	return proto.Node{Operator: "Constant", Outputs: []string{name}, Attributes: []proto.Attribute{intAttr("value_int", v)}}
}

// doubling returns nodes each of which joins the value before with itself.
func doubling(operator string, a proto.Attribute) (list []proto.Node) {
	from := "x"
	for range 40 {
		to := from + "x"
		list = append(list, op(to, operator, []string{from, from}, a))
		from = to
	}
	return append(list, op("y", "Identity", []string{from}))
}

// inOrder moves the constants to the front, also inside the bodies of loops.
func inOrder(nodes []proto.Node) (list []proto.Node) {
	for _, constant := range []bool{true, false} {
		for _, n := range nodes {
			if (n.Operator == "Constant") == constant {
				for _, a := range n.Attributes {
					if a.Graph != nil && !constant {
						a.Graph.Nodes = inOrder(a.Graph.Nodes)
					}
				}
				list = append(list, n)
			}
		}
	}
	return list
}
