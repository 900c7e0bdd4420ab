package optimizers_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// noisy is a network with dropout, normal noise, and a running mean of its input.
var noisy = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
	mean := s.State("mean", graph.Zeros, x.Dim(-1))
	if s.Training() {
		s.Update(mean, mean.Scale(0.9).Add(x.Mean(0).Scale(0.1)))
		x = x.Mul(s.Noise(graph.Noise{}, x.Shape()...)).Add(s.Noise(graph.Noise{Normal: true}, x.Shape()...).Scale(0.1))
	}
	x = x.Sub(mean).MatMul(s.Param("in", graph.GlorotUniform, x.Dim(-1), 150)).Tanh()
	return x.MatMul(s.Param("out", graph.GlorotUniform, 150, 2)).Add(s.Param("bias", graph.Zeros, 2))
})

// TestStepBits: 200 calls of Step give the bits of 200 steps of one Fit, and of many short ones, for every optimizer.
func TestStepBits(t *testing.T) {
	const rows, size = 20, 4
	epochs, dtypes := 40, []tensor.Dtype{tensor.Float32, tensor.Float64}
	if testing.Short() { // for runs in an emulator
		epochs, dtypes = 2, dtypes[:1]
	}
	rng := rand.New(rand.NewPCG(1, 2))
	data := graph.Arrays{X: tensor.New(tensor.WithShape(rows, 130), tensor.WithBacking(randoms[float64](rng, rows*130))),
		Y: tensor.New(tensor.WithShape(rows, 2), tensor.WithBacking(randoms[float64](rng, rows*2)))}
	for _, r := range rules {
		for _, dtype := range dtypes {
			t.Run(r.name+"/"+dtype.String(), func(t *testing.T) {
				compile := func() *graph.Model {
					m, err := graph.Compile(noisy, graph.Config{Input: []int{130}, Loss: squares, Optimizer: r.rule, DType: dtype, Seed: 3})
					if err != nil {
						t.Fatal(err)
					}
					return m
				}
				ctx, long, short, stepped := context.Background(), compile(), compile(), compile()
				var want []float64
				record := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
					if e == graph.StepEnd {
						want = append(want, r.StepLoss)
					}
					return nil
				})
				rate := graph.CallbackFunc(func(run *graph.Run, e graph.Event) error {
					run.Rate = r.rate / 10
					return nil
				})
				if err := stepped.SetRate(r.rate / 10); err != nil {
					t.Fatal(err)
				}
				if _, err := long.Fit(ctx, data, graph.FitConfig{Epochs: epochs, BatchSize: size, NoShuffle: true, Callbacks: []graph.Callback{rate, record}}); err != nil {
					t.Fatal(err)
				}
				step := 0
				for range epochs {
					for b, err := range data.Batches(size, nil) {
						if err != nil {
							t.Fatal(err)
						}
						logs, err := stepped.Step(ctx, b)
						if err != nil {
							t.Fatal(err)
						}
						if got := logs["loss"]; math.Float64bits(got) != math.Float64bits(want[step]) {
							t.Fatalf("step %d: got loss %v, want %v as in Fit", step, got, want[step])
						}
						if _, err := short.Fit(ctx, graph.Arrays{X: b.X, Y: b.Y}, graph.FitConfig{NoShuffle: true, Callbacks: []graph.Callback{rate}}); err != nil {
							t.Fatal(err)
						}
						step++
					}
				}
				if steps := epochs * rows / size; step != steps || len(want) != step {
					t.Fatalf("got %d and %d steps, want %d", step, len(want), steps)
				}
				weights := long.Weights()
				for name, w := range stepped.Weights() {
					if !w.Eq(weights[name]) {
						t.Errorf("%s: got other values from Step than from Fit", name)
					}
				}
				for name, w := range short.Weights() {
					if !w.Eq(weights[name]) {
						t.Errorf("%s: got other values from short Fits than from a long one", name)
					}
				}
			})
		}
	}
}
