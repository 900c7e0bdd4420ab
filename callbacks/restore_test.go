package callbacks_test

import (
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// gate returns a model with one parameter, which multiplies the input by it.
func gate(t *testing.T) *graph.Model {
	t.Helper()
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Param("gate", graph.Ones, 1)) })
	m, err := graph.Compile(net, graph.Config{Input: []int{1}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// value returns the only weight of a model.
func value(t *testing.T, m *graph.Model) float32 {
	t.Helper()
	for _, w := range m.Weights() {
		return w.Float32s()[0]
	}
	t.Fatal("the model has no weights")
	return 0
}

// training sets the weight to e in each step of epoch e, as if the model had learned it.
func training(t *testing.T, m *graph.Model) graph.Callback {
	return graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e != graph.StepEnd {
			return nil
		}
		weights := m.Weights()
		for _, w := range weights {
			w.Float32s()[0] = float32(r.Epoch)
		}
		return m.SetWeights(weights)
	})
}

func TestRestoreBest(t *testing.T) {
	for _, c := range []struct {
		why    string
		stop   callbacks.EarlyStopping
		values []float64
		cancel int
		want   float32 // final weight
	}{
		{"stopped early", callbacks.EarlyStopping{RestoreBest: true, Patience: 2}, []float64{3, 2, 4, 4, 4}, 0, 2},
		{"the last epoch is not the best", callbacks.EarlyStopping{RestoreBest: true, Patience: 9}, []float64{3, 2, 4}, 0, 2},
		{"the last epoch is the best", callbacks.EarlyStopping{RestoreBest: true}, []float64{3, 2, 1}, 0, 3},
		{"cancelled within an epoch", callbacks.EarlyStopping{RestoreBest: true}, []float64{3, 2, 1}, 3, 2},
		{"cancelled within the first epoch", callbacks.EarlyStopping{RestoreBest: true}, []float64{3, 2, 1}, 1, 1},
		{"not asked for", callbacks.EarlyStopping{Patience: 2}, []float64{3, 2, 4, 4, 4}, 0, 4},
	} {
		t.Run(c.why, func(t *testing.T) {
			m := gate(t)
			s := script{logs: losses(c.values...), cancel: c.cancel}
			s.run.Model = m
			err := s.play(training(t, m), &c.stop)
			if c.cancel == 0 && err != nil {
				t.Fatal(err)
			}
			if got := value(t, m); got != c.want {
				t.Errorf("got weight %v, want %v", got, c.want)
			}
		})
	}
}
