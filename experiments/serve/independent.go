package main

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// independent tells whether the model predicts the same bits of a sample whatever else is in a batch, of the sizes that are
// gathered: it tries each on random samples. Predict promises it, but a network may have layers that were written elsewhere.
func (g *gatherer[T]) independent() (bool, error) {
	rng := rand.New(rand.NewPCG(1, 1))
	s := g.free[0]
	samples := make([]T, roundUp(g.most)*s.width)
	for i := range samples {
		samples[i] = T(rng.NormFloat64())
	}
	predict := func(from, to int) ([]T, error) {
		y, err := g.model.Predict(context.Background(), s.tensor(to-from, samples[from*s.width:to*s.width]))
		if err != nil {
			return nil, err
		}
		return y.Data().([]T), nil
	}
	var alone []T
	for n := 1; n <= roundUp(g.most); n++ {
		one, err := predict(n-1, n)
		if err != nil {
			return false, err
		}
		alone = append(alone, one...)
		if roundUp(n) != n {
			continue
		}
		all, err := predict(0, n)
		if err != nil || !slices.EqualFunc(all, alone, sameBits) {
			return false, err
		}
	}
	return true, nil
}

func sameBits[T float](a, b T) bool {
	return math.Float64bits(float64(a)) == math.Float64bits(float64(b))
}
