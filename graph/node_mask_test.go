package graph_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// TestMaskKept checks which operations keep a mask, and what they do to it. x is (2, 3, 4), with 2 and 3 valid steps.
func TestMaskKept(t *testing.T) {
	const given = "[1 1 0 1 1 1]"
	first := func(x graph.Node) graph.Node { return x.Slice(2, 0, 1).Reshape(2, 3) } // a mask of 1 and 0 in the data
	for _, row := range []struct {
		name string
		f    func(x, w graph.Node) graph.Node // x has the mask, w, (4, 4), has none
		want string                           // "" for no mask
	}{
		{"element by element", func(x, _ graph.Node) graph.Node { return x.Tanh().Scale(2).Add(x).StopGradient() }, given},
		{"a vector on the right", func(x, w graph.Node) graph.Node { return x.Mul(w.Sum(0)) }, given},
		{"a vector on the left", func(x, w graph.Node) graph.Node { return w.Sum(0).Sub(x) }, given},
		{"MatMul", func(x, w graph.Node) graph.Node { return x.MatMul(w) }, given},
		{"MatMul, summed over the steps", func(x, _ graph.Node) graph.Node { return x.SwapAxes(1, 2).MatMul(x.Masked(graph.Node{})) }, ""},
		{"MatMul, heads", func(x, _ graph.Node) graph.Node {
			h := x.Reshape(2, 3, 2, 2).Transpose(0, 2, 1, 3)
			return h.MatMul(h.SwapAxes(2, 3)).Softmax().MatMul(h).Transpose(0, 2, 1, 3).Reshape(2, 3, 4)
		}, given},
		{"Softmax", func(x, _ graph.Node) graph.Node { return x.Softmax() }, given},
		{"Softmax over the steps", func(x, _ graph.Node) graph.Node { return x.Softmax(1) }, ""},
		{"Sum", func(x, _ graph.Node) graph.Node { return x.Sum(2) }, given},
		{"Max", func(x, _ graph.Node) graph.Node { return x.Reshape(2, 3, 2, 2).Max(2, 3) }, given},
		{"Mean over the steps", func(x, _ graph.Node) graph.Node { return x.Mean(1) }, ""},
		{"Norm and Std", func(x, _ graph.Node) graph.Node { return x.Norm(2).Add(x.Std(2)) }, given},
		{"Where", func(x, _ graph.Node) graph.Node { return x.Where(x, x.Square()) }, given},
		{"along the features", func(x, _ graph.Node) graph.Node {
			sorted, _ := x.Sort(2)
			return x.CumSum(2, false, false).Add(sorted).Add(x.Resize(2, 2, graph.Resizing{}).Resize(2, 4, graph.Resizing{})).Add(x.ArgMax(2).Expand(2))
		}, given},
		{"CumSum over the steps", func(x, _ graph.Node) graph.Node { return x.CumSum(1, false, false) }, ""},
		{"Slice", func(x, _ graph.Node) graph.Node { return x.Slice(2, 1, 3) }, given},
		{"Slice of the steps", func(x, _ graph.Node) graph.Node { return x.Slice(1, 1, 0) }, "[1 0 1 1]"},
		{"Slice of the batch", func(x, _ graph.Node) graph.Node { return x.Slice(0, 0, 1) }, "[1 1 0]"},
		{"one step", func(x, _ graph.Node) graph.Node { return x.Slice(1, -1, 0).Reshape(2, 4) }, ""},
		{"Reverse", func(x, _ graph.Node) graph.Node { return x.Reverse(1) }, "[0 1 1 1 1 1]"},
		{"Pad", func(x, _ graph.Node) graph.Node { return x.Pad(2, 1, 1) }, given},
		{"Pad of the steps", func(x, _ graph.Node) graph.Node { return x.Pad(1, 1, 2) }, "[1 1 1 0 0 0 1 1 1 1 0 0]"},
		{"Concat", func(x, _ graph.Node) graph.Node { return graph.Concat(2, x.Masked(graph.Node{}), x) }, given},
		{"Concat of steps", func(x, _ graph.Node) graph.Node { return graph.Concat(1, x, x.Masked(graph.Node{}).Slice(1, 0, 1)) }, "[1 1 0 1 1 1 1 1]"},
		{"Concat of steps, two masks", func(x, _ graph.Node) graph.Node { return graph.Concat(1, x, x.Slice(1, 1, 0)) }, "[1 1 0 1 0 1 1 1 1 1]"},
		{"Transpose and back", func(x, _ graph.Node) graph.Node { return x.SwapAxes(1, 2).Tanh().SwapAxes(1, 2) }, given},
		{"Transpose of the steps", func(x, _ graph.Node) graph.Node { return x.SwapAxes(1, 2) }, ""},
		{"time first and back", func(x, _ graph.Node) graph.Node { return x.Transpose(1, 0, 2).Scale(2).Transpose(1, 0, 2) }, given},
		{"Reshape", func(x, _ graph.Node) graph.Node { return x.Reshape(2, 3, 2, 2) }, given},
		{"Reshape of one step of one sample", func(x, _ graph.Node) graph.Node { return x.Slice(0, 0, 1).Slice(1, 0, 1).Reshape(1, 1, 2, 2) }, "[1]"},
		{"Reshape of the steps", func(x, _ graph.Node) graph.Node { return x.Reshape(2, 12) }, ""},
		{"BroadcastTo", func(x, _ graph.Node) graph.Node { return x.Slice(2, 0, 1).BroadcastTo(2, 3, 5) }, given},
		{"BroadcastTo more rows", func(x, _ graph.Node) graph.Node { return x.Slice(0, 0, 1).BroadcastTo(2, 3, 4) }, "[1 1 0 1 1 0]"},
		{"BroadcastTo more steps", func(x, _ graph.Node) graph.Node { return x.Slice(1, 2, 3).BroadcastTo(2, 3, 4) }, ""},
		{"the last step at each", func(x, _ graph.Node) graph.Node { return x.Mul(x.Slice(1, 2, 3)) }, "[1 1 0 1 1 1]"},
		{"more rows on the right", func(x, _ graph.Node) graph.Node { return x.Slice(0, 0, 1).Add(x.Masked(graph.Node{})) }, "[1 1 0 1 1 0]"},
		{"more rows on the left", func(x, _ graph.Node) graph.Node { return x.Masked(graph.Node{}).Div(x.Slice(0, 0, 1)) }, "[1 1 0 1 1 0]"},
		{"more rows with a mask", func(x, _ graph.Node) graph.Node { return x.Reverse(1).Mul(x.Slice(0, 0, 1)) }, "[0 1 0 1 1 0]"},
		{"MatMul of more batches", func(x, _ graph.Node) graph.Node {
			return x.Slice(0, 0, 1).MatMul(x.Masked(graph.Node{}).SwapAxes(1, 2))
		}, "[1 1 0 1 1 0]"},
		{"OneHot", func(x, _ graph.Node) graph.Node { return x.Scale(0).OneHot(3) }, given},
		{"Gather", func(x, w graph.Node) graph.Node { return w.Gather(x.Scale(0)) }, given},
		{"Einsum, a linear map", func(x, w graph.Node) graph.Node { return graph.Einsum("bti,ij->btj", x, w) }, given},
		{"Einsum, the map first", func(x, w graph.Node) graph.Node { return graph.Einsum("ij,...j->...i", w, x) }, given},
		{"Einsum, a product of each step", func(x, _ graph.Node) graph.Node { return graph.Einsum("bti,btj->btij", x, x) }, given},
		{"Einsum, a sum of the features", func(x, _ graph.Node) graph.Node { return graph.Einsum("btf->bt", x) }, given},
		{"Einsum, a diagonal", func(x, _ graph.Node) graph.Node { return graph.Einsum("btii->bti", x.Reshape(2, 3, 2, 2)) }, given},
		{"Einsum, heads", func(x, _ graph.Node) graph.Node {
			h := x.Reshape(2, 3, 2, 2)
			return graph.Einsum("bhts,bshf->bthf", graph.Einsum("bthf,bshf->bhts", h, h.Masked(graph.Node{})), h.Masked(graph.Node{}))
		}, given},
		{"Einsum, time last and back", func(x, w graph.Node) graph.Node {
			return graph.Einsum("bft->btf", graph.Einsum("bti,if->bft", x, w))
		}, given},
		{"Einsum, time last", func(x, w graph.Node) graph.Node { return graph.Einsum("bti,if->bft", x, w) }, ""},
		{"Einsum, summed over the steps", func(x, _ graph.Node) graph.Node { return graph.Einsum("bti,btj->bij", x, x) }, ""},
		{"Einsum of two masks", func(x, _ graph.Node) graph.Node { return graph.Einsum("bti,bti->bt", x, x.Reverse(1)) }, "[0 1 0 1 1 1]"},
		{"Einsum of more rows", func(x, _ graph.Node) graph.Node {
			return graph.Einsum("bti,bti->bti", x.Slice(0, 0, 1), x.Masked(graph.Node{}))
		}, "[1 1 0 1 1 0]"},
		{"Einsum of more steps", func(x, _ graph.Node) graph.Node {
			return graph.Einsum("bti,bti->bti", x.Slice(1, 2, 3), x.Masked(graph.Node{}))
		}, ""},
		{"PNorm, LogSumExp and CumProd", func(x, _ graph.Node) graph.Node {
			return x.PNorm(3, 2).Add(x.LogSumExp(2)).Add(x.CumProd(2, true, false).Sum(2))
		}, given},
		{"CrossEntropy", func(x, _ graph.Node) graph.Node { return x.CrossEntropy(x.ArgMax(2)) }, given},
		{"ScatterAdd", func(x, _ graph.Node) graph.Node { return x.ScatterAdd(2, x.Scale(0), x) }, given},
		{"Normalize", func(x, _ graph.Node) graph.Node {
			m, v := x.Moments(2)
			return x.Normalize(m, v, 1e-3, graph.Node{}, graph.Node{})
		}, given},
		{"MaxPool", func(x, _ graph.Node) graph.Node { return x.MaxPool(graph.Window{Size: 2}) }, given},
		{"MaxPool over the steps", func(x, _ graph.Node) graph.Node {
			return x.SwapAxes(1, 2).MaxPool(graph.Window{Size: 1}).SwapAxes(1, 2)
		}, ""},
		{"Gorgonia", func(x, _ graph.Node) graph.Node {
			return graph.Gorgonia(func(x ...*gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Tanh(x[0]) }, x)
		}, ""},
		{"two masks", func(x, _ graph.Node) graph.Node { return x.Add(x.Masked(graph.Node{}).Masked(first(x))) }, "[0 1 0 0 1 0]"},
		{"masked twice", func(x, _ graph.Node) graph.Node { return x.Masked(first(x)) }, "[0 1 0 0 1 0]"},
		{"time last", func(x, _ graph.Node) graph.Node {
			m, _ := x.Mask()
			return x.SwapAxes(1, 2).Masked(graph.Node{}).Masked(m, -1).Tanh().SwapAxes(1, 2)
		}, given},
		{"removed", func(x, _ graph.Node) graph.Node { return x.Masked(graph.Node{}) }, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
				mask, ok := row.f(x[0].Masked(x[1]), x[2]).Mask()
				if !ok {
					return []graph.Node{x[0].Reshape(24).Slice(0, 0, 1).Scale(0).Shift(-1)}
				}
				return []graph.Node{mask}
			}, []int{2, 3, 4}, []int{2, 3}, []int{4, 4})
			require.NoError(t, err)
			values := make([]float64, 24)
			for i := range values {
				values[i] = float64(i / 4 % 3 % 2) // 0, 1, 0 for the steps of a sequence
			}
			dense := func(v []float64, shape ...int) *graph.Tensor {
				return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(slices.Clone(v)))
			}
			out, err := f.Call(t.Context(), dense(values, 2, 3, 4), dense([]float64{1, 1, 0, 1, 1, 1}, 2, 3), dense(values[:16], 4, 4))
			require.NoError(t, err)
			got := fmt.Sprint(out[0].Data())
			if got == "[-1]" {
				got = ""
			}
			require.Equal(t, row.want, got)
		})
	}
}

