package datasets

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/settings"
)

// PixelNoise is a data set for denoising: its input is a noisy picture, its target the clean one. Each pixel is replaced, with
// probability Amount, by a uniform random value in [0,1).
//
// In a pass with a rng, as training makes them, the noise is drawn afresh from the rng. In a pass without, as validation and
// test make them, and in every pass if Fixed is set, the noise of a picture is drawn from Seed and from the picture itself, so
// that it is the same every time, whatever the order and the size of the batches. Noise has the same bits on any number of
// processors.
type PixelNoise struct {
	Clean  graph.Dataset // the pictures are its X, of any shape; its Y is not used
	Amount float64       // probability that a pixel is replaced, from 0 to 1
	UpTo   float64       // if not 0, each picture has an amount of its own, from Amount to UpTo
	Skew   int           // how much oftener that amount is near Amount: Amount + (UpTo-Amount)·u^(1+Skew), u uniform; 0 is uniform
	Fixed  bool          // a picture has the same noise in every pass
	Seed   uint64        // of the noise that is the same in every pass
}

var _ graph.Dataset = PixelNoise{}

// Len implements graph.Dataset. Without Clean it is 1: Batches tells.
func (p PixelNoise) Len() int {
	if p.Clean == nil {
		return 1
	}
	return p.Clean.Len()
}

// Batches implements graph.Dataset.
func (p PixelNoise) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		if err := p.check(); err != nil {
			yield(graph.Batch{}, err)
			return
		}
		pass := noisePass{PixelNoise: p, fixed: p.Fixed || rng == nil, key: p.Seed}
		if !pass.fixed {
			pass.key = rng.Uint64()
		}
		for b, err := range p.Clean.Batches(size, rng) {
			if err == nil {
				b, err = pass.noisy(b.X)
			}
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// check returns an error that names the first wrong field.
func (p PixelNoise) check() error {
	if p.Clean == nil {
		return fmt.Errorf("datasets: PixelNoise: Clean: got nil, want a data set")
	}
	err := settings.Check(
		settings.Between("Amount", p.Amount, 0, 1),
		settings.Between("UpTo", p.UpTo, p.Amount, 1).OrZero(p.Amount),
		settings.Count("Skew", p.Skew, 0),
	)
	if err == nil && p.Skew > 0 && p.UpTo == 0 {
		err = fmt.Errorf("Skew: got %d without UpTo, want 0, or UpTo as well", p.Skew)
	}
	if err != nil {
		return fmt.Errorf("datasets: PixelNoise: %w", err)
	}
	return nil
}

// A noisePass is the state of one pass over the pictures.
type noisePass struct {
	PixelNoise
	fixed bool
	key   uint64 // of the random streams
	seen  int    // pictures so far
	out   *graph.Tensor
}

// noisy returns a batch of the pictures clean, with noise and without. Its X is valid until the next call.
func (p *noisePass) noisy(clean *graph.Tensor) (graph.Batch, error) {
	data, err := elements(clean)
	if err != nil {
		return graph.Batch{}, fmt.Errorf("datasets: PixelNoise: X of Clean: %w", err)
	}
	if p.out == nil || !p.out.Shape().Eq(clean.Shape()) || p.out.Dtype() != clean.Dtype() {
		p.out = newLike(data, clean.Shape())
	}
	n, width := clean.Shape()[0], rowWidth(clean)
	switch out := p.out.Data().(type) {
	case []float32:
		addNoise(p, out, data.([]float32), n, width)
	case []float64:
		addNoise(p, out, data.([]float64), n, width)
	}
	p.seen += n
	return graph.Batch{X: p.out, Y: clean}, nil
}

// addNoise sets dst to the n pictures of clean with noise. Each picture has a random stream of its own, so that the pictures
// can be shared out to any number of workers.
func addNoise[T graph.Float](p *noisePass, dst, clean []T, n, width int) {
	kernels.Default().For(n, 4, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row, picture := dst[i*width:][:width], clean[i*width:][:width]
			s := kernels.Stream{Key: p.key, Counter: uint64(p.seen + i)}
			if p.fixed {
				s.Counter = hash(picture)
			}
			amount := T(p.Amount)
			if p.UpTo != 0 && width > 0 { // the number after those of the pixels
				kernels.UniformFill(row[:1], s, width)
				u := row[0]
				for range p.Skew {
					row[0] *= u
				}
				amount += row[0] * T(p.UpTo-p.Amount)
			}
			kernels.UniformFill(row, s, 0)
			replace(row, picture, amount)
		}
	})
}
