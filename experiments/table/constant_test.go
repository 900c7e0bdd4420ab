package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRSquared: the mean of the targets themselves scores 0, and that of other rows less.
func TestRSquared(t *testing.T) {
	y := []float32{1, 2, 3}
	require.Zero(t, rSquared(y, mean(y)))
	require.InDelta(t, -1.5, rSquared(y, 3), 1e-12)
	require.Zero(t, rSquared([]float32{2, 2}, 5))
}
