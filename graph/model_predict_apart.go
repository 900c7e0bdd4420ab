package graph

import (
	"context"
	"sync"
)

// predictApart computes samples in pieces of at most the given number, each by one worker in memory of its own. So no value goes from
// one core to another, which takes long where they share no cache; nor does a program, since each worker has its own. It computes as
// many samples as the workers can divide evenly, and returns their number, with the error of the first piece that failed.
func (m *Model) predictApart(ctx context.Context, key programKey, most int, out, in []*Tensor) (int, error) {
	workers := m.pool.Workers()
	each := key.batch / workers // samples of a worker
	pieces := (each + most - 1) / most
	var mu sync.Mutex
	var failed error
	first := workers * pieces // that failed
	m.pool.For(workers*pieces, 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			lane, k := i/pieces, i%pieces
			key := key
			key.lane = lane
			err := m.predictPiece(ctx, key, lane*each+each*k/pieces, lane*each+each*(k+1)/pieces, out, in)
			if err == nil {
				continue
			}
			mu.Lock()
			if i < first {
				first, failed = i, err
			}
			mu.Unlock()
			return
		}
	})
	return each * workers, failed
}
