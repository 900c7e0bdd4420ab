package callbacks_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel"
)

// TestLiveGroup trains on two ranks: the buttons of rank 0 change both, and the weights stay the same.
func TestLiveGroup(t *testing.T) {
	var all sync.WaitGroup
	var weights [2]string
	var rates [2][]float64
	var errs [2]error
	for rank, group := range parallel.Local(2, time.Minute) {
		m, l := plane(t, 4), quiet(t)
		all.Add(1)
		go func() {
			defer all.Done()
			defer group.Close()
			_, errs[rank] = m.Fit(context.Background(), circles(80), graph.FitConfig{
				Epochs: 9, BatchSize: 8, Shards: 2, Group: group, Callbacks: []graph.Callback{
					callbacks.ExponentialDecay{}, l, graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
						if e != graph.StepBegin {
							return nil
						}
						if rates[rank] = append(rates[rank], r.Rate); rank == 0 && r.Total == 13 {
							require.Equal(t, 202, press(t, l, "rate", `{"run":1,"rate":0.5}`))
							require.Equal(t, 202, press(t, l, "stop", `{"run":1,"stop":true}`))
						}
						return nil
					}),
				}})
			weights[rank] = elements(m)
			if rank == 1 && l.URL() != "" {
				t.Error("got a server on rank 1, want none")
			}
		}()
	}
	all.Wait()
	require.NoError(t, errs[0])
	require.NoError(t, errs[1])
	require.Len(t, rates[0], 20) // two epochs
	require.Equal(t, 0.5, rates[0][14])
	require.Equal(t, rates[0], rates[1])
	require.Equal(t, weights[0], weights[1])
}
