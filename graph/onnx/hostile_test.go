package onnx_test

import (
	"bytes"
	"fmt"
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

// TestMemory: reading a file of many small parts takes memory proportional to its size.
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
		{"numbers", file(nil, node("Transpose", x(), intsAttr("perm", make([]int64, n)...)))},
		{"tensors", file(func(m *proto.Model) {
			m.Graph.Initializers = slices.Repeat([]proto.Tensor{{Type: proto.Float32, Dims: []int64{0}}}, n)
		})},
		{"metadata", file(func(m *proto.Model) { m.Metadata = make([]proto.Property, n) })},
	} {
		t.Run(r.name, func(t *testing.T) {
			took := allocated(func() { _ = tryRead(r.file) })
			require.Less(t, took/len(r.file), 128, "bytes for each byte of the file")
			took = allocated(func() { _, _ = onnx.LoadBytes(r.file, "") })
			require.Less(t, took/len(r.file), 256, "bytes for each byte of the file, by Load")
		})
	}
}

// allocated returns how many bytes f allocates.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// TestMemoryOfGraph: files whose few nodes describe large graphs take little more memory than other small files.
func TestMemoryOfGraph(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector allocates memory, which this test measures")
	}
	const n = 1 << 20
	in := func(names ...string) []string { return names }
	op := func(output, operator string, inputs []string, attributes ...proto.Attribute) proto.Node {
		return proto.Node{Operator: operator, Inputs: inputs, Outputs: []string{output}, Attributes: attributes}
	}
	numbers := []proto.Node{intsNode("zero", 0), intsNode("one", 1), intsNode("many", n>>6), op("r", "Range", in("zero", "many", "one"))}
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
	pads := proto.Node{Operator: "Constant", Outputs: in("pads"), Attributes: []proto.Attribute{intsAttr("value_ints", 0, 0, 0, n/16)}}
	seven := proto.Node{Operator: "Constant", Outputs: in("seven"), Attributes: []proto.Attribute{{Name: "value_float", Kind: proto.Float, Float: 7}}}
	for _, r := range []struct {
		name   string
		change func(m *proto.Model)
		nodes  []proto.Node
	}{
		{"a range", nil, repeat(0, nil, append(slices.Clone(numbers), op("f", "Cast", in("r"), intAttr("to", 1)), op("a", "Add", in("f", "f")))...)},
		{"ranges", nil, repeat(100, func(i int) proto.Node { return op(name("a", i), "Range", in("zero", "many", "one")) }, numbers...)},
		{"casts", nil, repeat(100, func(i int) proto.Node { return op(name("a", i), "Cast", in("r"), intAttr("to", 1)) }, numbers...)},
		{"one list joined with itself", nil, repeat(1, func(int) proto.Node { return op("a", "Concat", slices.Repeat(in("r"), 1000), intAttr("axis", 0)) }, numbers...)},
		{"tables", nil, repeat(100, func(i int) proto.Node { return op(name("a", i), "Pad", in("x", "pads", "seven")) }, pads, seven)},
		{"rows", nil, repeat(100, func(i int) proto.Node { return op(name("a", i), "Gather", in("x", "index"), intAttr("axis", 1)) },
			append(slices.Clone(numbers), op("index", "Mul", in("r", "zero")))...)},
		{"axes", nil, repeat(100, func(i int) proto.Node { return op(name("a", i), "Slice", in("x", "index", "index", "index")) },
			append(slices.Clone(numbers), op("index", "Mul", in("r", "zero")))...)},
		{"dimensions", nil, repeat(1000, func(i int) proto.Node { return op(name("a", i), "Reshape", in("x", "shape")) },
			append(slices.Clone(numbers), op("index", "Mul", in("r", "zero")), op("shape", "Add", in("index", "one")))...)},
		{"a deep shape", nil, repeat(2000, func(i int) proto.Node {
			return op(name("a", i+1), "Unsqueeze", in(name("a", i)), intsAttr("axes", 0))
		}, op("a0", "Identity", in("x")))},
		{"a deep shape of numbers", nil, repeat(2000, func(i int) proto.Node {
			return op(name("a", i+1), "Unsqueeze", in(name("a", i)), intsAttr("axes", 0))
		}, intsNode("a0", 0))},
		{"steps", weights, repeat(1, func(int) proto.Node { return op("a", "LSTM", in("t", "w", "r")) }, op("t", "Transpose", in("x"), intsAttr("perm", 1, 0, 2)))},
	} {
		t.Run(r.name, func(t *testing.T) {
			file := file(r.change, r.nodes...)
			var err error
			took := allocated(func() { err = tryRead(file) })
			t.Logf("%d bytes for a file of %d: %v", took, len(file), err)
			require.Less(t, took, 64<<20+100*len(file))
		})
	}
}

// TestDamage: a file with a wrong bit or a missing end gives an error or a network, without a panic.
func TestDamage(t *testing.T) {
	net := layers.Sequential{layers.Conv1D{Filters: 2, Kernel: 2}, layers.BatchNorm{}, layers.Flatten{}, layers.Dense{Units: 2}}
	plain := written(t, compiled(t, network{"", net, []int{2, 3}}, tensor.Float32))
	for _, file := range [][]byte{plain, scanFile(intsAttr("scan_input_axes", 1, 1)), recurrentCases[5].file()} {
		for i := range file {
			_ = tryRead(file[:i])
			damaged := slices.Clone(file)
			damaged[i] ^= 1 << (i % 8)
			_ = tryRead(damaged)
		}
	}
}

// tryRead reads a file and compiles its network.
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

// FuzzRead: for any file, reading and compiling do not panic, and take memory proportional to its size.
func FuzzRead(f *testing.F) {
	for _, c := range golden.Own[torchCase](f, "torch.json") {
		f.Add(c.File)
	}
	f.Add(scanFile())
	for _, b := range moreCases() {
		f.Add(b)
	}
	f.Add(volumes("ConvTranspose", []int64{4, 3, 2, 3, 2}, intsAttr("strides", 2, 1, 3)))
	for _, n := range networks() {
		f.Add(written(f, compiled(f, n, tensor.Float32)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var err error
		if n := allocated(func() { err = tryRead(b) }); n > 100<<20+100*len(b) {
			t.Errorf("%d bytes of memory for a file of %d: %v", n, len(b), err)
		}
	})
}
