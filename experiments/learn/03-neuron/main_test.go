package main

import (
	"context"
	"testing"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
	"github.com/nndiy/nndiy/graph"
)

func TestLesson(t *testing.T) { judge.Lesson(t, run, exercise1, exercise2) }

func TestExercise1(t *testing.T) {
	judge.Exercise[line]{
		Number: 1, Answer: exercise1, Right: right1, Wrong: wrong1,
		Judge: func(t testing.TB, answer line) {
			a, b, bias := answer()
			for x := -2.0; x <= 2; x += 0.25 {
				for _, off := range []float64{-1, -0.1, 0.1, 1} {
					y := 2*x - 1 + off
					if above := a*x+b*y+bias > 0; above != (off > 0) {
						t.Fatalf("at (%v, %.2f): got a weighted sum of %.3f, want the other sign", x, y, a*x+b*y+bias)
					}
				}
			}
		},
	}.Test(t)
}

func TestExercise2(t *testing.T) {
	judge.Exercise[network]{
		Number: 2, Answer: exercise2, Right: right2, Wrong: wrong2,
		Judge: func(t testing.TB, answer network) {
			model, err := train(answer(), corners(500, 1))
			if err != nil {
				t.Fatal(err)
			}
			parameters := 0
			for _, w := range model.Weights() {
				parameters += w.Shape().TotalSize()
			}
			if parameters > 13 {
				t.Fatalf("got %d parameters, want at most 13", parameters)
			}
			logs, err := model.Evaluate(context.Background(), corners(500, 2))
			if err != nil {
				t.Fatal(err)
			}
			if a := logs["binary_accuracy"]; !(a >= 0.95) {
				t.Fatalf("got an accuracy of %.1f%% on new points, want 95%%", 100*a)
			}
		},
	}.Test(t)
}

type (
	line    = func() (weightX, weightY, bias float64)
	network = func() graph.Layer
)
