package callbacks_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// descent is plain gradient descent.
type descent struct{}

func (descent) Rate() float64 { return 0.25 }
func (descent) Slots() int    { return 0 }
func (descent) Update32(u graph.Update[float32]) {
	for i, g := range u.Grad {
		u.Weights[i] -= float32(u.Rate) * g
	}
}
func (descent) Update64(graph.Update[float64]) {}

// TestFit runs callbacks together in a real run. A gate is one weight w, which starts at 1; the loss is w², so each step
// multiplies w by 1-2·rate. The rate grows until it is too large, training is cancelled, and the best weight is restored.
func TestFit(t *testing.T) {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Param("gate", graph.Ones, 1)) })
	loss := graph.LossFunc(func(pred, target graph.Node) graph.Node { return pred.Sub(target).Square().Mean() })
	m, err := graph.Compile(net, graph.Config{Input: []int{1}, Loss: loss, Optimizer: descent{}})
	if err != nil {
		t.Fatal(err)
	}
	data := graph.Arrays{
		X: tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float32{1})),
		Y: tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float32{0})),
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stopping := &callbacks.EarlyStopping{Patience: 10, RestoreBest: true}
	var table, progress bytes.Buffer
	_, err = m.Fit(ctx, data, graph.FitConfig{Epochs: 6, Valid: data, Callbacks: []graph.Callback{
		callbacks.ExponentialDecay{Factor: 3},
		stopping,
		&callbacks.CSVLog{Writer: &table},
		&callbacks.Progress{Writer: &progress},
		graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
			if e == graph.EpochEnd && r.Epoch == 4 {
				cancel()
			}
			return nil
		}),
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want context.Canceled", err)
	}
	// w: 1, 0.5, -0.25, 0.875, -10.9375
	want := `epoch,train_loss,valid_loss,learning_rate
1,1,0.25,0.25
2,0.25,0.0625,0.75
3,0.0625,0.765625,2.25
4,0.765625,119.62890625,6.75
`
	if table.String() != want {
		t.Errorf("got table\n%s\nwant\n%s", table.String(), want)
	}
	if stopping.BestEpoch != 2 || stopping.Best != 0.0625 {
		t.Errorf("got best epoch %d with %v, want 2 with 0.0625", stopping.BestEpoch, stopping.Best)
	}
	if got := value(t, m); got != -0.25 {
		t.Errorf("got weight %v, want -0.25", got)
	}
	last := "train_loss 0.7656  valid_loss 119.6289  learning_rate 6.750e+00\n"
	if p := progress.String(); strings.Count(p, "\n") != 4 || !strings.HasPrefix(p, "epoch 1/6  ") || !strings.HasSuffix(p, last) {
		t.Errorf("got progress\n%s", p)
	}
}
