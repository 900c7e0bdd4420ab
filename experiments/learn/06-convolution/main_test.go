package main

import (
	"context"
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
)

func TestLesson(t *testing.T) { judge.Lesson(t, run, exercise1, exercise2) }

type (
	convolution = func(x, w []float64, stride int) []float64
	unpool      = func(x []float64, size, stride int, dy []float64) []float64
)

// numbers returns n random numbers.
func numbers(n int) []float64 { return graphtest.Check{}.Random(n).Data().([]float64) }

// compute runs a function of nodes on vectors.
func compute(t testing.TB, f func(x []graph.Node) graph.Node, in ...[]float64) []float64 {
	var shapes [][]int
	var values []*graph.Tensor
	for _, v := range in {
		shapes = append(shapes, []int{1, 1, len(v)})
		values = append(values, tensor.New(tensor.WithShape(1, 1, len(v)), tensor.WithBacking(v)))
	}
	fn, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return []graph.Node{f(x)} }, shapes...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := fn.Call(context.Background(), values...)
	if err != nil {
		t.Fatal(err)
	}
	return out[0].Data().([]float64)
}

func equal(t testing.TB, what string, got, want []float64) {
	if len(got) != len(want) {
		t.Fatalf("%s: got %d elements, want %d", what, len(got), len(want))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) < 1e-9) {
			t.Fatalf("%s: got %.3f, want %.3f", what, got, want)
		}
	}
}

func TestExercise1(t *testing.T) {
	judge.Exercise[convolution]{
		Number: 1, Answer: exercise1, Right: right1, Wrong: wrong1,
		Judge: func(t testing.TB, answer convolution) {
			for _, s := range []struct{ n, size, stride int }{{5, 1, 1}, {6, 3, 1}, {7, 3, 2}, {8, 3, 2}, {9, 2, 4}, {3, 3, 1}} {
				x, w := numbers(s.n), numbers(s.size + 1)[1:]
				want := compute(t, func(in []graph.Node) graph.Node { return in[0].Conv(in[1], 1, graph.Window{Stride: s.stride}) }, x, w)
				equal(t, fmt.Sprintf("%d elements, kernel of %d, stride %d", s.n, s.size, s.stride), answer(x, w, s.stride), want)
			}
		},
	}.Test(t)
}

func TestExercise2(t *testing.T) {
	judge.Exercise[unpool]{
		Number: 2, Answer: exercise2, Right: right2, Wrong: wrong2,
		Judge: func(t testing.TB, answer unpool) {
			for _, s := range []struct {
				x            []float64
				size, stride int
			}{{numbers(6), 2, 2}, {numbers(7), 3, 1}, {numbers(9), 3, 2}, {[]float64{1, 5, 5, 0, 5}, 3, 1}, {[]float64{-3, -2, -1}, 2, 1}} {
				dy := numbers((len(s.x)-s.size)/s.stride + 1)
				want := compute(t, func(in []graph.Node) graph.Node {
					y := in[0].MaxPool(graph.Window{Size: s.size, Stride: s.stride})
					return graph.Grad(y.Mul(in[1]).Sum(), in[0])[0]
				}, s.x, dy)
				equal(t, fmt.Sprintf("x = %.2f, windows of %d, stride %d", s.x, s.size, s.stride), answer(s.x, s.size, s.stride, dy), want)
			}
		},
	}.Test(t)
}
