package main

import (
	"context"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// nearest returns the k nearest rows of keys for each row of queries, by the Euclidean distance, the nearest first.
func nearest(ctx context.Context, queries, keys *graph.Tensor, k int) ([][]int, error) {
	n, length := queries.Shape()[0], queries.Shape()[1]
	rows := min(n, 250) // queries at once
	// The squared distance is |query|² - 2·query·key + |key|², whose first term is the same for all keys.
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		close := x[0].MatMul(x[1].Transpose()).Scale(2).Sub(x[1].Square().Sum(1).Expand(0))
		if k == 1 {
			return []graph.Node{close.ArgMax(1)}
		}
		_, index := close.TopK(1, k)
		return []graph.Node{index}
	}, []int{rows, length}, keys.Shape())
	if err != nil {
		return nil, err
	}
	found := make([][]int, n)
	for first := 0; first < n; first += rows {
		first = min(first, n-rows) // the last rows overlap those before
		block := tensor.New(tensor.WithShape(rows, length), tensor.WithBacking(queries.Float32s()[first*length:][:rows*length]))
		y, err := f.Call(ctx, block, keys)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			found[first+i] = nil
			for _, v := range y[0].Float32s()[i*k:][:k] {
				found[first+i] = append(found[first+i], int(v))
			}
		}
	}
	return found, nil
}

// accuracy returns the fraction of the queries whose nearest key has the same class.
func accuracy(ctx context.Context, queries, keys *graph.Tensor, classes, keyClasses []uint8) (float64, error) {
	found, err := nearest(ctx, queries, keys, 1)
	correct := 0
	for i, list := range found {
		if keyClasses[list[0]] == classes[i] {
			correct++
		}
	}
	return float64(correct) / float64(len(classes)), err
}
