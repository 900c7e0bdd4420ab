package onnx_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// op returns a node with one output.
func op(output, operator string, inputs []string, attributes ...proto.Attribute) proto.Node {
	return proto.Node{Operator: operator, Inputs: inputs, Outputs: []string{output}, Attributes: attributes}
}

// value returns the declaration of an input or an output; a dimension below 0 is open, and has the name n.
func value(name string, kind proto.ElementType, dims ...int64) proto.Value {
	v := proto.Value{Name: name, Type: kind, Dims: []proto.Dim{}}
	for _, d := range dims {
		if d < 0 {
			v.Dims = append(v.Dims, proto.Dim{Name: "n"})
		} else {
			v.Dims = append(v.Dims, proto.Dim{Size: d})
		}
	}
	return v
}

// loaded returns the runner of a graph.
func loaded(t testing.TB, g proto.Graph) *onnx.Runner {
	t.Helper()
	r, err := onnx.LoadBytes(proto.Encode(&proto.Model{IR: 8, Opsets: []proto.Opset{{Version: 17}}, Graph: g}), "")
	require.NoError(t, err)
	return r
}

// ran returns all outputs of a run.
func ran(t testing.TB, r *onnx.Runner, inputs map[string]onnx.Tensor, outputs ...string) map[string]onnx.Tensor {
	t.Helper()
	out, err := r.Run(context.Background(), inputs, outputs...)
	require.NoError(t, err)
	return out
}

func float32s(shape []int, data ...float32) onnx.Tensor { return onnx.Tensor{Shape: shape, Data: data} }

// TestRunner: scalars, empty tensors, integers, bools and half precision go in and come out, by name.
func TestRunner(t *testing.T) {
	r := loaded(t, proto.Graph{
		Nodes: []proto.Node{
			op("y", "Mul", []string{"x", "factor"}), op("count", "Size", []string{"x"}), op("large", "Greater", []string{"x", "factor"}),
			op("half", "Cast", []string{"x"}, intAttr("to", int64(proto.Float16))), op("where", "NonZero", []string{"large"}),
		},
		Inputs:  []proto.Value{value("x", proto.Float32, -1, 2), value("factor", proto.Float32)},
		Outputs: []proto.Value{value("y", proto.Float32, -1, 2), value("count", proto.Int64), value("large", proto.Bool, -1, 2), value("half", proto.Float16, -1, 2), value("where", proto.Int64, 2, -1)},
	})
	require.Equal(t, []onnx.Port{{Name: "x", Type: "float32", Shape: []int{graph.Any, 2}, Symbols: []string{"n", ""}}, {Name: "factor", Type: "float32", Shape: []int{}, Symbols: []string{}}}, r.Inputs())
	x := float32s([]int{2, 2}, 1, 2, 3, 4)
	got := ran(t, r, map[string]onnx.Tensor{"x": x, "factor": float32s(nil, 2)})
	require.Equal(t, map[string]onnx.Tensor{
		"y": float32s([]int{2, 2}, 2, 4, 6, 8), "count": {Shape: []int{}, Data: []int64{4}}, "large": {Shape: []int{2, 2}, Data: []bool{false, false, true, true}},
		"half":  {Shape: []int{2, 2}, Data: []onnx.Float16{0x3c00, 0x4000, 0x4200, 0x4400}},
		"where": {Shape: []int{2, 2}, Data: []int64{1, 1, 0, 1}},
	}, got)
	none := ran(t, r, map[string]onnx.Tensor{"x": float32s([]int{0, 2}), "factor": float32s(nil, 2)}, "y", "where")
	require.Equal(t, map[string]onnx.Tensor{"y": {Shape: []int{0, 2}, Data: []float32{}}, "where": {Shape: []int{2, 0}, Data: []int64{}}}, none)
	b, err := r.Bind("factor", float32s(nil, 3))
	require.NoError(t, err)
	require.True(t, b.Inputs()[1].Optional)
	require.Equal(t, []float32{3, 6, 9, 12}, ran(t, b, map[string]onnx.Tensor{"x": x}, "y")["y"].Data)
}

