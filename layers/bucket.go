package layers

import (
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Bucket replaces a number by the number of its bucket: 0 is below the first of the edges, k is at or above edge k-1. Adapt sets the edges
// to quantiles of the training data, so that about equally many rows are in each bucket; each index of the last axis has its own.
// OneHot or Embedding behind it make features of the buckets. Its derivative is zero.
type Bucket struct {
	Count int // number of buckets, fewer if numbers are equal; 0 means 10

	Edges [][]float64 // what Adapt sets: the edges in rising order, for each index of the last axis
}

var _ Adapter = Bucket{}

// count returns Count or its default.
func (l Bucket) count() settings.Setting { return settings.Count("Count", l.Count, 2).OrZero(10) }

// Emit implements graph.Layer.
func (l Bucket) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if x = checked(x, l.count()); x.Err() != nil {
		return x
	}
	if x.Rank() < 2 || len(l.Edges) != x.Dim(-1) {
		return x.Errorf("Edges: got %d lists for shape %v, want one for each index of the last axis, as Adapt sets them", len(l.Edges), x.Shape())
	}
	most := 1
	for i, edges := range l.Edges {
		most = max(most, len(edges))
		for _, v := range edges {
			x = checked(x, settings.Finite("Edges", v))
		}
		if !slices.IsSorted(edges) {
			return x.Errorf("Edges[%d]: got %v, want rising numbers", i, edges)
		}
	}
	if x.Err() != nil {
		return x
	}
	// A short list ends in infinite edges: nothing is at or above them.
	edges := s.Table(func(i int) float64 {
		if list := l.Edges[i/most]; i%most < len(list) {
			return list[i%most]
		}
		return math.Inf(1)
	}, len(l.Edges), most)
	above := edges.Greater(x.Expand(-1))
	return above.Neg().Shift(1).Sum(-1).Add(x.StopGradient().Clip(0, 0)) // NaN stays NaN
}

// Adapt implements Adapter.
func (l Bucket) Adapt(x *graph.Tensor) (graph.Layer, error) {
	count := l.count()
	if err := settings.Check(count); err != nil {
		return nil, err
	}
	values, shape, err := numbersOf(x)
	if err != nil {
		return nil, err
	}
	width, n := shape[len(shape)-1], int(count.Value)
	l.Edges = make([][]float64, width)
	for k := range l.Edges {
		var list []float64
		for i := k; i < len(values); i += width {
			list = append(list, values[i])
		}
		slices.Sort(list)
		edges := []float64{}
		for q := 1; q < n; q++ {
			e := list[min(int(float64(q)/float64(n)*float64(len(list))), len(list)-1)]
			if e > list[0] && !slices.Contains(edges, e) {
				edges = append(edges, e)
			}
		}
		l.Edges[k] = edges
	}
	return l, nil
}

// OneHot replaces integers from 0 to Classes-1 by rows of 0 and 1: (batch, ..., n) becomes (batch, ..., n·Classes), where element
// i·Classes+k is 1 if integer i is k. Any other number is an error when the model runs. Its derivative is zero.
type OneHot struct {
	Classes int // number of different integers; 0 means that Adapt sets it, to the largest in the training data plus 1
}

var _ Adapter = OneHot{}

// Emit implements graph.Layer.
func (l OneHot) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	if x = checked(x, settings.Count("Classes", l.Classes, 1)); x.Err() != nil {
		return x
	}
	if x.Rank() < 2 {
		return x.Errorf("got shape %v, want (batch, ..., n)", x.Shape())
	}
	shape := x.Shape()
	shape[len(shape)-1] *= l.Classes
	return x.OneHot(l.Classes).Reshape(shape...)
}

// Adapt implements Adapter.
func (l OneHot) Adapt(x *graph.Tensor) (_ graph.Layer, err error) {
	if l.Classes == 0 {
		l.Classes, err = countOf(x)
	}
	return l, err
}

// maxClasses is the largest number of classes that Adapt finds; more are probably a mistake.
const maxClasses = 1 << 20

// countOf returns the largest integer in data, plus 1.
func countOf(x *graph.Tensor) (int, error) {
	values, _, err := numbersOf(x)
	if err != nil {
		return 0, err
	}
	largest := slices.Max(values)
	if i := slices.IndexFunc(values, func(v float64) bool { return v < 0 || v != math.Floor(v) || v >= maxClasses }); i >= 0 {
		return 0, fmt.Errorf("got %v at element %d, want integers from 0 to %d", values[i], i, maxClasses-1)
	}
	return int(largest) + 1, nil
}
