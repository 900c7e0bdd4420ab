package main

import (
	"math"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
	"github.com/nndiy/nndiy/graph"
)

// These answers test the judges. Try the exercises first.

// attendBy is attention with a factor of the logits and a mask that is added to them.
func attendBy(factor func(size int) float64, mask func(query, key int) float64) attend {
	return func(s *graph.Scope, query, key, value graph.Node) graph.Node {
		time := query.Dim(1)
		later := s.Table(func(i int) float64 { return mask(i/time, i%time) }, time, time)
		logits := query.MatMul(key.SwapAxes(1, 2)).Scale(factor(query.Dim(2))).Add(later)
		return logits.Softmax().MatMul(value)
	}
}

func scaled(size int) float64 { return 1 / math.Sqrt(float64(size)) }

func causal(query, key int) float64 {
	if key > query {
		return -1e9
	}
	return 0
}

var right1 = []attend{
	attendBy(scaled, causal),
	func(s *graph.Scope, query, key, value graph.Node) graph.Node {
		return s.Attention(query, key, value, graph.Attention{Causal: true})
	},
}

var wrong1 = []judge.Wrong[attend]{
	{Name: "not scaled", Says: "row 0, step 1", Answer: attendBy(func(int) float64 { return 1 }, causal)},
	{Name: "not causal", Says: "row 0, step 0", Answer: attendBy(scaled, func(_, _ int) float64 { return 0 })},
	{Name: "not itself", Says: "row 0, step 0", Answer: attendBy(scaled, func(query, key int) float64 {
		return causal(query, key+1)
	})},
	{Name: "weights over the queries", Says: "row 0, step 0", Answer: func(s *graph.Scope, query, key, value graph.Node) graph.Node {
		logits := query.MatMul(key.SwapAxes(1, 2)).Scale(scaled(query.Dim(2)))
		return logits.Softmax(1).Tril(0).MatMul(value)
	}},
	{Name: "masked after the softmax", Says: "row 0, step 0", Answer: func(s *graph.Scope, query, key, value graph.Node) graph.Node {
		logits := query.MatMul(key.SwapAxes(1, 2)).Scale(scaled(query.Dim(2)))
		return logits.Softmax().Tril(0).MatMul(value)
	}},
	{Name: "no transposition", Says: "equal inner dimensions", Answer: func(_ *graph.Scope, query, key, value graph.Node) graph.Node {
		return query.MatMul(key).Softmax().MatMul(value)
	}},
}

// averageBy is a recurrence with one state of the shape of a step.
func averageBy(step func(h, x graph.Node, keep float64) (next, out graph.Node)) average {
	return func(s *graph.Scope, x graph.Node, keep float64) graph.Node {
		start := s.Table(func(int) float64 { return 0 }, x.Dim(1))
		_, outs := s.Scan([]graph.Node{start}, []graph.Node{x}, func(_ *graph.Scope, state, x []graph.Node) (next, out []graph.Node) {
			h, y := step(state[0], x[0], keep)
			return []graph.Node{h}, []graph.Node{y}
		})
		return outs[0]
	}
}

func mix(h, x graph.Node, keep float64) graph.Node { return h.Scale(keep).Add(x.Scale(1 - keep)) }

var right2 = []average{averageBy(func(h, x graph.Node, keep float64) (next, out graph.Node) {
	h = mix(h, x, keep)
	return h, h
})}

var wrong2 = []judge.Wrong[average]{
	{Name: "the state before the step", Says: "at step 0", Answer: averageBy(func(h, x graph.Node, keep float64) (next, out graph.Node) {
		return mix(h, x, keep), h
	})},
	{Name: "the wrong fraction", Says: "at step 0", Answer: averageBy(func(h, x graph.Node, keep float64) (next, out graph.Node) {
		h = mix(h, x, 1-keep)
		return h, h
	})},
	{Name: "no memory", Says: "at step 1", Answer: func(_ *graph.Scope, x graph.Node, keep float64) graph.Node { return x.Scale(1 - keep) }},
	{Name: "a gradient that does not go back in time", Says: "got derivative", Answer: averageBy(func(h, x graph.Node, keep float64) (next, out graph.Node) {
		h = mix(h.StopGradient(), x, keep)
		return h, h
	})},
}
