package graphtest

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/extremes"
	"github.com/nndiy/nndiy/internal/golden"
)

// An operationCase is an operation computed by PyTorch, with the gradients of the sum of output·weights.
type operationCase struct {
	Name    string
	Inputs  []numbers
	Output  numbers
	Weights *numbers
	Grads   []numbers
}

// numbers is a tensor in a file. Elements that are not finite are strings.
type numbers struct{ golden.Tensor }

func (n *numbers) UnmarshalJSON(b []byte) error {
	var v struct {
		Shape []int
		Data  []json.RawMessage
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	n.Shape = v.Shape
	for _, d := range v.Data {
		x, err := strconv.ParseFloat(strings.Trim(string(d), `"`), 64)
		if err != nil {
			return err
		}
		n.Data = append(n.Data, x)
	}
	return nil
}

// equal is golden.Tensor.Equal for tensors that may contain NaN.
func (n numbers) equal(t *testing.T, what string, got *tensor.Dense, limit golden.Tolerance) {
	t.Helper()
	want := golden.Tensor{Shape: n.Shape, Data: slices.Clone(n.Data)}
	values := slices.Clone(extremes.Floats(got))
	for i, v := range n.Data {
		if math.IsNaN(v) && math.IsNaN(values[i]) {
			want.Data[i], values[i] = 0, 0
		}
	}
	want.Equal(t, what, extremes.Tensor(tensor.Float64, values, got.Shape()...), limit)
}

// operation returns the operation of a case.
func (c operationCase) operation(t *testing.T, s *graph.Scope, x []graph.Node) graph.Node {
	name, text, _ := strings.Cut(c.Name, " ")
	number := func() float64 {
		v, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		return v
	}
	table := func(shape []int, data ...float64) graph.Node {
		return s.Table(func(i int) float64 { return data[i] }, shape...)
	}
	index := []float64{0, 3, 2, 2, 0, 1, 1, 1, 1, 0, 3, 3}
	first := func(v, _ graph.Node) graph.Node { return v }
	second := func(_, i graph.Node) graph.Node { return i }
	switch c.Name {
	case "arg max":
		return x[0].ArgMax(1)
	case "arg min":
		return x[0].ArgMin(-x[0].Rank() + 1)
	case "sort":
		return first(x[0].Sort(1))
	case "sort, index":
		return second(x[0].Sort(1))
	case "top 2":
		return first(x[0].TopK(1, 2))
	case "top 2, index":
		return second(x[0].TopK(1, 2))
	case "bottom 2":
		return first(x[0].BottomK(1, 2))
	case "cumulative sum":
		return x[0].CumSum(1, false, false)
	case "cumulative sum, reverse":
		return x[0].CumSum(1, false, true)
	case "cumulative product":
		return x[0].CumProd(1, false, false)
	case "gather elements":
		return x[0].GatherElements(1, table([]int{2, 3, 2}, index...))
	case "scatter add":
		return x[0].ScatterAdd(1, table([]int{2, 3, 2}, index...), x[1])
	case "tile":
		return x[0].Tile(2, 1, 3)
	case "repeat":
		return x[0].Repeat(1, 3)
	case "round":
		return x[0].Round()
	case "ceil":
		return x[0].Ceil()
	case "mod":
		return x[0].Mod(x[1])
	case "log sum exp":
		return x[0].LogSumExp()
	case "log sum exp 1":
		return x[0].LogSumExp(1)
	case "cross-entropy":
		return x[0].CrossEntropy(table([]int{2, 3}, 0, 2, 1, 3, 3, 0))
	}
	switch name {
	case "tril":
		return x[0].Tril(int(number()))
	case "triu":
		return x[0].Triu(int(number()))
	case "norm":
		return x[0].PNorm(number(), 1)
	case "einsum":
		return graph.Einsum(text, x...)
	}
	t.Fatalf("no operation %q", c.Name)
	return graph.Node{}
}

// TestOperationsAgreeWithPyTorch compares values and gradients.
func TestOperationsAgreeWithPyTorch(t *testing.T) {
	for _, c := range golden.Own[operationCase](t, "operations.json") {
		t.Run(c.Name, func(t *testing.T) {
			var shapes [][]int
			for _, x := range c.Inputs {
				shapes = append(shapes, x.Shape)
			}
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				y := c.operation(t, s, x)
				if c.Weights == nil {
					return []graph.Node{y}
				}
				return append([]graph.Node{y}, graph.Grad(y.Mul(s.Constant(c.Weights.Dense(tensor.Float64))).Sum(), x...)...)
			}, shapes...)
			require.NoError(t, err)
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				limit := golden.Tolerance{Relative: 1e-12, Absolute: 1e-13}
				if dt == tensor.Float32 {
					limit = golden.Tolerance{Relative: 1e-5, Absolute: 1e-5}
				}
				var in []*tensor.Dense
				for _, x := range c.Inputs {
					in = append(in, x.Dense(dt))
				}
				out, err := f.Call(context.Background(), in...)
				require.NoError(t, err)
				c.Output.equal(t, "value", out[0], limit)
				for i, g := range c.Grads {
					g.equal(t, "gradient", out[1+i], limit)
				}
			}
		})
	}
}
