package graph_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	. "github.com/nndiy/nndiy/internal/extremes"
)

// TestOperationErrors: errors say what an operation got and what it wants.
func TestOperationErrors(t *testing.T) {
	first := func(v, _ graph.Node) graph.Node { return v }
	einsum := func(equation string) func(x graph.Node) graph.Node {
		return func(x graph.Node) graph.Node { return graph.Einsum(equation, x, x) }
	}
	for want, f := range map[string]func(x graph.Node) graph.Node{
		"ArgMax: got axis 2 for shape [2 3], want -2 to 1":                                      func(x graph.Node) graph.Node { return x.ArgMax(2) },
		"ArgMin: got axis -3 for shape [2 3]":                                                   func(x graph.Node) graph.Node { return x.ArgMin(-3) },
		"Sort: got axis 2 for shape [2 3]":                                                      func(x graph.Node) graph.Node { return first(x.Sort(2)) },
		"TopK: got k 4 for axis 1 of shape [2 3], want 1 to 3":                                  func(x graph.Node) graph.Node { return first(x.TopK(1, 4)) },
		"BottomK: got k 0 for axis 0 of shape [2 3], want 1 to 2":                               func(x graph.Node) graph.Node { return first(x.BottomK(0, 0)) },
		"CumSum: got axis 2":                                                                    func(x graph.Node) graph.Node { return x.CumSum(2, false, false) },
		"CumProd: got axis 2":                                                                   func(x graph.Node) graph.Node { return x.CumProd(2, false, false) },
		"GatherElements: got axis 2":                                                            func(x graph.Node) graph.Node { return x.GatherElements(2, x) },
		"GatherElements: got shape [2 3] and an index of shape [3], want equal dimensions":      func(x graph.Node) graph.Node { return x.GatherElements(1, x.Sum(0)) },
		"GatherElements: got shape [2 3] and an index of shape [1 3], want equal dimensions":    func(x graph.Node) graph.Node { return x.GatherElements(1, x.Slice(0, 0, 1)) },
		"ScatterAdd: got values of shape [1 3], want the shape [2 3] except along axis 1":       func(x graph.Node) graph.Node { v := x.Slice(0, 0, 1); return x.ScatterAdd(1, v, v) },
		"ScatterAdd: got values of shape [2 3] and an index of shape [2 2], want equal shapes":  func(x graph.Node) graph.Node { return x.ScatterAdd(1, x.Slice(1, 0, 2), x) },
		"ScatterAdd: got axis 2":                                                                func(x graph.Node) graph.Node { return x.ScatterAdd(2, x, x) },
		"Tile: got counts [2 0], want 1 or more":                                                func(x graph.Node) graph.Node { return x.Tile(2, 0) },
		"Repeat: got count -1, want 1 or more":                                                  func(x graph.Node) graph.Node { return x.Repeat(0, -1) },
		"Repeat: got axis 5":                                                                    func(x graph.Node) graph.Node { return x.Repeat(5, 1) },
		"Tril: got shape [3], want (..., rows, columns)":                                        func(x graph.Node) graph.Node { return x.Sum(0).Tril(0) },
		"LogSumExp: got axis 1 twice":                                                           func(x graph.Node) graph.Node { return x.LogSumExp(1, -1) },
		"CrossEntropy: got shape [2 3] and classes of shape [3], want (..., classes) and (...)": func(x graph.Node) graph.Node { return x.CrossEntropy(x.Sum(0)) },
		"PNorm: got p 0.5, want 1 or more":                                                      func(x graph.Node) graph.Node { return x.PNorm(0.5) },
		"PNorm: got p NaN, want 1 or more":                                                      func(x graph.Node) graph.Node { return x.PNorm(math.NaN()) },
		"Mod: got shapes [2 3] and [2], want dimensions that are equal or 1":                    func(x graph.Node) graph.Node { return x.Mod(x.Sum(1)) },
		`Einsum: got 2 nodes for the equation "ij->i", want 1`:                                  einsum("ij->i"),
		`equation "ij,jk": node 1: got shape [2 3], want 3 for dimension 0 as before`:           einsum("ij,jk"),
		`equation "ii,jk": node 0: got shape [2 3], want equal dimensions 0 and 1`:              einsum("ii,jk"),
		`equation "i,ij": node 0: got the term "i" of 1 letters for 2 dimensions`:               einsum("i,ij"),
		`equation "ijk...,ij": node 0: got the term "ijk..." of 3 letters for 2 dimensions`:     einsum("ijk...,ij"),
		`equation "i1,ij": node 0: got the term "i1", want letters and at most one ...`:         einsum("i1,ij"),
		`equation "ij,ij->k": result: got the letter 'k', want one of a node`:                   einsum("ij,ij->k"),
		`equation "ij,ij->ii": result: got the letter 'i' twice, want it once`:                  einsum("ij,ij->ii"),
	} {
		t.Run(want, func(t *testing.T) {
			_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{f(x[0])} }, []int{2, 3})
			require.ErrorContains(t, err, want)
		})
	}
	require.ErrorContains(t, graph.Einsum("i").Err(), "Einsum: got no nodes, want at least one")
}

