package ops

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// TestConvPair computes a convolution of each channel by itself after one with kernels of one element, with and without epilogues, as
// one op and, with the values between as a second output, as two. Small images and float64 stay two.
func TestConvPair(t *testing.T) {
	plain := func(n int) kernels.Window { return kernels.Window{In: n, Kernel: 1, Stride: 1, Dilation: 1} }
	around := func(n int) kernels.Window {
		return kernels.Window{In: n, Kernel: 3, Stride: 2, Dilation: 1, Before: 1, After: 1}
	}
	for _, r := range []struct {
		name             string
		size             int
		dtype            tensor.Dtype
		biased, activate bool
	}{
		{"small", 9, tensor.Float32, true, true},
		{"float64", 30, tensor.Float64, true, true},
		{"epilogues", 30, tensor.Float32, true, true},
		{"activations", 30, tensor.Float32, false, true},
		{"biases", 30, tensor.Float32, true, false},
		{"convolutions", 30, tensor.Float32, false, false},
	} {
		t.Run(r.name, func(t *testing.T) {
			g := NewGraph(r.dtype)
			y, x := plain(r.size), plain(r.size+1)
			first := Conv{Part: ConvForward, Groups: 1, Y: y, X: x}
			second := Conv{Part: ConvForward, Groups: 20, Y: around(r.size), X: around(r.size + 1)}
			end := func(n *Node, name string) *Node {
				if r.biased {
					n = g.m2(Add, n, g.Input(name, []int{20, 1, 1}))
				}
				if r.activate {
					n = g.Must(Map{Code: Clip, A: 0, B: 1}, n)
				}
				return n
			}
			between := end(g.Must(first, g.Input("x", []int{2, 5, r.size, r.size + 1}), g.Input("w", []int{20, 5, 1, 1})), "b")
			out := end(g.Must(second, between, g.Input("v", []int{20, 1, 3, 3})), "c")
			shape := kernels.ConvShape{Batch: 2, In: 5, Out: 20, Groups: 1, Y: y, X: x}
			after := kernels.ConvShape{Batch: 2, In: 20, Out: 20, Groups: 20, Y: second.Y, X: second.X}
			pays := r.dtype == tensor.Float32 && kernels.ConvPairPays[float32](shape, after)
			if r.size < 10 {
				require.False(t, pays)
			}
			want := 2
			if pays {
				want = 1
			}
			require.Len(t, lowered(g, out), want)
			require.Len(t, lowered(g, out, between), 2)
			p := kernels.NewPool(2)
			require.Equal(t, run(t, g, p, out, between), run(t, g, p, out))
		})
	}
}
