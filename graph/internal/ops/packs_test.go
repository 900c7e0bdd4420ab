package ops

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// TestPacks: a parameter is packed at its second use without a change in between, in the shape of the first use.
func TestPacks(t *testing.T) {
	w := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6}))
	var s Packs
	s.Add(w)
	b := kernels.Dense(tensors.Data[float32](w), 2, 3)
	product := func(x *kernels.Packed[float32]) []float32 {
		c := make([]float32, 3)
		kernels.MatMulPacked(nil, kernels.Dense(c, 1, 3), kernels.Dense([]float32{1, 10}, 1, 2), x, 1, 0, nil)
		return c
	}
	require.Nil(t, packed(&s, nil, b))
	require.Equal(t, []float32{41, 52, 63}, product(packed(&s, nil, b)))
	require.Equal(t, []float32{41, 52, 63}, product(packed(&s, nil, b)))
	b.Data[2] = 4
	s.Changed()
	require.Nil(t, packed(&s, nil, b))
	require.Equal(t, []float32{41, 52, 64}, product(packed(&s, nil, b)))

	other := kernels.Dense(make([]float32, 6), 2, 3)
	for range 2 {
		require.Nil(t, packed(&s, nil, other), "not a parameter")
		require.Nil(t, packed(&s, nil, b.Transposed()), "the first use was not transposed")
		require.Nil(t, packed(&s, nil, kernels.Dense(b.Data, 3, 2)))
		require.Nil(t, packed(nil, nil, b))
	}
}

// TestPacksOfConvolutions: weights of a convolution are packed as those of products are, for images of all sizes.
func TestPacksOfConvolutions(t *testing.T) {
	shape := func(batch, width int) kernels.ConvShape {
		return kernels.ConvShape{Batch: batch, In: 64, Out: 64, Groups: 1, Y: kernels.Window{In: 7, Kernel: 1, Stride: 1, Dilation: 1},
			X: kernels.Window{In: width, Kernel: 1, Stride: 1, Dilation: 1}}
	}
	if kernels.OrderOf[float32](shape(1, 7)) == (kernels.ConvOrder{}) {
		t.Skip("this form reads the weights as they are")
	}
	w := tensors.New(tensor.Float32, []int{64, 64, 1, 1})
	var s Packs
	s.Add(w)
	data := tensors.Data[float32](w)
	require.Nil(t, packedConv(&s, nil, shape(1, 7), data))
	first := packedConv(&s, nil, shape(2, 7), data)
	require.NotNil(t, first)
	require.Same(t, first, packedConv(&s, nil, shape(1, 9), data))
	require.Nil(t, packed(&s, nil, kernels.Dense(data, 64, 64)), "the first use was a convolution")
	require.Nil(t, packedConv(&s, nil, shape(1, 7), make([]float32, len(data))), "not a parameter")
	require.Nil(t, packedConv[float32](nil, nil, shape(1, 7), data))
	s.Changed()
	require.Nil(t, packedConv(&s, nil, shape(1, 7), data))
}
