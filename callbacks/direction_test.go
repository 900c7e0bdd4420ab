package callbacks_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/checkpoint"
	"github.com/nndiy/nndiy/metrics"
)

// played is a metric whose scores are those of a list, in turn.
type played struct {
	name   string
	values []float64
	next   int
}

func (p *played) Name() string { return p.name }

func (p *played) Score(_, _ *graph.Tensor) float64 {
	p.next++
	return p.values[(p.next-1)%len(p.values)]
}

// directed is a played metric that knows its direction.
type directed struct {
	played
	larger bool
}

func (d *directed) LargerIsBetter() bool { return d.larger }

// TestDirection: every callback with a Monitor follows the direction of the log, in a real run. Each metric scores 2, 3, 1, 1, 4.
func TestDirection(t *testing.T) {
	const up, down, wrong = "up", "down", "wrong"
	files := map[string][]int{up: {1, 2, 5}, down: {1, 3}} // epochs with a checkpoint
	bestEpoch := map[string]int{up: 5, down: 3}
	// the rate after each epoch without an improvement is a tenth
	rates := map[string][]float64{up: {0.25, 0.25, 0.25, 0.025, 0.0025}, down: {0.25, 0.25, 0.025, 0.025, 0.0025}}
	for _, c := range []struct {
		why      string
		monitor  string
		maximize bool
		want     string
	}{
		{"a metric", "train_rises", false, up},
		{"a metric of the validation", "valid_rises", false, up},
		{"Maximize says the same", "valid_rises", true, up},
		{"a smaller value is better", "valid_falls", false, down},
		{"a contradiction", "valid_falls", true, wrong},
		{"a named metric", "valid_named", false, up},
		{"a named metric that falls", "valid_named_falls", false, down},
		{"a contradiction to a named metric", "train_named_falls", true, wrong},
		{"a metric of an output", "valid_aux_rises", false, up},
		{"a contradiction to an output's metric", "train_aux_falls", true, wrong},
		{"not known", "valid_free", false, down},
		{"not known, Maximize decides", "valid_free", true, up},
		{"not known, of an output", "valid_aux_free", true, up},
		{"a value that a callback adds", "added", false, down},
		{"a value that a callback adds, Maximize decides", "added", true, up},
		{"an added value that only sounds like a metric", "rises", false, down},
		{"the loss", "train_loss", true, wrong},
		{"the validation loss by default", "", true, wrong},
		{"the loss of an output", "valid_aux_loss", true, wrong},
		{"the loss of the main output", "train_output_loss", true, wrong},
	} {
		for _, name := range []string{"EarlyStopping", "Checkpoint", "ReduceOnPlateau"} {
			t.Run(c.why+"/"+name, func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "made")
				stopping := &callbacks.EarlyStopping{Monitor: c.monitor, Maximize: c.maximize, Patience: 9, RestoreBest: true}
				callback := map[string]graph.Callback{
					"EarlyStopping":   stopping,
					"Checkpoint":      &callbacks.Checkpoint{Dir: dir, BestOnly: true, Monitor: c.monitor, Maximize: c.maximize},
					"ReduceOnPlateau": &callbacks.ReduceOnPlateau{Patience: -1, Monitor: c.monitor, Maximize: c.maximize},
				}[name]
				h, err := directions(t, callback)
				if c.want == wrong {
					monitor := c.monitor
					if monitor == "" {
						monitor = "valid_loss"
					}
					wantError(t, err, "at TrainBegin: callbacks: "+name+": Maximize: got true for "+monitor+", which is better when it is smaller, want false")
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				switch name {
				case "EarlyStopping":
					if stopping.BestEpoch != bestEpoch[c.want] {
						t.Errorf("got best epoch %d, want %d", stopping.BestEpoch, bestEpoch[c.want])
					}
				case "Checkpoint":
					var want []string
					for _, epoch := range files[c.want] {
						want = append(want, checkpoint.Name(epoch))
					}
					if got := names(t, dir); !slices.Equal(got, want) {
						t.Errorf("got files %v, want %v", got, want)
					}
				case "ReduceOnPlateau":
					if got := h.Series("learning_rate"); !equal(got, rates[c.want], 1e-14) {
						t.Errorf("got rates %v, want %v", got, rates[c.want])
					}
				}
			})
		}
	}
}

// directions trains for five epochs with metrics of every kind; each has the scores 2, 3, 1, 1, 4 in both sets.
func directions(t *testing.T, callback graph.Callback) (graph.History, error) {
	t.Helper()
	play := func(name string) played { return played{name: name, values: []float64{2, 2, 3, 3, 1, 1, 1, 1, 4, 4}} }
	rises := func(name string) *directed { return &directed{play(name), true} }
	falls := func(name string) *directed { return &directed{play(name), false} }
	free := func() *played { p := play("free"); return &p }
	squares := graph.LossFunc(func(pred, target graph.Node) graph.Node { return pred.Sub(target).Square().Mean() })
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y := x.Mul(s.Param("gate", graph.Ones, 1))
		s.Output("aux", y)
		return y
	})
	m, err := graph.Compile(net, graph.Config{
		Input: []int{1}, Optimizer: descent{}, Loss: squares,
		Metrics: []graph.Metric{rises("rises"), falls("falls"), free(), metrics.Named("named", rises("x")),
			metrics.Named("named_falls", metrics.Named("y", falls("x")))},
		Outputs: map[string]graph.Output{
			"aux": {Loss: squares, Metrics: []graph.Metric{rises("rises"), falls("falls"), free()}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	one := tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float32{1}))
	data := graph.Arrays{X: one, Y: one, Targets: map[string]*graph.Tensor{"aux": one}}
	added := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.EpochEnd {
			r.Logs["added"] = r.Logs["train_free"]
			r.Logs["rises"] = r.Logs["train_free"]
		}
		return nil
	})
	return m.Fit(context.Background(), data, graph.FitConfig{Epochs: 5, Valid: data, Callbacks: []graph.Callback{added, callback}})
}