// TestFillPadding checks that whatever is in the padding is replaced, and that it has no gradient, in any order of the dimensions.
func TestFillPadding(t *testing.T) {
	for name, fill := range map[string]func(x graph.Node, v float64) graph.Node{
		"batch, time": func(x graph.Node, v float64) graph.Node { return x.FillPadding(v) },
		"time last":   func(x graph.Node, v float64) graph.Node { return x.SwapAxes(1, 2).FillPadding(v).SwapAxes(1, 2) },
		"time first": func(x graph.Node, v float64) graph.Node {
			return x.Transpose(1, 0, 2).FillPadding(v).Transpose(1, 0, 2)
		},
	} {
		for _, v := range []float64{0, 7, math.Inf(-1)} {
			t.Run(fmt.Sprint(name, v), func(t *testing.T) {
				f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
					y := fill(x[0].Masked(x[1]), v)
					return []graph.Node{y, graph.Grad(y.Square().FillPadding(0).Sum(), x[0])[0]}
				}, []int{1, 3, 2}, []int{1, 3})
				require.NoError(t, err)
				x := tensor.New(tensor.WithShape(1, 3, 2), tensor.WithBacking([]float64{1, 2, math.NaN(), math.Inf(1), 5, 6}))
				out, err := f.Call(t.Context(), x, tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float64{1, 0, 1})))
				require.NoError(t, err)
				require.Equal(t, []float64{1, 2, v, v, 5, 6}, out[0].Data())
				require.Equal(t, []float64{2, 4, 0, 0, 10, 12}, out[1].Data())
			})
		}
	}
}

// TestMaskedErrors checks the errors of masks that do not fit.
func TestMaskedErrors(t *testing.T) {
	for _, row := range []struct {
		shape []int
		want  string
	}{
		{[]int{2, 4}, "graph: Masked: got a mask of shape [2 4] for shape [2 3 4] with the time along axis 1, want (batch, time)"},
		{[]int{2}, "graph: Masked: got a mask of shape [2] for shape [2 3 4] with the time along axis 1, want (batch, time)"},
	} {
		_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{x[0].Masked(x[1])} }, []int{2, 3, 4}, row.shape)
		require.EqualError(t, err, row.want)
	}
}
