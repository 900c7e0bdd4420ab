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

type (
	accuracy = func(p [][]float64, class []int) float64
	loss     = func(z, oneHot graph.Node) graph.Node
)

func TestExercise1(t *testing.T) {
	judge.Exercise[accuracy]{
		Number: 1, Answer: exercise1, Right: right1, Wrong: wrong1,
		Judge: func(t testing.TB, answer accuracy) {
			p := [][]float64{{0.4, 0.3, 0.3}, {0.1, 0.1, 0.8}, {0.6, 0.3, 0.1}, {0.2, 0.5, 0.3}, {0, 1, 0}}
			for _, row := range []struct {
				class []int
				want  float64
			}{
				{[]int{0, 2, 0, 1, 1}, 1},
				{[]int{0, 2, 1, 1, 1}, 0.8},
				{[]int{2, 0, 1, 0, 2}, 0},
				{[]int{1, 2, 2, 0, 0}, 0.2},
			} {
				if got := answer(p, row.class); !(math.Abs(got-row.want) < 1e-12) {
					t.Fatalf("p = %v, class = %v: got %v, want %v", p, row.class, got, row.want)
				}
			}
		},
	}.Test(t)
}

func TestExercise2(t *testing.T) {
	judge.Exercise[loss]{
		Number: 2, Answer: exercise2, Right: right2, Wrong: wrong2,
		Judge: func(t testing.TB, answer loss) {
			oneHot := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{0, 1, 0, 0, 0, 1}))
			f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
				return []graph.Node{answer(x[0], x[1])}
			}, []int{2, 3}, []int{2, 3})
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range []struct {
				z    []float64
				want float64
			}{
				{[]float64{0, 0, 0, 0, 0, 0}, math.Log(3)},
				{[]float64{0, math.Log(2), 0, 0, 0, 0}, (math.Log(2) + math.Log(3)) / 2},
				{[]float64{0, 1000, 0, 1000, 0, 999}, (1 + math.Log1p(math.Exp(-1))) / 2},
			} {
				out, err := f.Call(context.Background(), tensor.New(tensor.WithShape(2, 3), tensor.WithBacking(row.z)), oneHot)
				if err != nil {
					t.Fatal(err)
				}
				got, ok := out[0].Data().(float64)
				if !ok {
					t.Fatalf("z = %v: got shape %v, want a scalar", row.z, out[0].Shape())
				}
				if !(math.Abs(got-row.want) < 1e-9) {
					t.Fatalf("z = %v, classes 1 and 2: got %v, want %v", row.z, got, row.want)
				}
			}
			graphtest.Loss(t, graph.LossFunc(answer), graphtest.Check{}.Random(2, 3), oneHot)
		},
	}.Test(t)
}
