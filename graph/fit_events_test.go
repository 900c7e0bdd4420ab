package graph_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// TestEventsComeInOrder: callbacks get the events with the epoch and the step that Run documents.
func TestEventsComeInOrder(t *testing.T) {
	m, data := regression(t, graph.Config{})
	got := ""
	_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 2, BatchSize: 30, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
			got += fmt.Sprintf("%v %d.%d ", e, r.Epoch, r.Step)
			return nil
		})}})
	require.NoError(t, err)
	require.Equal(t, "TrainBegin 0.0 EpochBegin 1.0 StepBegin 1.0 StepEnd 1.1 StepBegin 1.1 StepEnd 1.2 EpochEnd 1.2 "+
		"EpochBegin 2.0 StepBegin 2.0 StepEnd 2.1 StepBegin 2.1 StepEnd 2.2 EpochEnd 2.2 TrainEnd 2.2 ", got)
}

// TestStopAndErrors: Stop ends training without an error, any other error is returned, and TrainEnd is sent in both cases.
func TestStopAndErrors(t *testing.T) {
	broken := errors.New("broken")
	for name, r := range map[string]struct{ give, want error }{"Stop": {graph.Stop, nil}, "error": {broken, broken}} {
		t.Run(name, func(t *testing.T) {
			m, data := regression(t, graph.Config{})
			var ended bool
			h, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 9, Callbacks: []graph.Callback{
				graph.CallbackFunc(func(run *graph.Run, e graph.Event) error {
					switch {
					case e == graph.EpochEnd && run.Epoch == 2:
						return r.give
					case e == graph.TrainEnd:
						ended = true
						require.ErrorIs(t, run.Err, r.want)
					}
					return nil
				})}})
			require.ErrorIs(t, err, r.want)
			require.True(t, ended)
			require.Len(t, h.Logs, 2)
		})
	}
}

// TestCancel: training stops within one step of the context's end; the model has the weights of the last whole step.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	m, data := regression(t, graph.Config{})
	steps := 0
	var last string
	_, err := m.Fit(ctx, data, graph.FitConfig{Epochs: 100, BatchSize: 4, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
			if e == graph.StepEnd {
				if steps++; steps == 5 {
					last = bits(m.Weights())
					cancel()
				}
			}
			return nil
		})}})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 5, steps)
	require.Equal(t, last, bits(m.Weights()))
	_, err = m.Predict(ctx, data.X)
	require.ErrorIs(t, err, context.Canceled)
	_, err = m.Evaluate(ctx, data)
	require.ErrorIs(t, err, context.Canceled)
}
