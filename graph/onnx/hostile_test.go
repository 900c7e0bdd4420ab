package onnx_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/layers"
)

// file returns a file of one input x, (batch, 4), one output y, and nodes.
func file(change func(m *proto.Model), nodes ...proto.Node) []byte {
	dims := []proto.Dim{{Name: "batch"}, {Size: 4}}
	m := &proto.Model{IR: 8, Opsets: []proto.Opset{{Version: 17}}, Graph: proto.Graph{
		Nodes:  nodes,
		Inputs: []proto.Value{{Name: "x", Type: proto.Float32, Dims: dims}}, Outputs: []proto.Value{{Name: "y", Type: proto.Float32, Dims: dims}},
	}}
	if change != nil {
		change(m)
	}
	return proto.Encode(m)
}

// node returns a node called n of the output y.
func node(operator string, inputs []string, attributes ...proto.Attribute) proto.Node {
	return proto.Node{Name: "n", Operator: operator, Inputs: inputs, Outputs: []string{"y"}, Attributes: attributes}
}

// whole returns a node for a list of whole numbers.
func whole(name string, values ...int64) proto.Node {
	a := proto.Attribute{Name: "value_ints", Kind: proto.Ints, Ints: values}
	return proto.Node{Operator: "Constant", Outputs: []string{name}, Attributes: []proto.Attribute{a}}
}

func ints(name string, v ...int64) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Ints, Ints: v}
}

func x(more ...string) []string { return append([]string{"x"}, more...) }

