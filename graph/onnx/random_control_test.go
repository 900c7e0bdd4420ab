package onnx_test

import (
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// step returns the nodes of a function of a value with the same shape, and the name of the result.
func (s *sketch) step(from string, shape []int) (nodes []proto.Node, to string) {
	for range s.between(1, 3) {
		to = s.name("s")
		switch s.IntN(4) {
		case 0:
			nodes = append(nodes, proto.Node{Operator: pick(s, "Tanh", "Relu", "Neg", "Abs"), Inputs: []string{from}, Outputs: []string{to}})
		case 1:
			y := s.given(proto.Float32, s.real(proto.Float32, count(shape)), true, shape...)
			nodes = append(nodes, proto.Node{Operator: pick(s, "Add", "Mul"), Inputs: []string{from, y.name}, Outputs: []string{to}})
		case 2:
			nodes = append(nodes, proto.Node{Operator: "Sub", Inputs: []string{from, from}, Outputs: []string{to + "z"}},
				proto.Node{Operator: "Sum", Inputs: []string{from, to + "z", from}, Outputs: []string{to}})
		default:
			nodes = append(nodes, proto.Node{Operator: "Identity", Inputs: []string{from}, Outputs: []string{to}})
		}
		from = to
	}
	return nodes, to
}

func init() {
	drawing("if", func(s *sketch) {
		if s.opset < 11 {
			return
		}
		x := s.given(proto.Float32, s.real(proto.Float32, 2*3), false, max(s.batch, 2), 6/max(s.batch, 2))
		cond := s.given(proto.Bool, []bool{s.once(2)}, s.once(2), pick(s, []int{}, []int{1})...)
		var list []proto.Attribute
		for _, name := range []string{"then_branch", "else_branch"} {
			g := &proto.Graph{Name: name}
			var out string
			g.Nodes, out = s.step(x.name, x.shape)
			g.Outputs = []proto.Value{{Name: out, Type: proto.Float32, Dims: make([]proto.Dim, 2)}}
			list = append(list, proto.Attribute{Name: name, Kind: proto.Nested, Graph: g})
		}
		s.add("If", []string{cond.name}, 1, list...)
	})
	drawing("loop", func(s *sketch) {
		if s.opset < 11 {
			return
		}
		n := max(s.batch, 2)
		x := s.given(proto.Float32, s.real(proto.Float32, n*3), false, n, 3)
		i, c, h := s.name("i"), s.name("c"), s.name("h")
		g := &proto.Graph{Name: "body", Inputs: []proto.Value{{Name: i, Type: proto.Int64, Dims: []proto.Dim{}}, {Name: c, Type: proto.Bool, Dims: []proto.Dim{}}, {Name: h, Type: proto.Float32, Dims: make([]proto.Dim, 2)}}}
		nodes, out := s.step(h, x.shape)
		goes := s.name("c")
		if s.once(3) {
			limit := s.given(proto.Int64, []int64{int64(s.between(1, 3))}, true)
			nodes = append(nodes, proto.Node{Operator: "Less", Inputs: []string{i, limit.name}, Outputs: []string{goes}})
		} else {
			nodes = append(nodes, proto.Node{Operator: "Identity", Inputs: []string{c}, Outputs: []string{goes}})
		}
		each := s.name("e")
		nodes = append(nodes, proto.Node{Operator: "Cast", Inputs: []string{i}, Outputs: []string{each + "f"}, Attributes: []proto.Attribute{intAttr("to", 1)}},
			proto.Node{Operator: "Mul", Inputs: []string{out, each + "f"}, Outputs: []string{each}})
		g.Nodes = nodes
		g.Outputs = []proto.Value{{Name: goes, Type: proto.Bool, Dims: []proto.Dim{}}, {Name: out, Type: proto.Float32, Dims: make([]proto.Dim, 2)}, {Name: each, Type: proto.Float32, Dims: make([]proto.Dim, 2)}}
		trip := s.given(proto.Int64, []int64{int64(s.between(1, 4))}, !s.once(4)).name
		cond := s.given(proto.Bool, []bool{true}, true).name
		s.add("Loop", []string{trip, cond, x.name}, 2, proto.Attribute{Name: "body", Kind: proto.Nested, Graph: g})
	})
	drawing("scan", func(s *sketch) {
		if s.opset < 11 {
			return
		}
		n := max(s.batch, 2)
		h0 := s.given(proto.Float32, s.real(proto.Float32, n*3), false, n, 3)
		steps := s.between(1, 4)
		axis := s.IntN(3)
		shape := slices.Insert([]int{n, 3}, axis, steps)
		x := s.given(proto.Float32, s.real(proto.Float32, count(shape)), s.batch > 0 && shape[0] != s.batch, shape...)
		h, v := s.name("h"), s.name("v")
		g := &proto.Graph{Name: "body", Inputs: []proto.Value{{Name: h, Type: proto.Float32, Dims: make([]proto.Dim, 2)}, {Name: v, Type: proto.Float32, Dims: make([]proto.Dim, 2)}}}
		sum := s.name("s")
		nodes, out := s.step(sum, []int{n, 3})
		g.Nodes = append([]proto.Node{{Operator: pick(s, "Add", "Sub", "Mul"), Inputs: []string{h, v}, Outputs: []string{sum}}}, nodes...)
		each := s.name("e")
		g.Nodes = append(g.Nodes, proto.Node{Operator: "Neg", Inputs: []string{out}, Outputs: []string{each}})
		g.Outputs = []proto.Value{{Name: out, Type: proto.Float32, Dims: make([]proto.Dim, 2)}, {Name: each, Type: proto.Float32, Dims: make([]proto.Dim, 2)}}
		list := []proto.Attribute{{Name: "body", Kind: proto.Nested, Graph: g}, intAttr("num_scan_inputs", 1)}
		if axis > 0 || s.once(2) {
			list = append(list, intsAttr("scan_input_axes", int64(s.signed(axis, 3))))
		}
		list = append(list, s.maybe(intsAttr("scan_input_directions", int64(s.IntN(2))))...)
		list = append(list, s.maybe(intsAttr("scan_output_directions", int64(s.IntN(2))))...)
		list = append(list, s.maybe(intsAttr("scan_output_axes", int64(s.axis(3))))...)
		s.add("Scan", []string{h0.name, x.name}, 2, list...)
	})
}
