package main

import (
	"math"
	"testing"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
)

func TestLesson(t *testing.T) { judge.Lesson(t, run, exercise1, exercise2) }

func TestExercise1(t *testing.T) {
	f := func(x float64) float64 { return x * math.Exp(-x*x) }
	judge.Exercise[func(float64) float64]{
		Number: 1, Answer: exercise1, Right: right1, Wrong: wrong1,
		Judge: func(t testing.TB, answer func(float64) float64) {
			for x := -2.0; x <= 2; x += 0.25 {
				const h = 1e-5
				want := (f(x+h) - f(x-h)) / (2 * h)
				if got := answer(x); !(math.Abs(got-want) < 1e-7) {
					t.Fatalf("at x = %v: got %v, want %.6f", x, got, want)
				}
			}
		},
	}.Test(t)
}

func TestExercise2(t *testing.T) {
	judge.Exercise[descent]{
		Number: 2, Answer: exercise2, Right: right2, Wrong: wrong2,
		Judge: func(t testing.TB, answer descent) {
			parabola := func(x float64) float64 { return 2 * (x - 3) } // the slope of (x-3)²
			for steps, want := range []float64{8, 7, 6.2, 5.56} {
				if got := answer(parabola, 8, 0.1, steps); !(math.Abs(got-want) < 1e-12) {
					t.Fatalf("(x-3)² from x = 8 at a rate of 0.1 after %d steps: got %v, want %v", steps, got, want)
				}
			}
			if got := answer(parabola, -20, 0.3, 60); !(math.Abs(got-3) < 1e-9) {
				t.Fatalf("(x-3)² from x = -20 at a rate of 0.3 after 60 steps: got %v, want 3", got)
			}
		},
	}.Test(t)
}
