package denoise

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/ink"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
)

// A Cleaning is how well the noise was removed. The reply has the arrays image, noisy and clean of 28×28 pixels.
type Cleaning struct {
	Noisy float64 `json:"noisy"` // PSNR of the noisy image, in dB; 99 for equal images
	Clean float64 `json:"clean"` // PSNR of the network's image
}

// clean adds noise to what was drawn, and removes it.
func (p *Pane) clean(a arguments) (panes.Reply, error) {
	image, err := ink.Image(a.Strokes)
	if err != nil {
		return panes.Reply{}, err
	}
	return p.remove(image, a)
}

// test does the same with a test image.
func (p *Pane) test(a arguments) (panes.Reply, error) {
	if a.Index < 0 || a.Index >= p.set.Test.Len() {
		return panes.Reply{}, fmt.Errorf("index: got %d, want 0 to %d", a.Index, p.set.Test.Len()-1)
	}
	image := make([]float32, digits.Pixels)
	for i, v := range p.set.Test.Pixels[a.Index*digits.Pixels:][:digits.Pixels] {
		image[i] = float32(v) / 255
	}
	return p.remove(image, a)
}

// remove adds noise to an image, and removes it.
func (p *Pane) remove(image []float32, a arguments) (panes.Reply, error) {
	if !(a.Amount >= 0 && a.Amount <= 1) {
		return panes.Reply{}, fmt.Errorf("amount: got %v, want 0 to 1", a.Amount)
	}
	by := p.ready
	if a.Own {
		by = p.own
	}
	noisy := replace(image, a.Amount, a.Noise)
	clean, err := trainer.Predict(by, 1, noisy)
	if err != nil {
		return panes.Reply{}, err
	}
	return panes.Reply{
		Value:  Cleaning{psnr(noisy, image), psnr(clean, image)},
		Arrays: map[string][]float32{"image": image, "noisy": noisy, "clean": clean},
	}, nil
}

// replace returns an image in which each pixel is, with a probability, replaced by a uniform random number. A pixel that a smaller
// amount replaces is replaced by a larger one, too, by the same number.
func replace(image []float32, amount float64, seed uint64) []float32 {
	rng, noisy := rand.New(rand.NewPCG(seed, 1)), make([]float32, len(image))
	for i, v := range image {
		which, value := rng.Float64(), rng.Float32()
		if noisy[i] = v; which < amount {
			noisy[i] = value
		}
	}
	return noisy
}

// psnr returns the peak signal-to-noise ratio in dB of an image, with pixels from 0 to 1: 10·log₁₀(1 / mean squared error), at most 99.
func psnr(image, original []float32) float64 {
	sum := 0.
	for i, v := range image {
		d := float64(v) - float64(original[i])
		sum += d * d
	}
	return min(99, -10*math.Log10(sum/float64(len(image))))
}
