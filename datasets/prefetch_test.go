package datasets

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// TestPrefetchEnds: when a loop ends early, no goroutine is left, and at most Ahead batches more than were read have been computed.
func TestPrefetchEnds(t *testing.T) {
	before := runtime.NumGoroutine()
	var computed, most atomic.Int64
	used := int64(0)
	d := Prefetch{Workers: 3, Ahead: 4, From: Map{numbered(0, 1000), func(b graph.Batch, _ *rand.Rand) (graph.Batch, error) {
		most.Store(max(most.Load(), computed.Add(1)-atomic.LoadInt64(&used)))
		return b, nil
	}}}
	for range d.Batches(1, nil) {
		if atomic.AddInt64(&used, 1) == 20 {
			break
		}
	}
	require.LessOrEqual(t, computed.Load(), int64(20+4))
	require.LessOrEqual(t, most.Load(), int64(4+1))
	for tries := 0; runtime.NumGoroutine() > before && tries < 1000; tries++ { // one that is done may not have left yet
		time.Sleep(time.Millisecond)
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}

// TestPrefetchErrors: an error comes after the batches before it, wherever it is, and a panic in the loop that reads.
func TestPrefetchErrors(t *testing.T) {
	bad := errors.New("bad")
	for _, workers := range []int{1, 4} {
		for at := range 5 {
			failing := Map{numbered(0, 5), func(b graph.Batch, _ *rand.Rand) (graph.Batch, error) {
				if b.X.Float32s()[0] == float32(at) {
					return b, bad
				}
				return b, nil
			}}
			for _, d := range []graph.Dataset{failing, Concat{failing}} { // an error of a task, and one of the pass
				n := 0
				for _, err := range (Prefetch{From: d, Workers: workers}).Batches(1, nil) {
					if n == at {
						require.ErrorIs(t, err, bad)
						require.ErrorContains(t, err, fmt.Sprintf("Map: batch %d: bad", at))
					} else {
						require.NoError(t, err)
					}
					n++
				}
				require.Equal(t, at+1, n)
			}
		}
		wild := func(graph.Batch, *rand.Rand) (graph.Batch, error) { panic("wild") }
		require.Panics(t, func() { readAll(t, Prefetch{From: Map{numbered(0, 5), wild}, Workers: workers}, 1, nil) })
		require.Panics(t, func() { readAll(t, Prefetch{From: Concat{Map{numbered(0, 5), wild}}, Workers: workers}, 1, nil) })
		quits := func(graph.Batch, *rand.Rand) (graph.Batch, error) { runtime.Goexit(); return graph.Batch{}, nil }
		for _, err := range (Prefetch{From: Map{numbered(0, 5), quits}, Workers: workers}).Batches(1, nil) {
			require.ErrorContains(t, err, "runtime.Goexit")
		}
	}
}