// TestReadErrors: what is wrong with a file is said when it is read, or, where shapes decide, when it is compiled; and at
// which node.
func TestReadErrors(t *testing.T) {
	relu := node("Relu", x())
	weight := func(name string, dims ...int64) func(m *proto.Model) {
		return func(m *proto.Model) {
			n := int64(4)
			for _, d := range dims {
				n *= d
			}
			m.Graph.Initializers = append(m.Graph.Initializers, proto.Tensor{Name: name, Type: proto.Float32, Dims: dims, Raw: make([]byte, n)})
		}
	}
	for _, r := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, "onnx: Read: got no graph"},
		{"old", file(func(m *proto.Model) { m.Opsets[0].Version = 6 }, relu), "onnx: Read: got opset 6, want one from 7 to 22"},
		{"new", file(func(m *proto.Model) { m.Opsets[0].Version = math.MaxInt64 }, relu), "onnx: Read: got opset 2147483647, want one from 7 to 22"},
		{"two inputs", file(func(m *proto.Model) { m.Graph.Inputs = slices.Repeat(m.Graph.Inputs, 2) }, relu),
			`onnx: Read: input "x": got the name twice`},
		{"no inputs", file(func(m *proto.Model) { m.Graph.Inputs = nil }, relu), "onnx: Read: got 0 inputs and 1 outputs, want one of each or more"},
		{"text", file(func(m *proto.Model) { m.Graph.Inputs[0].Type = 8 }, relu), `onnx: Read: input "x": got elements of type 8, want floating-point or whole numbers`},
		{"no shape", file(func(m *proto.Model) { m.Graph.Inputs[0].Dims = nil }, relu), `onnx: Read: input "x": got no shape, want one with the batch in front`},
		{"a huge input", file(func(m *proto.Model) { m.Graph.Inputs[0].Dims[1].Size = math.MaxInt64 }, relu), `onnx: Read: input "x": got a dimension of 9223372036854775807, want at most 16777216`},
		{"two tensors of one name", file(func(m *proto.Model) { weight("w", 1)(m); weight("w", 2)(m) }, relu), `onnx: Read: initializer: got the name "w", want one that is not empty and there once`},
		{"an unknown operator", file(nil, node("Bernoulli", x())), "onnx: Read: n (Bernoulli): the operator is not supported"},
		{"a control structure", file(nil, node("Loop", x())), "onnx: Read: n (Loop): the operator is not supported"},
		{"an unknown domain", file(nil, func() proto.Node { n := relu; n.Domain = "com.other"; return n }()), `onnx: Read: n (Relu): got domain "com.other", want an operator of ONNX's own`},
		{"an unknown attribute", file(nil, node("Relu", x(), ints("axis", 1))), `onnx: Read: n (Relu): attribute "axis" is not supported`},
		{"an attribute twice", file(nil, node("Transpose", x(), ints("perm", 0, 1), ints("perm", 1, 0))), `onnx: Read: n (Transpose): got attribute "perm" twice`},
		{"too few inputs", file(nil, node("Add", x())), "onnx: Read: n (Add): got 1 inputs, want 2 to 2"},
		{"a second output", file(nil, func() proto.Node { n := relu; n.Outputs = []string{"y", "z"}; return n }()), "onnx: Read: n (Relu): output 2 is not supported"},
		{"a cycle", file(nil, node("Add", x("y"))), `onnx: Read: n (Add): got the input "y", which no node before it makes`},
		{"an output twice", file(nil, relu, relu), `onnx: Read: n (Relu): got the output "y", which is there already`},
		{"no output", file(nil), `onnx: Read: output "y": no node makes it`},
		{"an attribute of another kind", file(nil, node("LeakyRelu", x(), ints("alpha", 1))), "graph: n (LeakyRelu): attribute alpha: got kind 7, want 1"},
		{"an attribute that is no number", file(nil, node("LeakyRelu", x(), proto.Attribute{Name: "alpha", Kind: proto.Float, Float: float32(math.NaN())})),
			"graph: n (LeakyRelu): attribute alpha: got NaN, want a finite number"},
		{"an input that is left out", file(nil, node("Add", x(""))), "graph: n (Add): got no input 2"},
		{"shapes that do not fit", file(weight("w", 3, 2), node("MatMul", x("w"))), "graph: n (MatMul): MatMul: shapes [2 4] and [3 2] do not fit"},
		{"a weight without elements", file(weight("w", 0, 2), node("MatMul", x("w"))), `graph: n (MatMul): input 2: initializer "w": got float32 of [0 2], want floating-point numbers, one or more`},
		{"a shape that is computed", file(nil, node("Reshape", x("x"))), "graph: n (Reshape): input 2: got numbers that are known only when the network runs, want constants"},
		{"a shape that does not fit", file(nil, whole("s", -1, 3), node("Reshape", x("s"))), "graph: n (Reshape): got shape [-1 3] for elements of shape [2 4]"},
		{"a huge shape", file(nil, whole("s", 1<<62, 1<<62, 2, 4), node("Expand", x("s"))), "graph: n (Expand): got shape [16777216 16777216 2 4], want sizes of 1 or more and at most 1099511627776 elements"},
		{"a huge constant", file(nil, whole("s", 1<<20, 4), proto.Node{Name: "c", Operator: "ConstantOfShape", Inputs: []string{"s"}, Outputs: []string{"k"}, Attributes: []proto.Attribute{
			{Name: "value", Kind: proto.Dense, Tensor: &proto.Tensor{Type: proto.Int64, Dims: []int64{1}, Raw: make([]byte, 8)}}}}, relu),
			"graph: c (ConstantOfShape): got shape [1048576 4] of known numbers: with them there are more known numbers than a file of this size may ask for; if you trust it, use Network.Trusted"},
		{"a division by zero", file(nil, whole("a", 1), whole("b", 0), node("Div", []string{"a", "b"})), "graph: n (Div): got 1 / 0"},
		{"a huge window", file(func(m *proto.Model) { m.Graph.Inputs[0].Dims = append(m.Graph.Inputs[0].Dims, proto.Dim{Size: 5}) },
			node("MaxPool", x(), ints("kernel_shape", 1<<40), ints("dilations", 1<<40))), "graph: n (MaxPool): got a window of 16777216 elements, 16777216 apart, want 1 or more and at most 16777216 in all"},
		{"whole numbers as others", file(func(m *proto.Model) { m.Graph.Inputs[0].Type = proto.Int64 }, relu), "graph: n (Relu): input 1: got whole numbers or truth, want floating-point numbers"},
		{"a long sequence", file(func(m *proto.Model) {
			m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 1 << 20}, {Size: 1}}
			weight("w", 1, 1, 1)(m)
		}, proto.Node{Operator: "Transpose", Inputs: x(), Outputs: []string{"t"}, Attributes: []proto.Attribute{ints("perm", 1, 0, 2)}}, node("RNN", []string{"t", "w", "w"})),
			"graph: n (RNN): Add: the network has more operations than a file of this size may ask for; if you trust it, use Network.Trusted"},
	} {
		net, err := onnx.Read(bytes.NewReader(r.file))
		if err == nil {
			_, err = graph.Compile(net, graph.Config{Input: net.Input()})
		}
		require.EqualError(t, err, r.want, r.name)
	}
}

