package main

import (
	"context"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
	"github.com/nndiy/nndiy/graph"
)

func TestLesson(t *testing.T) { judge.Lesson(t, run, exercise1, exercise2) }

type (
	product  = func(c, a, b []float32, n, k, m int)
	roofline = func(operations, bytes, peak, bandwidth float64) float64
)

func TestExercise1(t *testing.T) {
	judge.Exercise[product]{
		Number: 1, Answer: exercise1, Right: right1, Wrong: wrong1,
		Judge: func(t testing.TB, answer product) {
			for _, s := range [][3]int{{1, 1, 1}, {2, 3, 4}, {5, 1, 3}, {1, 7, 1}, {4, 4, 4}, {17, 9, 13}} {
				n, k, m := s[0], s[1], s[2]
				matrix := func(rows, cols int) *graph.Tensor {
					data := make([]float32, rows*cols)
					for i := range data {
						data[i] = float32(i*7%9 - 4)
					}
					return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(data))
				}
				f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
					return []graph.Node{x[0].MatMul(x[1])}
				}, []int{n, k}, []int{k, m})
				if err != nil {
					t.Fatal(err)
				}
				a, b := matrix(n, k), matrix(k, m)
				out, err := f.Call(context.Background(), a, b)
				if err != nil {
					t.Fatal(err)
				}
				got, want := make([]float32, n*m), out[0].Data().([]float32)
				for i := range got {
					got[i] = 1000
				}
				answer(got, a.Data().([]float32), b.Data().([]float32), n, k, m)
				for i := range want {
					if got[i] != want[i] {
						t.Fatalf("(%d, %d) by (%d, %d), c full of 1000: got %v at row %d, column %d, want %v", n, k, k, m, got[i], i/m, i%m, want[i])
					}
				}
			}
		},
	}.Test(t)
}

func TestExercise2(t *testing.T) {
	judge.Exercise[roofline]{
		Number: 2, Answer: exercise2, Right: right2, Wrong: wrong2,
		Judge: func(t testing.TB, answer roofline) {
			for _, row := range []struct {
				what                               string
				operations, bytes, peak, bandwidth float64
				want                               float64
			}{
				{"a product of 1000×1000 float32 at 100 GFLOP/s and 10 GB/s", 2e9, 12e6, 100e9, 10e9, 0.02},
				{"a sum of two vectors of a billion float32 at 100 GFLOP/s and 10 GB/s", 1e9, 12e9, 100e9, 10e9, 1.2},
				{"nothing", 0, 0, 1, 1, 0},
			} {
				if got := answer(row.operations, row.bytes, row.peak, row.bandwidth); !(math.Abs(got-row.want) < 1e-9) {
					t.Fatalf("%s: got %v s, want %v s", row.what, got, row.want)
				}
			}
		},
	}.Test(t)
}
