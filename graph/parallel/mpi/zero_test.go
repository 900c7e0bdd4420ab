package mpi

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestZeroGroup: the zero value is a group of nobody, with errors and no panics. Abort, which ends the process, is not called.
func TestZeroGroup(t *testing.T) {
	var g Group
	require.ErrorContains(t, g.Exchange(context.Background(), 0, nil, nil), "mpi: Exchange: got partner 0 for rank 0 of 0")
	require.Nil(t, g.Memory(1))
	require.Contains(t, g.String(), "rank 0 of 0")
	require.Zero(t, g.Rank()+g.Size()+g.Threads())
	require.NoError(t, g.Close())
}
