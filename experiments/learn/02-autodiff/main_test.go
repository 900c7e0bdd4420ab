package main

import (
	"context"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
)

func TestLesson(t *testing.T) { judge.Lesson(t, run, exercise1, exercise2) }

func TestExercise1(t *testing.T) {
	judge.Exercise[operation]{
		Number: 1, Answer: exercise1, Right: right1, Wrong: wrong1,
		Judge: func(t testing.TB, answer operation) {
			for _, x := range []float64{-2, -0.3, 0, 1, 30} {
				b := number(x)
				a := b.add(number(0))
				y := answer(a)
				if math.Abs(y.data-math.Tanh(x)) > 1e-12 {
					t.Fatalf("at %v: got value %v, want %v", x, y.data, math.Tanh(x))
				}
				y.mul(a).backward() // a is used twice
				th := math.Tanh(x)
				if want := th + x*(1-th*th); !(math.Abs(b.grad-want) < 1e-12) {
					t.Fatalf("x·tanh(x) at %v: got derivative %v, want %v", x, b.grad, want)
				}
			}
		},
	}.Test(t)
}

func TestExercise2(t *testing.T) {
	judge.Exercise[product]{
		Number: 2, Answer: exercise2, Right: right2, Wrong: wrong2,
		Judge: func(t testing.TB, answer product) {
			vector := func(v ...float64) *graph.Tensor { return tensor.New(tensor.WithShape(len(v)), tensor.WithBacking(v)) }
			cubic := func(x graph.Node) graph.Node { // x₀²·x₁ + x₁³
				a, b := x.Slice(0, 0, 1), x.Slice(0, 1, 2)
				return a.Square().Mul(b).Add(b.PowScalar(3)).Sum()
			}
			f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
				return []graph.Node{answer(cubic(x[0]), x[0], x[1])}
			}, []int{2}, []int{2})
			if err != nil {
				t.Fatal(err)
			}
			out, err := f.Call(context.Background(), vector(2, 3), vector(1, -1))
			if err != nil {
				t.Fatal(err)
			}
			// The Hessian at (2, 3) is ((6, 4), (4, 18)).
			if got, ok := out[0].Data().([]float64); !ok || len(got) != 2 || math.Abs(got[0]-2) > 1e-9 || math.Abs(got[1]+14) > 1e-9 {
				t.Fatalf("x₀²·x₁ + x₁³ at (2, 3), with v = (1, -1): got %v, want (2, -14)", out[0].Data())
			}
			graphtest.Func(t, func(s *graph.Scope, x ...graph.Node) graph.Node {
				return answer(cubic(x[0]), x[0], s.Constant(vector(1, -1)))
			}, vector(2, 3))
		},
	}.Test(t)
}
