package graph_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestFunctionSideBySide: the methods of a Function may be called side by side; the race detector watches them.
func TestFunctionSideBySide(t *testing.T) {
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		return []graph.Node{layers.Dense{Units: 3}.Emit(s, x[0])}
	}, []int{2, 4})
	require.NoError(t, err)
	var wait, calls sync.WaitGroup
	var over atomic.Bool
	for _, read := range []func(){
		func() { require.Equal(t, []string{"weight", "bias"}, f.Params()) },
		func() { f.Weights() },
	} {
		wait.Go(func() {
			for !over.Load() {
				read()
			}
		})
	}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} { // the first call with a type adds its parameters
		calls.Go(func() {
			for range 20 {
				_, err := f.Call(context.Background(), tensor.New(tensor.Of(dtype), tensor.WithShape(2, 4)))
				require.NoError(t, err)
			}
		})
	}
	calls.Wait()
	over.Store(true)
	wait.Wait()
}
