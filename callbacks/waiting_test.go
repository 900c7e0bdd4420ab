package callbacks_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// TestWaiting: the time that a run says it waited is divided by the time of its epochs.
func TestWaiting(t *testing.T) {
	w := &callbacks.Waiting{Waited: time.Hour}
	r := &graph.Run{Logs: graph.Logs{}}
	play := func(events ...graph.Event) {
		for _, e := range events {
			require.NoError(t, w.Handle(r, e))
		}
	}
	play(graph.TrainBegin)
	require.Zero(t, w.Fraction())
	play(graph.EpochBegin)
	time.Sleep(10 * time.Millisecond)
	r.Waited += 5 * time.Millisecond
	play(graph.StepEnd, graph.EpochEnd)
	require.Equal(t, 5*time.Millisecond, w.Waited)
	require.GreaterOrEqual(t, w.Total, 10*time.Millisecond)
	require.InDelta(t, w.Fraction(), r.Logs["waiting"], 1e-12)
	require.Greater(t, w.Fraction(), 0.0)
	require.LessOrEqual(t, w.Fraction(), 0.5)

	// An epoch that did not wait has 0 in its own log; the run keeps what it waited before.
	play(graph.EpochBegin, graph.StepEnd, graph.EpochEnd)
	require.Zero(t, r.Logs["waiting"])
	require.Equal(t, 5*time.Millisecond, w.Waited)
}
