package metrics

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

var (
	_ graph.MeanMetric    = PSNR{}
	_ graph.MetricChecker = PSNR{}
	_ graph.Validator     = PSNR{}
	_ graph.LogitMetric   = PSNR{}
	_ graph.MeanMetric    = SSIM{}
	_ graph.MetricChecker = SSIM{}
	_ graph.Validator     = SSIM{}
	_ graph.LogitMetric   = SSIM{}
)

// PSNR is the peak signal-to-noise ratio in decibels, the mean over the images of 10·log10(Max²/MSE), infinite for equal images.
// Predictions and targets have the same shape, an image in each row. Its name in the logs is "psnr".
type PSNR struct {
	Max   float64 // difference between the largest and the smallest possible pixel; 0 means 1
	Limit float64 // an image with a larger PSNR, such as an equal one, counts as this, such as 100; 0 means no limit
}

// Name implements graph.Metric.
func (PSNR) Name() string { return "psnr" }

// LargerIsBetter implements graph.DirectedMetric.
func (PSNR) LargerIsBetter() bool { return true }

// RowMean implements graph.MeanMetric.
func (PSNR) RowMean() {}

// Validate implements graph.Validator.
func (m PSNR) Validate() error {
	return prefix("PSNR", settings.Check(settings.Above("Max", m.Max, 0).OrZero(1), settings.AtLeast("Limit", m.Limit, 0)))
}

// Check implements graph.MetricChecker.
func (PSNR) Check(pred, target []int) error { return sameShape(pred, target) }

// ReadsLogits implements graph.LogitMetric.
func (PSNR) ReadsLogits([]int) (logits, matters bool) { return false, true }

// Score implements graph.Metric.
func (m PSNR) Score(pred, target *graph.Tensor) float64 { return orNaN(m.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (m PSNR) Explain(pred, target *graph.Tensor) error {
	_, err := m.score(pred, target)
	return err
}

func (m PSNR) score(pred, target *graph.Tensor) (float64, error) {
	p, t, err := pair(pred, target)
	if err == nil {
		err = sameShape(pred.Shape(), target.Shape())
	}
	if err != nil {
		return 0, err
	}
	n, width, most := pred.Shape()[0], size(pred.Shape()[1:]), settings.Or(m.Max, 1)
	sum := 0.0
	for i := range n {
		square := 0.0
		for k := i * width; k < (i+1)*width; k++ {
			d := p.at(k) - t.at(k)
			square += d * d
		}
		ratio := 10 * math.Log10(most*most*float64(width)/square)
		if m.Limit > 0 && ratio > m.Limit {
			ratio = m.Limit
		}
		sum += ratio
	}
	return sum / float64(n), nil
}

// SSIM is the structural similarity of images (Wang et al., 2004, "Image Quality Assessment: From Error Visibility to Structural
// Similarity"), at most 1, for equal images: the mean over the images and channels, with a Gaussian window of 11×11 pixels and
// σ = 1.5 at all places where it lies inside, K1 = 0.01 and K2 = 0.03. Predictions and targets have the shape (n, height, width) or
// (n, channels, height, width), at least 11×11 pixels. Its name in the logs is "ssim".
type SSIM struct {
	Max float64 // difference between the largest and the smallest possible pixel; 0 means 1
}

// Name implements graph.Metric.
func (SSIM) Name() string { return "ssim" }

// LargerIsBetter implements graph.DirectedMetric.
func (SSIM) LargerIsBetter() bool { return true }

// RowMean implements graph.MeanMetric.
func (SSIM) RowMean() {}

// Validate implements graph.Validator.
func (m SSIM) Validate() error {
	return prefix("SSIM", settings.Check(settings.Above("Max", m.Max, 0).OrZero(1)))
}

// ssimSide is the side of the window.
const ssimSide = 11

// ssimWindow are the weights of the window along one side.
var ssimWindow = func() (w [ssimSide]float64) {
	sum := 0.0
	for i := range w {
		d := float64(i - ssimSide/2)
		w[i] = math.Exp(-d * d / (2 * 1.5 * 1.5))
		sum += w[i]
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}()

// Check implements graph.MetricChecker.
func (SSIM) Check(pred, target []int) error {
	if n := len(pred); n != 3 && n != 4 || pred[n-1] < ssimSide || pred[n-2] < ssimSide {
		return fmt.Errorf("got predictions of shape %v, want (n, height, width) or (n, channels, height, width) of at least %d×%d pixels",
			pred, ssimSide, ssimSide)
	}
	return sameShape(pred, target)
}

// ReadsLogits implements graph.LogitMetric.
func (SSIM) ReadsLogits([]int) (logits, matters bool) { return false, true }

// Score implements graph.Metric.
func (m SSIM) Score(pred, target *graph.Tensor) float64 { return orNaN(m.score(pred, target)) }

// Explain implements graph.MetricExplainer.
func (m SSIM) Explain(pred, target *graph.Tensor) error {
	_, err := m.score(pred, target)
	return err
}

func (m SSIM) score(pred, target *graph.Tensor) (float64, error) {
	p, t, err := pair(pred, target)
	if err == nil {
		err = m.Check(pred.Shape(), target.Shape())
	}
	if err != nil {
		return 0, err
	}
	shape, most := pred.Shape(), settings.Or(m.Max, 1)
	h, w := shape[len(shape)-2], shape[len(shape)-1]
	planes, sum := size(shape)/(h*w), 0.0
	c1, c2 := 0.01*0.01*most*most, 0.03*0.03*most*most
	for plane := range planes {
		at := func(x numbers, i int) float64 { return x.at(plane*h*w + i) }
		a := smooth(h, w, func(i int) float64 { return at(p, i) })
		b := smooth(h, w, func(i int) float64 { return at(t, i) })
		aa := smooth(h, w, func(i int) float64 { return at(p, i) * at(p, i) })
		bb := smooth(h, w, func(i int) float64 { return at(t, i) * at(t, i) })
		ab := smooth(h, w, func(i int) float64 { return at(p, i) * at(t, i) })
		mean := 0.0
		for i := range a {
			va, vb, cov := aa[i]-a[i]*a[i], bb[i]-b[i]*b[i], ab[i]-a[i]*b[i]
			mean += (2*a[i]*b[i] + c1) * (2*cov + c2) / ((a[i]*a[i] + b[i]*b[i] + c1) * (va + vb + c2))
		}
		sum += mean / float64(len(a))
	}
	return sum / float64(planes), nil
}

// smooth returns the mean under the window at all places where it lies inside h×w numbers.
func smooth(h, w int, at func(i int) float64) []float64 {
	across := make([]float64, 0, h*(w-ssimSide+1))
	for y := range h {
		for x := range w - ssimSide + 1 {
			sum := 0.0
			for k, f := range ssimWindow {
				sum += f * at(y*w+x+k)
			}
			across = append(across, sum)
		}
	}
	w -= ssimSide - 1
	out := make([]float64, 0, (h-ssimSide+1)*w)
	for y := range h - ssimSide + 1 {
		for x := range w {
			sum := 0.0
			for k, f := range ssimWindow {
				sum += f * across[(y+k)*w+x]
			}
			out = append(out, sum)
		}
	}
	return out
}
