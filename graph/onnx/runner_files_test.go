package onnx_test

import (
	"context"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/golden"
)

// TestRunnerNetworks: a Runner computes from the files of networks what the networks compute, for batches of any size.
func TestRunnerNetworks(t *testing.T) {
	for _, n := range networks() {
		t.Run(n.name, func(t *testing.T) {
			m := compiled(t, n, tensor.Float32)
			r, err := onnx.LoadBytes(written(t, m), "")
			require.NoError(t, err)
			for _, size := range []int{1, 3} {
				x := samples(size, n.input, tensor.Float32)
				in, err := onnx.FromDense(x)
				require.NoError(t, err)
				got, err := ran(t, r, map[string]onnx.Tensor{r.Inputs()[0].Name: in})[r.Outputs()[0].Name].Dense()
				require.NoError(t, err)
				near(t, predicted(t, m, x), got, 2e-5)
			}
		})
	}
}

// raw returns the bytes of float32s.
func raw(values ...float32) (b []byte) {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

// outside returns a model y = x·w, whose weights (4, 2) are in a file, and the entries that say where.
func outside(t *testing.T, location string, offset, length int64) []byte {
	t.Helper()
	return file(func(m *proto.Model) {
		w := proto.Tensor{Name: "w", Type: proto.Float32, Dims: []int64{4, 2}, External: &proto.External{Location: location, Offset: offset, Length: length}}
		m.Graph.Initializers = []proto.Tensor{w}
	}, node("MatMul", x("w")))
}

// TestExternalData: Load and Open read tensors in other files of the folder, and only there.
func TestExternalData(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "m.data"), raw(9, 1, 2, 3, 4, 5, 6, 7, 8), 0o600))
	path := filepath.Join(dir, "m.onnx")
	require.NoError(t, os.WriteFile(path, outside(t, "m.data", 4, 32), 0o600))
	r, err := onnx.Load(path)
	require.NoError(t, err)
	got := ran(t, r, map[string]onnx.Tensor{"x": float32s([]int{1, 4}, 1, 0, 0, 1)})
	require.Equal(t, []float32{8, 10}, got["y"].Data)
	net, err := onnx.Open(path)
	require.NoError(t, err)
	m, err := graph.Compile(net, graph.Config{Input: net.Input()})
	require.NoError(t, err)
	require.Equal(t, []float32{1, 2, 3, 4, 5, 6, 7, 8}, m.Weights()["w"].Data())
	secret := filepath.Join(filepath.Dir(dir), "secret")
	require.NoError(t, os.WriteFile(secret, make([]byte, 64), 0o600))
	require.NoError(t, os.Symlink(secret, filepath.Join(dir, "link")))
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"no file":          {outside(t, "none", 0, 32), "no such file"},
		"another folder":   {outside(t, "../secret", 0, 32), "escapes"},
		"an absolute path": {outside(t, secret, 0, 32), "escapes"},
		"a link":           {outside(t, "link", 0, 32), "escapes"},
		"too short":        {outside(t, "m.data", 8, 32), `got bytes 8 to 40 of "m.data", want some of its 36`},
		"another size":     {outside(t, "m.data", 0, 16), "external data: got 16 bytes, want 32 for float32 of [4 2]"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := onnx.LoadBytes(c.file, dir)
			require.ErrorContains(t, err, c.want)
		})
	}
	require.ErrorContains(t, tryRead(outside(t, "m.data", 4, 32)), `got elements in the file "m.data"`)
}

// TestFunctions: calls of functions in the file are replaced by their nodes, with the attributes of the call, by Load and Open.
func TestFunctions(t *testing.T) {
	inner := proto.Function{Name: "Twice", Domain: "own", Inputs: []string{"a"}, Outputs: []string{"c"}, Nodes: []proto.Node{op("c", "Add", []string{"a", "a"})}}
	alpha := proto.Attribute{Name: "alpha", Reference: "slope"}
	outer := proto.Function{
		Name: "Both", Domain: "own", Inputs: []string{"a"}, Outputs: []string{"r"}, Defaults: []proto.Attribute{{Name: "slope", Kind: proto.Float, Float: 0.5}},
		Nodes: []proto.Node{{Operator: "Twice", Domain: "own", Inputs: []string{"a"}, Outputs: []string{"t"}}, op("r", "LeakyRelu", []string{"t"}, alpha)},
	}
	call := func(from, to string, attributes ...proto.Attribute) proto.Node {
		return proto.Node{Name: to, Operator: "Both", Domain: "own", Inputs: []string{from}, Outputs: []string{to}, Attributes: attributes}
	}
	b := file(func(m *proto.Model) {
		m.Opsets = append(m.Opsets, proto.Opset{Domain: "own", Version: 1})
		m.Functions = []proto.Function{inner, outer}
	}, call("x", "h"), call("h", "y", proto.Attribute{Name: "slope", Kind: proto.Float, Float: 0.25}))
	r, err := onnx.LoadBytes(b, "")
	require.NoError(t, err)
	in := float32s([]int{1, 4}, -1, 2, 0, 8)
	got := ran(t, r, map[string]onnx.Tensor{"x": in})["y"]
	require.Equal(t, []float32{-0.5, 8, 0, 32}, got.Data)
	d, err := in.Dense()
	require.NoError(t, err)
	require.Equal(t, got.Data, predicted(t, imported(t, b), d).Data())
	endless := inner
	endless.Nodes = []proto.Node{{Operator: "Twice", Domain: "own", Inputs: []string{"a"}, Outputs: []string{"c"}}}
	_, err = onnx.LoadBytes(file(func(m *proto.Model) { m.Functions = []proto.Function{endless, outer} }, call("x", "y")), "")
	require.ErrorContains(t, err, "want at most 16")
}