// TestOpenErrors: errors name the file.
func TestOpenErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.onnx")
	_, err := onnx.Open(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte{1}, 0o600))
	_, err = onnx.Open(path)
	require.EqualError(t, err, "onnx: Open: "+path+": got field number 0, want 1 to 536870911")
}

// TestMemory: files of many small parts take memory in proportion to their length.
func TestMemory(t *testing.T) {
	const n = 100000
	many := slices.Repeat([]proto.Node{{Operator: "A", Outputs: []string{""}}}, n)
	for _, r := range []struct {
		name string
		file []byte
	}{
		{"nodes", file(nil, many...)},
		{"inputs", file(nil, node("Concat", make([]string, n)))},
		{"attributes", file(nil, node("Relu", x(), slices.Repeat([]proto.Attribute{{Name: "a"}}, n)...))},
		{"numbers", file(nil, node("Transpose", x(), ints("perm", make([]int64, n)...)))},
		{"tensors", file(func(m *proto.Model) {
			m.Graph.Initializers = slices.Repeat([]proto.Tensor{{Type: proto.Float32, Dims: []int64{0}}}, n)
		})},
		{"metadata", file(func(m *proto.Model) { m.Metadata = make([]proto.Property, n) })},
	} {
		took := allocated(func() { _ = tryRead(r.file) })
		require.Less(t, took/len(r.file), 100, "%s: bytes for each byte of the file", r.name)
	}
}

// allocated returns how many bytes f takes.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// TestTrusted: the limits are lifted for files that are trusted.
func TestTrusted(t *testing.T) {
	net, err := onnx.Read(bytes.NewReader(file(nil, whole("zero", 0), whole("one", 1), whole("many", 1<<19),
		proto.Node{Operator: "Range", Inputs: []string{"zero", "many", "one"}, Outputs: []string{"r"}}, node("Relu", x()))))
	require.NoError(t, err)
	_, err = graph.Compile(net, graph.Config{Input: net.Input()})
	require.ErrorContains(t, err, "r (Range): got shape [524288] of known numbers: with them there are more known numbers than a file of this size")
	_, err = graph.Compile(net.Trusted(), graph.Config{Input: net.Input()})
	require.NoError(t, err)
	require.Nil(t, (*onnx.Network)(nil).Trusted())
}

