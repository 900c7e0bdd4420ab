package onnx_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
)

// draws add random nodes to a sketch, by the name of a family of operators.
var draws = map[string]func(s *sketch){}

func drawing(name string, f func(s *sketch)) { draws[name] = f }

// wild are the families that get NaN, infinite and large numbers too. A Network does not read the files of loadOnly.
const (
	wild     = " unary settings binary mod bits compare folded where clip cast reshape transpose slice concat gather shapes-of pad split expand non-zero "
	loadOnly = " grid regions non-zero unique reverse compress gather-nd scatter-nd dequantize quantize quantized constants bits waves logic "
)

func in(list, name string) bool {
	return strings.Contains(list, " "+strings.ReplaceAll(name, " ", "-")+" ")
}

// sketched returns a file of one to six random nodes. If s.err is set, the last one cannot be run.
func sketched(seed uint64, forNetwork bool) *sketch {
	s := newSketch(seed, forNetwork)
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(draws)), func(name string) bool { return forNetwork && in(loadOnly, name) })
	for range s.between(1, 6) {
		if name := pick(s, names...); s.err == nil {
			s.special = in(wild, name) && !forNetwork
			draws[name](s)
		}
	}
	if len(s.model.Graph.Nodes) == 0 {
		s.add("Identity", []string{s.fresh(proto.Float32, s.shape(2)...).name}, 1)
	}
	s.finish(forNetwork)
	return s
}

// TestRandomFiles: for files of random nodes, with random attributes, types and shapes, a Runner computes node by node what it computes in
// one run, in the next run, and if all inputs are constants. A Network that reads the file computes the same, and with -long onnxruntime
// does. Errors are left out: TestRandomInputs is about them.
func TestRandomFiles(t *testing.T) {
	count, path := uint64(1000), filepath.Join(t.TempDir(), "model.onnx")
	var r *ort.Runtime
	if *long {
		if _, _, err := ort.Find(); err == nil {
			r = ort.Start(t)
		}
		count = 6000
	}
	computed, read, compared := 0, 0, 0
	for seed := range count {
		s := sketched(seed, seed%2 == 1)
		if s.err != nil {
			var fault runtime.Error
			require.False(t, errors.As(s.err, &fault), "%v\n%s", s.err, s)
			continue
		}
		computed++
		want := s.check(t)
		if s.network(t, want) {
			read++
		}
		if r == nil {
			continue
		}
		require.NoError(t, os.WriteFile(path, s.file(), 0o600))
		if theirs, err := ranElsewhere(r, path, s.feeds); err == nil {
			compared++
			for _, v := range s.model.Graph.Outputs {
				s.same(t, "onnxruntime", v.Name, theirs[v.Name], want[v.Name])
			}
		}
	}
	t.Logf("%d files: %d without an error, %d as a Network, %d by onnxruntime", count, computed, read, compared)
	require.Greater(t, computed, int(count/2))
	require.Greater(t, read, int(count/8))
}

// check runs the file by a Runner in several ways, and returns what it computes.
func (s *sketch) check(t *testing.T) map[string]onnx.Tensor {
	t.Helper()
	r, err := onnx.LoadBytes(s.file(), "")
	require.NoError(t, err, "%s", s)
	frozen, err := onnx.LoadBytes(s.frozen(), "")
	require.NoError(t, err, "%s", s)
	want := ran(t, r, s.feeds)
	again, constant, twice := ran(t, r, s.feeds), ran(t, frozen, nil), ran(t, frozen, nil)
	for name, v := range want {
		s.same(t, "the next run", name, v, again[name])
		s.same(t, "constant inputs", name, v, constant[name])
		s.same(t, "constant inputs, the next run", name, v, twice[name])
		if i := slices.IndexFunc(s.values, func(v made) bool { return v.name == name }); i >= 0 {
			s.same(t, "node by node", name, v, onnx.Tensor{Shape: s.values[i].shape, Data: s.values[i].data})
		}
	}
	return want
}

// network compares with a Network, and reports whether there is one. It computes in float64 if the file has any, and has no large integers.
func (s *sketch) network(t *testing.T, want map[string]onnx.Tensor) bool {
	t.Helper()
	net, err := onnx.Read(bytes.NewReader(s.file()))
	if err != nil || slices.ContainsFunc(s.values, func(v made) bool { return v.wild && !isFloat(v.kind) }) {
		return false
	}
	dt := tensor.Float32
	if slices.ContainsFunc(s.values, func(v made) bool { return v.kind == proto.Float64 }) {
		dt = tensor.Float64
	}
	m, err := graph.Compile(net, graph.Config{Input: net.Input(), Inputs: net.Inputs(), DType: dt})
	if err != nil {
		return false
	}
	feed := map[string]*tensor.Dense{}
	for i, v := range s.model.Graph.Inputs {
		x := tensor.New(tensor.WithShape(s.feeds[v.Name].Shape...), tensor.Of(dt))
		for k, e := range onnx.Doubles(s.feeds[v.Name]) {
			shift(x, k, e)
		}
		feed[map[bool]string{true: graph.MainInput, false: v.Name}[i == 0]] = x
	}
	got, err := m.PredictAll(context.Background(), feed)
	if err != nil {
		return false
	}
	for i, v := range s.model.Graph.Outputs {
		y := got[map[bool]string{true: graph.MainOutput, false: v.Name}[i == 0]]
		require.NotNil(t, y, "%s", s)
		doubles := make([]float64, y.Shape().TotalSize())
		for k := range doubles {
			doubles[k] = at(y, k)
		}
		w := want[v.Name]
		s.same(t, "a Network", v.Name, onnx.Tensor{Shape: w.Shape, Data: onnx.Doubles(w)}, onnx.Tensor{Shape: y.Shape(), Data: doubles})
	}
	return true
}

// String describes the file.
func (s *sketch) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "opset %d\n", s.opset)
	for _, n := range s.model.Graph.Nodes {
		fmt.Fprintf(&b, "%v = %s %v", n.Outputs, n.Operator, n.Inputs)
		for _, a := range n.Attributes {
			fmt.Fprintf(&b, " %s=%v %v%s%v%v", a.Name, a.Float, a.Int, a.String, a.Ints, a.Strings)
		}
		b.WriteByte('\n')
	}
	for _, v := range s.values {
		fmt.Fprintf(&b, "%s %v %v %.200s\n", v.name, v.kind, v.shape, fmt.Sprint(v.data))
	}
	return b.String()
}
