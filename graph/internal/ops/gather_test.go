package ops

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// TestIndices runs the ops that read indices with workers that divide them: the values are those of one worker, and the error is about
// the first index that is wrong.
func TestIndices(t *testing.T) {
	const count, rows, width = 5000, 7, 33
	index, x := tensors.New(tensor.Float32, []int{count}), tensors.New(tensor.Float32, []int{rows, width})
	grad := tensors.New(tensor.Float32, []int{count, width})
	for i := range count {
		tensors.Data[float32](index)[i] = float32(i * i % rows)
	}
	for i := range count * width {
		tensors.Data[float32](grad)[i] = float32(i % 101)
		tensors.Data[float32](x)[i%(rows*width)] = float32(i % 89)
	}
	for name, build := range map[string]func(g *Graph, x, index, grad *Node) *Node{
		"Gather":  func(g *Graph, x, index, _ *Node) *Node { return g.Must(Gather{}, x, index) },
		"Scatter": func(g *Graph, _, index, grad *Node) *Node { return g.Must(Scatter{rows}, grad, index) },
		"OneHot":  func(g *Graph, _, index, _ *Node) *Node { return g.Must(OneHot{rows}, index) },
	} {
		run := func(workers int) ([]float32, error) {
			p := kernels.NewPool(workers)
			defer p.Close()
			g := NewGraph(tensor.Float32)
			nx, ni, ng := g.Input("x", []int{rows, width}), g.Input("index", []int{count}), g.Input("grad", []int{count, width})
			l := Lower(g, []*Node{build(g, nx, ni, ng)}, &Env{Pool: p})
			for n, v := range map[*Node]*tensor.Dense{nx: x, ni: index, ng: grad} {
				if in := l.Input(n); in != nil {
					in.Set(v)
				}
			}
			l.Attach(NewMemory(l.Words))
			if err := l.Run(); err != nil {
				return nil, err
			}
			return append([]float32(nil), tensors.Data[float32](l.Value(0))...), nil
		}
		t.Run(name, func(t *testing.T) {
			want, err := run(1)
			require.NoError(t, err)
			got, err := run(3)
			require.NoError(t, err)
			require.Equal(t, want, got)
			i := tensors.Data[float32](index)
			old := append([]float32(nil), i...)
			defer copy(i, old)
			for _, at := range []int{4999, 4000, 2600, 1700, 100} {
				i[at] = rows + float32(at)
				for workers := range 3 {
					_, err := run(workers + 1)
					require.ErrorContains(t, err, fmt.Sprintf("element %d: got ", at))
					require.ErrorContains(t, err, fmt.Sprintf("%v, want an integer from 0 to %d", i[at], rows-1))
				}
			}
		})
	}
}
