package metrics

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/scoring"
	"github.com/nndiy/nndiy/internal/settings"
	"github.com/nndiy/nndiy/internal/tensors"
)

// scorer is what package graph keeps from its users; see package scoring.
var scorer = scoring.Scorer.(func(m *graph.Model, metric graph.Metric) (score func(ctx context.Context, x, y *graph.Tensor) (float64, error), larger bool, err error))

// PermutationImportance returns how much worse a model's score gets when the numbers of one column of X are shuffled among the rows
// (Breiman, 2001), for each column of data.X, (n, columns): the mean over a number of repeats, and its standard deviation. A column that the
// model does not use gets 0. The score is the one that Evaluate gives if metric is among the model's; it need not be. A larger importance is
// always worse for the score, whichever direction the metric has, if it is a graph.DirectedMetric. Of columns that say the same, each
// seems less important. repeats of 0 means 5; equal seeds give equal results.
func PermutationImportance(ctx context.Context, m *graph.Model, data graph.Arrays, metric graph.Metric, repeats int, seed uint64) (mean, deviation []float64, err error) {
	mean, deviation, err = importance(ctx, m, data, metric, settings.Or(repeats, 5), seed)
	return mean, deviation, prefix("PermutationImportance", err)
}

func importance(ctx context.Context, m *graph.Model, data graph.Arrays, metric graph.Metric, repeats int, seed uint64) (mean, deviation []float64, err error) {
	switch {
	case m == nil || metric == nil:
		return nil, nil, errors.New("got no model or no metric, want both")
	case repeats < 1:
		return nil, nil, fmt.Errorf("repeats: got %d, want 0 or more", repeats)
	case data.X == nil || data.Y == nil || data.X.Dims() != 2 || len(data.Inputs) > 0:
		return nil, nil, errors.New("data: got no X of shape (n, columns), no Y, or additional inputs, want X and Y only")
	}
	x, err := tensors.Floats(data.X)
	if err != nil {
		return nil, nil, fmt.Errorf("X: %w", err)
	}
	x = tensors.Clone(x)
	score, larger, err := scorer(m, metric)
	if err != nil {
		return nil, nil, err
	}
	base, err := score(ctx, x, data.Y)
	if err != nil {
		return nil, nil, err
	}
	sign := 1.0
	if larger {
		sign = -1
	}
	n, k := x.Shape()[0], x.Shape()[1]
	rng := rand.New(rand.NewPCG(seed, 0))
	for column := range k {
		sum, square := 0.0, 0.0
		for range repeats {
			order := rng.Perm(n)
			swapped, err := shuffled(x, column, order)
			if err != nil {
				return nil, nil, err
			}
			s, err := score(ctx, x, data.Y)
			if err != nil {
				return nil, nil, err
			}
			swapped()
			d := sign * (s - base)
			sum, square = sum+d, square+d*d
		}
		r := float64(repeats)
		mean = append(mean, sum/r)
		deviation = append(deviation, math.Sqrt(max(square/r-sum/r*sum/r, 0)))
	}
	return mean, deviation, nil
}

// shuffled puts the numbers of a column in another order, and returns a function that puts them back.
func shuffled(x *graph.Tensor, column int, order []int) (back func(), err error) {
	k := x.Shape()[1]
	values, err := tensors.Float64s(x)
	if err != nil {
		return nil, err
	}
	changed := make([]float64, len(values))
	copy(changed, values)
	for i, from := range order {
		changed[i*k+column] = values[from*k+column]
	}
	tensors.Set(x, changed)
	return func() { tensors.Set(x, values) }, nil
}
