package graphtest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// recorder is a test that keeps its errors.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

// TestBadInput: wrong arguments are errors of the test that say what is wanted, and no panics.
func TestBadInput(t *testing.T) {
	x, same := Check{}.Random(2, 3), func(_ *graph.Scope, x ...graph.Node) graph.Node { return x[0] }
	mse := losses.MeanSquaredError{}
	m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{3}, Loss: mse, Seed: 1})
	require.NoError(t, err)
	for _, c := range []struct {
		name string
		f    func(t testing.TB)
		want string
	}{
		{"no tensor", func(t testing.TB) { Func(t, same, x, nil) }, "graphtest: input 1: got a nil tensor, want one"},
		{"an empty tensor", func(t testing.TB) { Func(t, same, &tensor.Dense{}) }, "graphtest: input 0: "},
		{"no inputs", func(t testing.TB) { Func(t, same) }, "graphtest: "},
		{"no function", func(t testing.TB) { Func(t, nil, x) }, "graphtest: got a nil function, want one"},
		{"a zero node", func(t testing.TB) { Func(t, func(*graph.Scope, ...graph.Node) graph.Node { return graph.Node{} }, x) }, "graphtest: "},
		{"integers", func(t testing.TB) { Func(t, same, tensor.New(tensor.WithBacking([]int{1, 2}))) }, "graphtest: input 0: "},
		{"no prediction", func(t testing.TB) { Loss(t, mse, nil, x) }, "graphtest: input 0: got a nil tensor, want one"},
		{"no target", func(t testing.TB) { Loss(t, mse, x, nil) }, "graphtest: "},
		{"no loss", func(t testing.TB) { Loss(t, nil, x, x) }, "graphtest: got a nil loss, want one"},
		{"another target", func(t testing.TB) { Loss(t, mse, x, Check{}.Random(5)) }, "graphtest: "},
		{"no layer", func(t testing.TB) { Layer(t, nil, 2, 3) }, "graphtest: "},
		{"no shape", func(t testing.TB) { Layer(t, layers.Dense{Units: 1}) }, "graphtest: "},
		{"a size of 0", func(t testing.TB) { Layer(t, layers.Dense{Units: 1}, 0, 3) }, "graphtest: shape: got [0 3], want sizes of 1 or more"},
		{"a size below 0", func(t testing.TB) { Layer(t, layers.Dense{Units: 1}, -2, -3) }, "graphtest: shape: got [-2 -3], want sizes of 1 or more"},
		{"no model", func(t testing.TB) { Stored(t, nil, graph.Arrays{X: x, Y: x}) }, "graphtest: Stored: "},
		{"no data", func(t testing.TB) { Stored(t, m, graph.Arrays{}) }, "graphtest: Stored: "},
		{"a nil row of data", func(t testing.TB) { Stored(t, m, graph.Arrays{Y: x}) }, "graphtest: Stored: "},
		{"few rows", func(t testing.TB) { Stored(t, m, graph.Arrays{X: x, Y: Check{}.Random(2, 1)}) }, "graphtest: Stored: got 2 rows, want at least 4"},
		{"no optimizer", func(t testing.TB) { Stored(t, m, graph.Arrays{X: Check{}.Random(4, 3), Y: Check{}.Random(4, 1)}) }, "graphtest: Stored: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &recorder{TB: t}
			require.NotPanics(t, func() { c.f(r) })
			require.NotEmpty(t, r.errors)
			for _, e := range r.errors {
				require.Contains(t, e, c.want)
			}
		})
	}
}

// TestInputsStay: a check changes neither the tensors nor the list that it gets.
func TestInputsStay(t *testing.T) {
	a := Check{}.Random(2, 3)
	list, before := []*tensor.Dense{a}, a.Clone().(*tensor.Dense)
	Func(t, func(_ *graph.Scope, x ...graph.Node) graph.Node { return x[0].Square() }, list...)
	require.Same(t, a, list[0])
	require.Equal(t, before.Float64s(), a.Float64s())
}
