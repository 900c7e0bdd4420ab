package parallel

import (
	"context"
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/collective"
	"github.com/nndiy/nndiy/internal/kernels"
)

// Sum replaces x, which has the same length on all ranks, by the sum of all of theirs. The order of the additions is that of a binary
// tree over the ranks, so the sum depends on their values alone and is the same on all ranks, to the bit: ranks 0 and 1, 2 and 3 and so
// on are added, then the sums of these pairs, and so on. Each rank sends and receives about 2·len(x) elements (recursive halving and
// doubling). The size of the group must be a power of two.
func Sum[T graph.Float](ctx context.Context, g graph.Group, x []T) error {
	buffer := make([]T, collective.Buffer[T](len(x)))
	return at("Sum", collective.Sum(ctx, g, x, buffer, func(a, b []T) { kernels.Add(a, a, b) }))
}

// Broadcast returns the message of rank 0 on all ranks. The size of the group must be a power of two.
func Broadcast(ctx context.Context, g graph.Group, message []byte) ([]byte, error) {
	m, err := collective.Broadcast(ctx, g, message)
	return m, at("Broadcast", err)
}

// Gather returns the messages of all ranks, of any lengths, in the order of the ranks. The size of the group must be a power of two.
func Gather(ctx context.Context, g graph.Group, message []byte) ([][]byte, error) {
	list, err := collective.Gather(ctx, g, message)
	return list, at("Gather", err)
}

// Barrier returns when all ranks have called it. The size of the group must be a power of two.
func Barrier(ctx context.Context, g graph.Group) error {
	return at("Barrier", collective.Barrier(ctx, g))
}

// at returns err as the error of a function, nil if it is nil.
func at(where string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("parallel: %s: %w", where, err)
}
