package datasets

import (
	"errors"
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// A script is a data set that yields one batch, then an error.
type script struct {
	x   *tensor.Dense
	err error
}

func (s script) Len() int { return 1 }

func (s script) Batches(int, *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		if yield(graph.Batch{X: s.x}, nil) {
			yield(graph.Batch{}, s.err)
		}
	}
}

func TestPixelNoiseErrors(t *testing.T) {
	nan := sqrt(-1)
	ok := dense([]float32{1}, 1, 1)
	for _, c := range []struct {
		p       PixelNoise
		batches int // number of batches before the error
		want    string
	}{
		{PixelNoise{}, 0, "datasets: PixelNoise: Clean: got nil, want a data set"},
		{PixelNoise{Clean: script{}, Amount: -0.1}, 0, "datasets: PixelNoise: Amount: got -0.1, want at least 0 and at most 1"},
		{PixelNoise{Clean: script{}, Amount: 1.1}, 0, "datasets: PixelNoise: Amount: got 1.1, want at least 0 and at most 1"},
		{PixelNoise{Clean: script{}, Amount: nan}, 0, "datasets: PixelNoise: Amount: got NaN, want at least 0 and at most 1"},
		{PixelNoise{Clean: script{}, Amount: 0.5, UpTo: 0.4}, 0, "datasets: PixelNoise: UpTo: got 0.4, want at least 0.5 and at most 1, or 0 for 0.5"},
		{PixelNoise{Clean: script{}, UpTo: 1, Skew: -1}, 0, "datasets: PixelNoise: Skew: got -1, want 0 or more"},
		{PixelNoise{Clean: script{}, Amount: 0.5, Skew: 2}, 0, "datasets: PixelNoise: Skew: got 2 without UpTo, want 0, or UpTo as well"},
		{PixelNoise{Clean: script{}, UpTo: nan}, 0, "datasets: PixelNoise: UpTo: got NaN, want at least 0 and at most 1"},
		{PixelNoise{Clean: script{}}, 0, "datasets: PixelNoise: X of Clean: got no tensor, want one"},
		{PixelNoise{Clean: script{ok, errors.New("scripted")}}, 1, "scripted"},
	} {
		t.Run(c.want, func(t *testing.T) {
			require.Positive(t, c.p.Len(), "Fit calls Batches, which returns the error")
			n := 0
			var got error
			for _, err := range c.p.Batches(1, nil) {
				require.NoError(t, got, "the error is the last")
				if got = err; err == nil {
					n++
				}
			}
			assert.EqualError(t, got, c.want)
			assert.Equal(t, c.batches, n)
		})
	}
}

func BenchmarkPixelNoise(b *testing.B) {
	clean := graph.Arrays{X: dense(make([]float32, 128*784), 128, 784)}
	for _, c := range []struct {
		name string
		p    PixelNoise
		rng  *rand.Rand
	}{
		{"fresh", PixelNoise{Clean: script{x: clean.X}, Amount: 0.8}, rand.New(rand.NewPCG(1, 1))},
		{"mixed", PixelNoise{Clean: script{x: clean.X}, UpTo: 1}, rand.New(rand.NewPCG(1, 1))},
		{"fixed", PixelNoise{Clean: script{x: clean.X}, Amount: 0.8}, nil},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(128 * 784 * 4)
			pass := noisePass{PixelNoise: c.p, fixed: c.rng == nil}
			for b.Loop() {
				if _, err := pass.noisy(clean.X); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