// TestRunnerLimits: files that ask for much memory or work, or that never end, are errors soon.
func TestRunnerLimits(t *testing.T) {
	loop := func(body ...proto.Node) proto.Node {
		g := &proto.Graph{
			Nodes: body, Inputs: []proto.Value{value("i", proto.Int64), value("on", proto.Bool), value("s", proto.Float32, -1)},
			Outputs: []proto.Value{value("on", proto.Bool), value("s2", proto.Float32, -1)},
		}
		return op("y", "Loop", []string{"", "", "x"}, proto.Attribute{Name: "body", Kind: proto.Nested, Graph: g})
	}
	big := []proto.Node{intsNode("shape", 1<<14, 1<<14), op("a", "ConstantOfShape", []string{"shape"})}
	for name, c := range map[string]struct {
		nodes []proto.Node
		want  string
	}{
		"a large value":    {[]proto.Node{intsNode("shape", 1<<40), op("y", "ConstantOfShape", []string{"shape"})}, "got values that need more memory than the limit"},
		"a product":        {append(big, op("y", "MatMul", []string{"a", "a"})), "limit"},
		"an endless loop":  {[]proto.Node{loop(op("s2", "Identity", []string{"s"}))}, "got more work than the limit"},
		"a growing loop":   {[]proto.Node{loop(op("s2", "Concat", []string{"s", "s"}, intAttr("axis", 0)))}, "limit"},
		"a negative size":  {[]proto.Node{intsNode("shape", -2), op("y", "ConstantOfShape", []string{"shape"})}, "got a result of shape [-2], want dimensions of 0 or more"},
		"a large resizing": {[]proto.Node{intsNode("sizes", 1<<39), op("y", "Resize", []string{"x", "", "", "sizes"})}, "limit"},
	} {
		t.Run(name, func(t *testing.T) {
			r := loaded(t, proto.Graph{Nodes: c.nodes, Inputs: []proto.Value{value("x", proto.Float32, -1)}, Outputs: []proto.Value{value("y", proto.Float32)}})
			ctx, stop := context.WithTimeout(context.Background(), time.Minute)
			defer stop()
			_, err := onnx.RunLimited(ctx, r, map[string]onnx.Tensor{"x": float32s([]int{2}, 1, 2)}, 1<<26, 1<<26)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestRandomOperators: random operators draw from the distributions that they name, and the same numbers in each run.
func TestRandomOperators(t *testing.T) {
	shape := intsAttr("shape", 20000)
	r := loaded(t, proto.Graph{
		Nodes: []proto.Node{
			op("normal", "RandomNormal", nil, shape, proto.Attribute{Name: "mean", Kind: proto.Float, Float: 3}), op("uniform", "RandomUniform", nil, shape),
			op("bernoulli", "Bernoulli", []string{"uniform"}), op("like", "RandomNormalLike", []string{"uniform"}),
			op("yes", "Constant", nil, proto.Attribute{Name: "value", Kind: proto.Dense, Tensor: &proto.Tensor{Type: proto.Bool, Raw: []byte{1}}}),
			op("dropout", "Dropout", []string{"normal", "", "yes"}),
		},
		Outputs: []proto.Value{value("normal", proto.Float32, -1), value("uniform", proto.Float32, -1), value("bernoulli", proto.Float32, -1), value("like", proto.Float32, -1), value("dropout", proto.Float32, -1)},
	})
	got := ran(t, r, nil)
	for name, want := range map[string]float64{"normal": 3, "uniform": 0.5, "bernoulli": 0.5, "like": 0, "dropout": 3} {
		total := 0.0
		for _, v := range onnx.Doubles(got[name]) {
			total += v
		}
		require.InDelta(t, want, total/20000, 0.1, name)
	}
	require.Equal(t, got, ran(t, r, nil))
	require.NotEqual(t, got["normal"], got["like"])
}

// TestRunnerTorch: a Runner computes what PyTorch computed.
func TestRunnerTorch(t *testing.T) {
	for _, c := range golden.Own[torchCase](t, "torch.json") {
		t.Run(c.Name, func(t *testing.T) {
			r, err := onnx.LoadBytes(c.File, "")
			require.NoError(t, err)
			in, err := onnx.FromDense(c.Input.Dense(tensor.Float32))
			require.NoError(t, err)
			if p := r.Inputs()[0]; p.Type == "int64" {
				list := make([]int64, len(onnx.Doubles(in)))
				for i, v := range onnx.Doubles(in) {
					list[i] = int64(v)
				}
				in.Data = list
			}
			got, err := ran(t, r, map[string]onnx.Tensor{r.Inputs()[0].Name: in})[r.Outputs()[0].Name].Dense()
			require.NoError(t, err)
			c.Output.Equal(t, "output", got, golden.Tolerance{Relative: 5e-6, Absolute: 5e-6})
		})
	}
}
