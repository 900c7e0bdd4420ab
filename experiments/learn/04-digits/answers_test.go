package main

import (
	"slices"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
	"github.com/nndiy/nndiy/graph"
)

// These answers test the judges. Try the exercises first.

var right1 = []accuracy{
	func(p [][]float64, class []int) float64 {
		right := 0.0
		for i, row := range p {
			if slices.Index(row, slices.Max(row)) == class[i] {
				right++
			}
		}
		return right / float64(len(p))
	},
}

var wrong1 = []judge.Wrong[accuracy]{
	{Name: "rows with a probability above one half", Says: "want 1", Answer: func(p [][]float64, class []int) float64 {
		right := 0.0
		for i, row := range p {
			if row[class[i]] > 0.5 {
				right++
			}
		}
		return right / float64(len(p))
	}},
	{Name: "a division of integers", Says: "want 0.8", Answer: func(p [][]float64, class []int) float64 {
		right := 0
		for i, row := range p {
			if slices.Index(row, slices.Max(row)) == class[i] {
				right++
			}
		}
		return float64(right / len(p))
	}},
	{Name: "the mean probability", Says: "want 1", Answer: func(p [][]float64, class []int) float64 {
		sum := 0.0
		for i, row := range p {
			sum += row[class[i]]
		}
		return sum / float64(len(p))
	}},
	{Name: "a class out of range", Says: "panics", Answer: func(p [][]float64, class []int) float64 { return p[0][class[0]+3] }},
}

var right2 = []loss{
	func(z, oneHot graph.Node) graph.Node { return z.LogSumExp(1).Sub(z.Mul(oneHot).Sum(1)).Mean() },
	func(z, oneHot graph.Node) graph.Node { return z.LogSoftmax().Mul(oneHot).Sum(1).Mean().Neg() },
}

var wrong2 = []judge.Wrong[loss]{
	{Name: "overflow", Says: "want 0.656", Answer: func(z, oneHot graph.Node) graph.Node {
		return z.Exp().Sum(1).Log().Sub(z.Mul(oneHot).Sum(1)).Mean()
	}},
	{Name: "the sum over the batch", Says: "got 2.19", Answer: func(z, oneHot graph.Node) graph.Node {
		return z.LogSumExp(1).Sub(z.Mul(oneHot).Sum(1)).Sum()
	}},
	{Name: "the mean over the classes too", Says: "got 0.366", Answer: func(z, oneHot graph.Node) graph.Node {
		return z.LogSoftmax().Mul(oneHot).Mean().Neg()
	}},
	{Name: "a loss for each row", Says: "want a scalar", Answer: func(z, oneHot graph.Node) graph.Node {
		return z.LogSumExp(1).Sub(z.Mul(oneHot).Sum(1))
	}},
	{Name: "a derivative that stops", Says: "got derivative", Answer: func(z, oneHot graph.Node) graph.Node {
		return z.LogSumExp(1).StopGradient().Sub(z.Mul(oneHot).Sum(1)).Mean()
	}},
}