// TestIndexErrors: an index out of range is an error of the data.
func TestIndexErrors(t *testing.T) {
	for name, f := range map[string]func(x graph.Node) graph.Node{
		"GatherElements(axis 1): element 4: got 3, want an integer from 0 to 2":   func(x graph.Node) graph.Node { return x.GatherElements(1, x) },
		"ScatterAdd(axis 1, 3): element 4: got 3, want an integer from 0 to 2":    func(x graph.Node) graph.Node { return x.ScatterAdd(1, x, x) },
		"GatherElements(axis 1): element 0: got 1.5, want an integer from 0 to 2": func(x graph.Node) graph.Node { return x.CrossEntropy(x.Sum(1).Scale(0.5)) },
	} {
		t.Run(name, func(t *testing.T) {
			m, err := graph.Compile(lambda(f), graph.Config{Input: []int{3}})
			require.NoError(t, err)
			_, err = m.Predict(context.Background(), Tensor(tensor.Float32, []float64{1, 0, 2, 1, 3, 2}, 2, 3))
			require.ErrorIs(t, err, graph.ErrInput)
			require.ErrorContains(t, err, name)
		})
	}
}

// TestLargeIndices: float32 has no odd integers above 2²⁴, so more elements than that are an error there.
func TestLargeIndices(t *testing.T) {
	const most = 1 << 24
	for name, f := range map[string]func(x graph.Node) graph.Node{
		"ArgMax":         func(x graph.Node) graph.Node { return x.ArgMax(1) },
		"TopK":           func(x graph.Node) graph.Node { _, i := x.TopK(1, 3); return i },
		"GatherElements": func(x graph.Node) graph.Node { return x.GatherElements(1, x.Slice(1, 0, 2)) },
		"ScatterAdd":     func(x graph.Node) graph.Node { return x.ScatterAdd(1, x.Slice(1, 0, 2), x.Slice(1, 0, 2)) },
		"OneHot":         func(x graph.Node) graph.Node { return x.Slice(1, 0, 1).OneHot(x.Dim(1)).Slice(2, 0, 1) },
		"Gather":         func(x graph.Node) graph.Node { return x.Reshape(-1, x.Dim(0)).Gather(x.Slice(1, 0, 1)) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				for _, n := range []int{most, most + 1} {
					_, err := graph.Compile(lambda(f), graph.Config{Input: []int{n}, DType: dt})
					if n == most || dt == tensor.Float64 {
						require.NoError(t, err)
						continue
					}
					require.ErrorContains(t, err, fmt.Sprintf("%s: got indices of %d elements, want at most 16777216 in float32", name, n))
				}
			}
		})
	}
}

// TestThreads: the number of threads changes no bit.
func TestThreads(t *testing.T) {
	net := lambda(func(x graph.Node) graph.Node {
		v, i := x.Sort(1)
		top, _ := x.TopK(2, 3)
		y := graph.Concat(2, v.CumSum(1, false, false).ScatterAdd(1, i, x), x.CumProd(1, false, true), x.GatherElements(1, i), top, x.Triu(1))
		return graph.Concat(2, y, x.ArgMax(2).Expand(2), x.LogSumExp(1).Expand(1).Tile(1, x.Dim(1), 1))
	})
	x := tensor.New(tensor.WithShape(9, 70, 65), tensor.Of(tensor.Float32))
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range x.Float32s() {
		x.Float32s()[i] = float32(rng.NormFloat64())
	}
	var want []float32
	for _, workers := range []int{1, 2, 3, 5} {
		m, err := graph.Compile(net, graph.Config{Input: []int{70, 65}, Workers: workers})
		require.NoError(t, err)
		y, err := m.Predict(context.Background(), x)
		require.NoError(t, err)
		if want == nil {
			want = y.Float32s()
		}
		require.Equal(t, want, y.Float32s(), "%d workers", workers)
	}
}

// TestSmallShapes: axes of one element.
func TestSmallShapes(t *testing.T) {
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		v, i := x[0].Sort(0)
		k, _ := x[0].TopK(0, 1)
		zero := x[0].ArgMax(0).Expand(0)
		return []graph.Node{
			v, i, k, zero, x[0].CumSum(0, false, false), x[0].CumSum(0, true, true), x[0].CumProd(0, false, true), x[0].CumProd(0, true, false),
			x[0].GatherElements(0, zero), x[0].ScatterAdd(0, zero, x[0]), x[0].Tile(1), x[0].Repeat(0, 1), x[0].Expand(0).Triu(0), x[0].LogSumExp(),
			x[0].PNorm(3), graph.Einsum("i->", x[0]), x[0].CrossEntropy(x[0].ArgMax(0)), graph.Grad(x[0].CumProd(0, false, false).Sum(), x[0])[0],
		}
	}, []int{1})
	require.NoError(t, err)
	out, err := f.Call(context.Background(), Tensor(tensor.Float64, []float64{-7}, 1))
	require.NoError(t, err)
	for i, want := range []float64{-7, 0, -7, 0, -7, 0, -7, 1, -7, -14, -7, -7, -7, -7, 7, -7, 0, 1} {
		require.InDelta(t, want, Floats(out[i])[0], 1e-14, "result %d", i)
	}
}
