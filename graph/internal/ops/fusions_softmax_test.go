package ops

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// softmaxGradOf returns the derivative of a Softmax of x for the gradient grad.
func softmaxGradOf(g *Graph, s Softmax, x, grad *Node) *Node {
	y := g.Must(s, x)
	return s.Diff(g, y, grad)[0]
}

// TestSoftmaxOfColumns compares a Softmax along each axis, and its derivative, with those of the last axis between two Transposes.
func TestSoftmaxOfColumns(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, shape := range [][]int{{2, 3, 4, 5}, {1, 7, 1, 1}, {3, 33, 9, 11}, {2, 1, 6, 1}, {4, 5, 100, 1}} {
			for axis := range shape {
				for _, log := range []bool{false, true} {
					g := NewGraph(dt)
					x, d := g.Input("x", shape), g.m1(Tanh, g.Input("d", shape))
					perm := []int{0, 1, 2, 3}
					perm[axis], perm[3] = perm[3], perm[axis]
					swap := Transpose{Encode(perm)}
					last := Softmax{Log: log}
					y := g.Must(swap, g.Must(last, g.Must(swap, x)))
					dx := g.Must(swap, softmaxGradOf(g, last, g.Must(swap, x), g.Must(swap, d)))
					s := Softmax{Log: log, Behind: 3 - axis}
					columns, grad := g.Must(s, x), softmaxGradOf(g, s, x, d)
					name := fmt.Sprintf("%v, %v, shape %v", dt, s, shape)
					if axis < 3 && shape[axis] > 1 {
						require.Contains(t, lowered(g, grad), "SoftmaxGrad", name)
					}
					for workers := 1; workers <= 3; workers++ {
						pool := kernels.NewPool(workers)
						require.InDeltaSlice(t, run(t, g, nil, y), run(t, g, pool, columns), 1e-6, name)
						require.InDeltaSlice(t, run(t, g, nil, dx), run(t, g, pool, grad), 2e-6, name)
						require.Equal(t, run(t, g, nil, grad), run(t, g, pool, grad), name)
						pool.Close()
					}
				}
			}
		}
	}
}

// TestSoftmaxAxis refuses axes that a shape does not have.
func TestSoftmaxAxis(t *testing.T) {
	for _, behind := range []int{-1, 2} {
		_, err := Softmax{Behind: behind}.Infer([][]int{{2, 3}})
		require.EqualError(t, err, fmt.Sprintf("got axis %d for shape [2 3], want -2 to -1", -1-behind))
	}
}
