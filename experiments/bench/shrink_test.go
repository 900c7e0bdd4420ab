package main

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// TestShrink: 3 to 2, so that the middle counts for both sides, and the usual sizes.
func TestShrink(t *testing.T) {
	x := tensor.New(tensor.WithShape(1, 9), tensor.WithBacking([]float32{0, 1, 2, 3, 4, 5, 6, 7, 8}))
	require.Equal(t, []float32{2, 3, 5, 6}, shrink(x, 3, 2).Float32s())
	y := shrink(tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(5, 784)), 28, 16)
	require.Equal(t, tensor.Shape{5, 256}, y.Shape())
}
