package main

import (
	"context"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

func TestLesson(t *testing.T) { judge.Lesson(t, run, exercise1, exercise2) }

type (
	backward = func(p, dp []float64) []float64
	adam     = func(gradient func(w float64) float64, w, rate float64, steps int) float64
)

func TestExercise1(t *testing.T) {
	judge.Exercise[backward]{
		Number: 1, Answer: exercise1, Right: right1, Wrong: wrong1,
		Judge: func(t testing.TB, answer backward) {
			vector := func(v []float64) *graph.Tensor { return tensor.New(tensor.WithShape(len(v)), tensor.WithBacking(v)) }
			f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
				p := x[0].Softmax()
				return []graph.Node{p, graph.Grad(p.Mul(x[1]).Sum(), x[0])[0]}
			}, []int{3}, []int{3})
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range [][2][]float64{{{0, 1, 2}, {1, 0, 0}}, {{3, -1, 0}, {0, -2, 0.5}}, {{0, 0, 0}, {1, 1, 1}}} {
				out, err := f.Call(context.Background(), vector(row[0]), vector(row[1]))
				if err != nil {
					t.Fatal(err)
				}
				p, want := out[0].Data().([]float64), out[1].Data().([]float64)
				got := answer(p, row[1])
				if len(got) != 3 {
					t.Fatalf("got %d elements, want 3", len(got))
				}
				for i := range want {
					if !(math.Abs(got[i]-want[i]) < 1e-9) {
						t.Fatalf("p = %.4f, dp = %v: got %.4f, want %.4f", p, row[1], got, want)
					}
				}
			}
		},
	}.Test(t)
}

// adamOf trains the weight by the library, with the loss (w-3)²; it begins at 1.
func adamOf(t testing.TB, rate float64, steps int) float64 {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Param("w", graph.Ones, 1)) })
	model, err := graph.Compile(net, graph.Config{
		Input: []int{1}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: rate}, DType: tensor.Float64,
	})
	if err != nil {
		t.Fatal(err)
	}
	one := func(v float64) *graph.Tensor {
		return tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float64{v}))
	}
	for range steps {
		if _, err := model.Step(context.Background(), graph.Batch{X: one(1), Y: one(3)}); err != nil {
			t.Fatal(err)
		}
	}
	return model.Weights()["w"].Data().([]float64)[0]
}

func TestExercise2(t *testing.T) {
	judge.Exercise[adam]{
		Number: 2, Answer: exercise2, Right: right2, Wrong: wrong2,
		Judge: func(t testing.TB, answer adam) {
			for _, steps := range []int{0, 1, 2, 3, 50} {
				got := answer(func(w float64) float64 { return 2 * (w - 3) }, 1, 0.1, steps)
				if want := adamOf(t, 0.1, steps); !(math.Abs(got-want) < 1e-9) {
					t.Fatalf("(w-3)² from w = 1 at a rate of 0.1 after %d steps: got %.9f, want %.9f", steps, got, want)
				}
			}
		},
	}.Test(t)
}