// TestMemoryOfGraph: files whose few nodes ask for much get little more than what every file gets.
func TestMemoryOfGraph(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector takes memory of its own, and this measures it")
	}
	const n = 1 << 20
	in := func(names ...string) []string { return names }
	op := func(output, operator string, inputs []string, attributes ...proto.Attribute) proto.Node {
		return proto.Node{Operator: operator, Inputs: inputs, Outputs: []string{output}, Attributes: attributes}
	}
	numbers := []proto.Node{whole("zero", 0), whole("one", 1), whole("many", n>>6), op("r", "Range", in("zero", "many", "one"))}
	repeat := func(count int, f func(i int) proto.Node, before ...proto.Node) []proto.Node {
		list := slices.Clone(before)
		for i := range count {
			list = append(list, f(i))
		}
		return append(list, node("Relu", x()))
	}
	name := func(prefix string, i int) string { return fmt.Sprint(prefix, i) }
	weights := func(m *proto.Model) {
		m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: n}, {Size: 1}}
		for _, s := range []string{"w", "r"} {
			m.Graph.Initializers = append(m.Graph.Initializers, proto.Tensor{Name: s, Type: proto.Float32, Dims: []int64{1, 4, 1}, Raw: make([]byte, 16)})
		}
	}
	pads := proto.Node{Operator: "Constant", Outputs: in("pads"), Attributes: []proto.Attribute{ints("value_ints", 0, 0, 0, n/16)}}
	seven := proto.Node{Operator: "Constant", Outputs: in("seven"), Attributes: []proto.Attribute{{Name: "value_float", Kind: proto.Float, Float: 7}}}
	for _, r := range []struct {
		name   string
		change func(m *proto.Model)
		nodes  []proto.Node
	}{
		{"a range", nil, repeat(0, nil, append(slices.Clone(numbers), op("f", "Cast", in("r"), whole1("to", 1)), op("a", "Add", in("f", "f")))...)},
		{"ranges", nil, repeat(100, func(i int) proto.Node { return op(name("a", i), "Range", in("zero", "many", "one")) }, numbers...)},
		{"casts", nil, repeat(100, func(i int) proto.Node { return op(name("a", i), "Cast", in("r"), whole1("to", 1)) }, numbers...)},
		{"one list joined with itself", nil, repeat(1, func(int) proto.Node { return op("a", "Concat", slices.Repeat(in("r"), 1000), whole1("axis", 0)) }, numbers...)},
		{"tables", nil, repeat(100, func(i int) proto.Node { return op(name("a", i), "Pad", in("x", "pads", "seven")) }, pads, seven)},
		{"rows", nil, repeat(100, func(i int) proto.Node { return op(name("a", i), "Gather", in("x", "index"), whole1("axis", 1)) },
			append(slices.Clone(numbers), op("index", "Mul", in("r", "zero")))...)},
		{"axes", nil, repeat(100, func(i int) proto.Node { return op(name("a", i), "Slice", in("x", "index", "index", "index")) },
			append(slices.Clone(numbers), op("index", "Mul", in("r", "zero")))...)},
		{"dimensions", nil, repeat(1000, func(i int) proto.Node { return op(name("a", i), "Reshape", in("x", "shape")) },
			append(slices.Clone(numbers), op("index", "Mul", in("r", "zero")), op("shape", "Add", in("index", "one")))...)},
		{"a deep shape", nil, repeat(2000, func(i int) proto.Node {
			return op(name("a", i+1), "Unsqueeze", in(name("a", i)), ints("axes", 0))
		}, op("a0", "Identity", in("x")))},
		{"a deep shape of numbers", nil, repeat(2000, func(i int) proto.Node {
			return op(name("a", i+1), "Unsqueeze", in(name("a", i)), ints("axes", 0))
		}, whole("a0", 0))},
		{"steps", weights, repeat(1, func(int) proto.Node { return op("a", "LSTM", in("t", "w", "r")) }, op("t", "Transpose", in("x"), ints("perm", 1, 0, 2)))},
	} {
		file := file(r.change, r.nodes...)
		var err error
		took := allocated(func() { err = tryRead(file) })
		t.Logf("%s: %d bytes for a file of %d: %v", r.name, took, len(file), err)
		require.Less(t, took, 64<<20+100*len(file), r.name)
	}
}

func whole1(name string, v int64) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Int, Int: v}
}

// TestDamage: a file with a wrong bit or without its end is an error or a network, and nothing else happens.
func TestDamage(t *testing.T) {
	net := layers.Sequential{layers.Conv1D{Filters: 2, Kernel: 2}, layers.BatchNorm{}, layers.Flatten{}, layers.Dense{Units: 2}}
	whole := written(t, compiled(t, network{"", net, []int{2, 3}}, tensor.Float32))
	for i := range whole {
		_ = tryRead(whole[:i])
		damaged := slices.Clone(whole)
		damaged[i] ^= 1 << (i % 8)
		_ = tryRead(damaged)
	}
}

// tryRead reads a file and compiles what it holds.
func tryRead(b []byte) error {
	net, err := onnx.Read(bytes.NewReader(b))
	if err != nil {
		return err
	}
	input := net.Input()
	for i, d := range input {
		if d == 0 {
			input[i] = 3
		}
	}
	_, err = graph.Compile(net, graph.Config{Input: input, Inputs: net.Inputs()})
	return err
}

// FuzzRead: no file makes reading or compiling panic, or take memory out of proportion to it.
func FuzzRead(f *testing.F) {
	for _, c := range golden.Own[torchCase](f, "torch.json") {
		f.Add(c.File)
	}
	for _, n := range append(slices.Clone(vocabulary), operations...) {
		f.Add(written(f, compiled(f, n, tensor.Float32)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var err error
		if n := allocated(func() { err = tryRead(b) }); n > 100<<20+100*len(b) {
			t.Errorf("%d bytes of memory for a file of %d: %v", n, len(b), err)
		}
	})
}
