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

type dropout = func(rate float64) graph.LayerFunc

// apply applies a layer to x, (rows, columns), in training or in inference.
func apply(t testing.TB, layer graph.Layer, training bool, rows int, x []float64) []float64 {
	shape := []int{rows, len(x) / rows}
	f, err := graph.NewFunction(func(s *graph.Scope, in ...graph.Node) []graph.Node {
		return []graph.Node{s.TrainingMode(training).Apply(layer, in[0])}
	}, shape)
	if err != nil {
		t.Fatal(err)
	}
	out, err := f.Call(context.Background(), tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x)))
	if err != nil {
		t.Fatal(err)
	}
	if y, ok := out[0].Data().([]float64); ok && len(y) == len(x) {
		return y
	}
	t.Fatalf("got shape %v, want %v", out[0].Shape(), shape)
	return nil
}

func TestExercise1(t *testing.T) {
	judge.Exercise[graph.LayerFunc]{
		Number: 1, Answer: exercise1, Right: right1, Wrong: wrong1,
		Judge: func(t testing.TB, answer graph.LayerFunc) {
			x := []float64{1, 2, 3, 4, 4, 4, 4, 4, 0.001, -0.001, 0.001, -0.001} // rows with a large, no and a small variance
			got := apply(t, answer, true, 3, x)
			for row := range 3 {
				mean, variance := 0.0, 0.0
				for _, v := range x[4*row:][:4] {
					mean += v / 4
				}
				for _, v := range x[4*row:][:4] {
					variance += (v - mean) * (v - mean) / 4
				}
				for i := 4 * row; i < 4*row+4; i++ {
					if want := (x[i] - mean) / math.Sqrt(variance+1e-5); !(math.Abs(got[i]-want) < 1e-9) {
						t.Fatalf("row %v: got %v, want %.6f at element %d", x[4*row:][:4], got[4*row:][:4], want, i-4*row)
					}
				}
			}
			graphtest.Layer(t, answer, 3, 4)
		},
	}.Test(t)
}

func TestExercise2(t *testing.T) {
	judge.Exercise[dropout]{
		Number: 2, Answer: exercise2, Right: right2, Wrong: wrong2,
		Judge: func(t testing.TB, answer dropout) {
			x := make([]float64, 50*80)
			for i := range x {
				x[i] = 1 + float64(i)
			}
			for i, v := range apply(t, answer(0.3), false, 50, x) {
				if v != x[i] {
					t.Fatalf("in inference: got %v for %v, want no change", v, x[i])
				}
			}
			zeros := 0
			var inRow [50]int
			for i, v := range apply(t, answer(0.3), true, 50, x) {
				if v == 0 {
					zeros++
					inRow[i/80]++
				} else if !(math.Abs(v-x[i]/0.7) < 1e-9*x[i]) {
					t.Fatalf("in training at a rate of 0.3: got %v for %v, want 0 or %v", v, x[i], x[i]/0.7)
				}
			}
			for _, n := range inRow {
				if n == 0 || n == 80 {
					t.Fatalf("in training at a rate of 0.3: got a row with %d of 80 zeros, want other zeros in each row", n)
				}
			}
			if part := float64(zeros) / float64(len(x)); math.Abs(part-0.3) > 0.03 {
				t.Fatalf("in training at a rate of 0.3: got a fraction of %.2f of zeros", part)
			}
			graphtest.Layer(t, answer(0.3), 3, 4)
		},
	}.Test(t)
}
