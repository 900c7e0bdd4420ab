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
