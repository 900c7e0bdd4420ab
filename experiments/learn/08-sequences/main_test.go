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
	attend  = func(s *graph.Scope, query, key, value graph.Node) graph.Node
	average = func(s *graph.Scope, x graph.Node, keep float64) graph.Node
)

// compute runs a function of nodes.
func compute(t testing.TB, f func(s *graph.Scope, x []graph.Node) []graph.Node, in ...*graph.Tensor) []*graph.Tensor {
	var shapes [][]int
	for _, v := range in {
		shapes = append(shapes, v.Shape())
	}
	fn, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node { return f(s, x) }, shapes...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := fn.Call(context.Background(), in...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestExercise1(t *testing.T) {
	judge.Exercise[attend]{
		Number: 1, Answer: exercise1, Right: right1, Wrong: wrong1,
		Judge: func(t testing.TB, answer attend) {
			q, k, v := graphtest.Check{Seed: 1}.Random(2, 5, 4), graphtest.Check{Seed: 2}.Random(2, 5, 4), graphtest.Check{Seed: 3}.Random(2, 5, 4)
			out := compute(t, func(s *graph.Scope, x []graph.Node) []graph.Node {
				return []graph.Node{answer(s, x[0], x[1], x[2]), s.Attention(x[0], x[1], x[2], graph.Attention{Causal: true})}
			}, q, k, v)
			if !out[0].Shape().Eq(out[1].Shape()) {
				t.Fatalf("got shape %v, want %v", out[0].Shape(), out[1].Shape())
			}
			got, want := out[0].Data().([]float64), out[1].Data().([]float64)
			for i := range want {
				if !(math.Abs(got[i]-want[i]) < 1e-9) {
					t.Fatalf("row %d, step %d: got %.4f, want %.4f", i/20, i/4%5, got[i/4*4:][:4], want[i/4*4:][:4])
				}
			}
			graphtest.Func(t, func(s *graph.Scope, x ...graph.Node) graph.Node { return answer(s, x[0], x[1], x[2]) }, q, k, v)
		},
	}.Test(t)
}

func TestExercise2(t *testing.T) {
	judge.Exercise[average]{
		Number: 2, Answer: exercise2, Right: right2, Wrong: wrong2,
		Judge: func(t testing.TB, answer average) {
			x := tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float64{1, 0, 1, 2, 1, -1, 0, 0}))
			out := compute(t, func(s *graph.Scope, in []graph.Node) []graph.Node { return []graph.Node{answer(s, in[0], 0.75)} }, x)
			if !out[0].Shape().Eq(x.Shape()) {
				t.Fatalf("got shape %v, want %v", out[0].Shape(), x.Shape())
			}
			h, got := []float64{0, 0}, out[0].Data().([]float64)
			for i, v := range x.Data().([]float64) {
				h[i%2] = 0.75*h[i%2] + 0.25*v
				if !(math.Abs(got[i]-h[i%2]) < 1e-12) {
					t.Fatalf("keep = 0.75, x = %v: got %.4f, want %.4f at step %d, feature %d", x.Data(), got, h[i%2], i/2, i%2)
				}
			}
			graphtest.Func(t, func(s *graph.Scope, in ...graph.Node) graph.Node { return answer(s, in[0], 0.75) }, x)
		},
	}.Test(t)
}