// TestRunnerErrors: wrong inputs and outputs are errors that name them.
func TestRunnerErrors(t *testing.T) {
	r := loaded(t, proto.Graph{
		Nodes:   []proto.Node{op("y", "Add", []string{"a", "b"}), op("z", "Div", []string{"i", "i"})},
		Inputs:  []proto.Value{value("a", proto.Float32, -1, 2), value("b", proto.Float32, -1, 2), value("i", proto.Int64)},
		Outputs: []proto.Value{value("y", proto.Float32, -1, 2), value("z", proto.Int64)},
	})
	a, zero := float32s([]int{1, 2}, 1, 2), onnx.Tensor{Data: []int64{0}}
	for _, c := range []struct {
		name   string
		inputs map[string]onnx.Tensor
		want   string
	}{
		{"an input is missing", map[string]onnx.Tensor{"a": a, "i": zero}, `onnx: Run: got no input "b", want one`},
		{"an unknown input", map[string]onnx.Tensor{"c": a}, `onnx: Run: got input "c", want one of ["a" "b" "i"]`},
		{"another rank", map[string]onnx.Tensor{"a": float32s([]int{2}, 1, 2)}, `input "a": got shape [2], want [-1 2]`},
		{"another size", map[string]onnx.Tensor{"a": float32s([]int{1, 3}, 1, 2, 3)}, `input "a": got shape [1 3], want [-1 2]`},
		{"another type", map[string]onnx.Tensor{"a": {Shape: []int{1, 2}, Data: []float64{1, 2}}}, `input "a": got elements of float64, want float32`},
		{"no elements", map[string]onnx.Tensor{"a": {Shape: []int{1, 2}}}, `input "a": got elements <nil>, want a slice of numbers or bools`},
		{"too few elements", map[string]onnx.Tensor{"a": float32s([]int{1, 2}, 1)}, `input "a": got 1 elements for shape [1 2], want 2`},
		{"dimensions of one name", map[string]onnx.Tensor{"a": a, "b": float32s([]int{2, 2}, 1, 2, 3, 4), "i": zero}, `input "b": got 2 for dimension "n", want 1 as in other inputs`},
		{"a fault of a node", map[string]onnx.Tensor{"a": a, "b": a, "i": zero}, "onnx: Run: z (Div): got a division by 0, want another divisor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := r.Run(context.Background(), c.inputs)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := r.Run(context.Background(), map[string]onnx.Tensor{"a": a, "b": a, "i": zero}, "w")
	require.ErrorContains(t, err, `onnx: Run: got output "w", want one of [`)
	require.ErrorContains(t, err, `], or another value of the file`)
	_, err = r.Bind("w", a)
	require.ErrorContains(t, err, `onnx: Bind: got input "w"`)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	_, err = r.Run(ctx, map[string]onnx.Tensor{"a": a, "b": a, "i": zero})
	require.ErrorIs(t, err, context.Canceled)
}

// TestBindDimensions: dimensions of one name are equal, whether Run or Bind gets them; an input of Run replaces a bound one.
func TestBindDimensions(t *testing.T) {
	r := loaded(t, proto.Graph{
		Nodes:   []proto.Node{op("y", "Add", []string{"a", "b"})},
		Inputs:  []proto.Value{value("a", proto.Float32, -1), value("b", proto.Float32, -1)},
		Outputs: []proto.Value{value("y", proto.Float32, -1)},
	})
	one, two := float32s([]int{1}, 1), float32s([]int{2}, 2, 3)
	type list = map[string]onnx.Tensor
	for _, c := range []struct {
		name        string
		bound       []list // one after the other
		inputs      list
		failed      string // the error begins with it
		got, wanted int
	}{
		{"bound to 1", []list{{"b": one}}, list{"a": two}, `onnx: Run: input "a"`, 2, 1},
		{"bound to 2", []list{{"a": two}}, list{"b": one}, `onnx: Run: input "b"`, 1, 2},
		{"both bound", []list{{"a": two}, {"b": one}}, nil, `onnx: Bind: input "b"`, 1, 2},
		{"equal", []list{{"b": two}}, list{"a": two}, "", 0, 0},
		{"bound again", []list{{"b": one}, {"b": two}}, list{"a": two}, "", 0, 0},
		{"replaced", []list{{"b": one}}, list{"a": two, "b": two}, "", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			bound, err := r, error(nil)
			for _, b := range c.bound {
				for name, v := range b {
					if err == nil {
						bound, err = bound.Bind(name, v)
					}
				}
			}
			if err == nil {
				_, err = bound.Run(context.Background(), c.inputs)
			}
			if c.failed == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, fmt.Sprintf(`%s: got %d for dimension "n", want %d as in other inputs`, c.failed, c.got, c.wanted))
		})
	}
}

// TestLoadErrors: what is not supported is an error that names the operator, the attribute and the node.
func TestLoadErrors(t *testing.T) {
	for name, c := range map[string]struct {
		node proto.Node
		want string
	}{
		"operator":    {node("StringNormalizer", x()), "n (StringNormalizer): got an unsupported operator"},
		"attribute":   {node("Relu", x(), intAttr("slope", 1)), `n (Relu): got unsupported attribute "slope"`},
		"domain":      {proto.Node{Name: "n", Operator: "Relu", Domain: "com.microsoft", Inputs: x(), Outputs: []string{"y"}}, `n (Relu): got domain "com.microsoft"`},
		"input":       {node("Relu", []string{"v"}), `n (Relu): got input "v", want an output of an earlier node`},
		"many inputs": {node("Relu", x("x")), "n (Relu): got 2 inputs, want 1 to 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := onnx.LoadBytes(file(nil, c.node), "")
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := onnx.Load(filepath.Join(t.TempDir(), "none.onnx"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "onnx: Load: ")
}

// TestDense: tensors become gorgonia's and back, scalars too; what gorgonia lacks is an error.
func TestDense(t *testing.T) {
	for _, d := range []*tensor.Dense{
		tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 2, 3, 4})), tensor.New(tensor.FromScalar(int64(3))), tensor.New(tensor.WithBacking([]bool{true, false})),
	} {
		x, err := onnx.FromDense(d)
		require.NoError(t, err)
		back, err := x.Dense()
		require.NoError(t, err)
		require.True(t, slices.Equal(d.Shape(), back.Shape()))
		require.Equal(t, d.Data(), back.Data())
	}
	view, err := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{1, 2, 3, 4})).Slice(nil, tensor.S(1))
	require.NoError(t, err)
	x, err := onnx.FromDense(view.(*tensor.Dense))
	require.NoError(t, err)
	require.Equal(t, []float32{2, 4}, x.Data)
	_, err = onnx.Tensor{Shape: []int{0}, Data: []float32{}}.Dense()
	require.ErrorContains(t, err, "got an empty tensor of shape [0]")
	_, err = onnx.Tensor{Shape: []int{1}, Data: []onnx.Float16{1}}.Dense()
	require.ErrorContains(t, err, "onnx: Dense: got elements []onnx.Float16")
	require.Equal(t, float32(1.5), onnx.NewFloat16(1.5).Float32())
	require.Equal(t, float32(-2), onnx.NewBFloat16(-2).Float32())
}
