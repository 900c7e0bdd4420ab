package datasets

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/settings"
	"github.com/nndiy/nndiy/internal/tensors"
)

// PixelNoise is a data set for denoising: X is a noisy image and Y the clean one, of the same shape. With probability Amount, a
// pixel is replaced by a uniform random value in [0,1).
//
// In a pass with a rng, as in training, the noise is drawn anew from the rng. In a pass without, as in validation, and in every
// pass if Fixed is set, the noise of an image is drawn from Seed and the image's pixels, so that it is the same in every pass,
// for any order and batch size. The noise has the same bits for any number of threads. The elements of Clean are float32 or
// float64; Batches returns an error for others, and for invalid fields.
type PixelNoise struct {
	Clean  graph.Dataset // its X are the images, of any shape with the batch in front; its Y is ignored
	Amount float64       // probability that a pixel is replaced, from 0 to 1; 0 means no noise
	UpTo   float64       // if not 0, each image has its own random amount, from Amount to UpTo, which is at most 1
	Skew   int           // 0 to 1000: the random amount is Amount + (UpTo-Amount)·u^(1+Skew), u uniform in [0,1)
	Fixed  bool          // an image has the same noise in every pass, also with a rng
	Seed   uint64        // seed of the noise that is the same in every pass
}

var _ graph.PartDataset = PixelNoise{}

// Len implements graph.Dataset. Without Clean it is 1, so that Fit calls Batches, which returns the error.
func (p PixelNoise) Len() int { return lenOf(p.Clean) }

// Batches implements graph.Dataset.
func (p PixelNoise) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return p.Parts(size, rng, func(rows int) (from, to int) { return 0, rows })
}

// Parts implements graph.PartDataset: it adds noise only to the rows of the parts.
func (p PixelNoise) Parts(size int, rng *rand.Rand, cut func(rows int) (from, to int)) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		if err := p.check(); err != nil {
			yield(graph.Batch{}, err)
			return
		}
		pass := noisePass{PixelNoise: p, fixed: p.Fixed || rng == nil, key: p.Seed}
		if !pass.fixed {
			pass.key = rng.Uint64()
		}
		batches := pass.whole(size, rng, cut)
		if clean, ok := p.Clean.(graph.PartDataset); ok {
			batches = clean.Parts(size, rng, pass.counted(cut))
		}
		for b, err := range batches {
			if err == nil && !(b.X == nil && pass.empty) {
				b, err = pass.noisy(b.X)
			}
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

const maxSkew = 1000 // nearly all amounts are PixelNoise.Amount then

// check returns an error that names the first wrong field.
func (p PixelNoise) check() error {
	if isNil(p.Clean) {
		return fmt.Errorf("datasets: PixelNoise: Clean: got nil, want a data set")
	}
	upTo := settings.Between("UpTo", p.UpTo, p.Amount, 1)
	if p.Amount > 0 {
		upTo = upTo.OrZero(p.Amount)
	}
	err := settings.Check(settings.Between("Amount", p.Amount, 0, 1), upTo, settings.Count("Skew", p.Skew, 0))
	if err == nil && p.Skew > maxSkew {
		err = fmt.Errorf("Skew: got %d, want at most %d", p.Skew, maxSkew)
	}
	if err == nil && p.Skew > 0 && p.UpTo == 0 {
		err = fmt.Errorf("Skew: got %d without UpTo, want 0, or UpTo as well", p.Skew)
	}
	if err != nil {
		return fmt.Errorf("datasets: PixelNoise: %w", err)
	}
	return nil
}

// A noisePass is the state of one pass over the images.
type noisePass struct {
	PixelNoise
	fixed bool
	key   uint64 // key of the random streams
	empty bool   // the part has no rows
	first int    // number of the image in the first row of the part
	seen  int    // number of images in all batches so far, of which parts may lack some
	out   *graph.Tensor
}

// counted returns cut as a function that keeps the numbers of the images.
func (p *noisePass) counted(cut func(rows int) (from, to int)) func(rows int) (from, to int) {
	return func(rows int) (from, to int) {
		from, to = cut(rows)
		p.first, p.empty = p.seen+from, from == to
		p.seen += rows
		return from, to
	}
}

// whole yields the parts of the images of Clean, read as whole batches.
func (p *noisePass) whole(size int, rng *rand.Rand, cut func(rows int) (from, to int)) iter.Seq2[graph.Batch, error] {
	cut = p.counted(cut)
	return func(yield func(graph.Batch, error) bool) {
		for b, err := range p.Clean.Batches(size, rng) {
			p.empty = false
			if err == nil && b.X != nil && b.X.Dims() > 0 {
				rows := b.X.Shape()[0]
				if from, to := cut(rows); from == to {
					b = graph.Batch{}
				} else if to-from < rows {
					x, e := tensors.RowMajor(b.X)
					if b, err = (graph.Batch{}), e; err == nil {
						b.X = tensors.Rows(x, from, to-from)
					} else {
						err = fmt.Errorf("datasets: PixelNoise: X of Clean: %w", err)
					}
				}
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// noisy returns a part with the noisy images in X and the clean ones in Y. X is valid until the next call.
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
	return graph.Batch{X: p.out, Y: clean}, nil
}

// addNoise sets dst to the n images of clean with noise. Each image has its own random stream, so that any number of workers can
// divide the images among them.
func addNoise[T graph.Float](p *noisePass, dst, clean []T, n, width int) {
	kernels.Default().For(n, 4, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row, image := dst[i*width:][:width], clean[i*width:][:width]
			s := kernels.Stream{Key: p.key, Counter: uint64(p.first + i)}
			if p.fixed {
				s.Counter = hash(image)
			}
			amount := T(p.Amount)
			if p.UpTo != 0 && width > 0 { // the number after those of the pixels decides the amount
				kernels.UniformFill(row[:1], s, width)
				u := row[0]
				for range p.Skew {
					row[0] *= u
				}
				amount += row[0] * T(p.UpTo-p.Amount)
			}
			kernels.UniformFill(row, s, 0)
			replace(row, image, amount)
		}
	})
}
