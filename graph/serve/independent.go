package serve

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// independent reports whether the model predicts the same bits for a sample whatever else is in its batch. It tries each
// gathered batch size on random samples, or on zeros and ones if the model rejects those. Predict promises this, but layers
// from elsewhere may break it.
func (g *gatherer[T]) independent() bool {
	rng := rand.New(rand.NewPCG(1, 1))
	samples := make([]T, roundUp(g.most)*size(g.shape))
	for _, draw := range []func() T{
		func() T { return T(rng.NormFloat64()) },
		func() T { return T(rng.IntN(2)) },
	} {
		for i := range samples {
			samples[i] = draw()
		}
		if same, err := g.independentOn(samples); err == nil {
			return same
		}
	}
	return false
}

// independentOn is independent for the given samples.
func (g *gatherer[T]) independentOn(samples []T) (bool, error) {
	width := size(g.shape)
	predict := func(from, to int) ([]T, error) {
		y, err := g.model.Predict(context.Background(), inputOf(to-from, g.shape, samples[from*width:to*width]))
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

// sameBits reports whether two numbers have the same bits.
func sameBits[T float](a, b T) bool {
	return math.Float64bits(float64(a)) == math.Float64bits(float64(b))
}
