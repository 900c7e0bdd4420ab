package ops

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// TestReduceRowsAlone reduces several rows at once and each by itself, on any number of workers. The bits must be equal, also those
// of zeros.
func TestReduceRowsAlone(t *testing.T) {
	for _, c := range []struct {
		row    []int
		reduce Reduce
	}{
		{[]int{2}, Reduce{From: 1, To: 2}},
		{[]int{3}, Reduce{From: 1, To: 2}},
		{[]int{3*perWorker + 5}, Reduce{From: 1, To: 2}},
		{[]int{16, 9, perWorker / 128}, Reduce{From: 1, To: 4}},
		{[]int{2, 37}, Reduce{From: 1, To: 2}},
		{[]int{3, 37}, Reduce{From: 1, To: 2}},
		{[]int{perWorker + 5, 2}, Reduce{From: 1, To: 2}},
		{[]int{3*perWorker + 5}, Reduce{From: 1, To: 2, Max: true}},
		{[]int{5, 37}, Reduce{From: 1, To: 2, Max: true}},
	} {
		t.Run(fmt.Sprint(c.reduce, c.row), func(t *testing.T) {
			const rows = 3
			rng := rand.New(rand.NewPCG(1, 2))
			x := tensors.New(tensor.Float64, append([]int{rows}, c.row...))
			data := tensors.Data[float64](x)
			for i := range data {
				data[i] = rng.NormFloat64()
			}
			for i := range len(data) / rows { // a row of zeros
				data[i] = math.Copysign(0, -1)
			}
			want := reduced(t, c.reduce, 1, x)
			require.Equal(t, want, reduced(t, c.reduce, 3, x))
			size, each := len(data)/rows, len(want)/rows
			for i := range rows {
				row := tensors.New(tensor.Float64, append([]int{1}, c.row...))
				copy(tensors.Data[float64](row), data[i*size:])
				for _, workers := range []int{1, 2} {
					require.Equal(t, want[i*each:(i+1)*each], reduced(t, c.reduce, workers, row), "row %d", i)
				}
			}
		})
	}
}

// reduced returns the bits of a reduction.
func reduced(t *testing.T, r Reduce, workers int, x *tensor.Dense) (bits []uint64) {
	p := kernels.NewPool(workers)
	defer p.Close()
	g := NewGraph(tensor.Float64)
	in := g.Input("x", x.Shape())
	l := Lower(g, []*Node{g.Must(r, in)}, &Env{Pool: p})
	l.Input(in).Set(x)
	l.Attach(NewMemory(l.Words))
	require.NoError(t, l.Run())
	for _, v := range tensors.Data[float64](l.Value(0)) {
		bits = append(bits, math.Float64bits(v))
	}
	return bits
}
