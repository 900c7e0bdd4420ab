package datasets

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// MixUp is a data set whose samples are mixtures of two samples of a batch of another one: λ of the one and 1-λ of the other, both in
// X and in Y, with λ drawn for each sample from the distribution Beta(Alpha, Alpha) (Zhang et al., 2018, "mixup: Beyond Empirical
// Risk Minimization"). Y are rows of numbers, such as one-hot rows, for a loss such as losses.CategoricalCrossEntropy; class numbers
// become such rows by Classes. A pass without a rng, such as validation, mixes nothing. Batches have X and Y only.
type MixUp struct {
	From    graph.Dataset
	Classes int     // number of classes if Y are class numbers; 0 if they are rows, which are mixed as they are
	Alpha   float64 // 0 means 0.2
}

// CutMix is a data set of pictures in which a random rectangle of each is replaced by that of another picture of the batch (Yun et al.,
// 2019, "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features"). Y is mixed in proportion to the
// areas, as by MixUp. The area that stays is drawn from the distribution Beta(Alpha, Alpha). X has the shape (n, channels, height,
// width). A pass without a rng mixes nothing.
type CutMix struct {
	From    graph.Dataset
	Classes int     // as in MixUp
	Alpha   float64 // 0 means 1, the uniform distribution
}

var (
	_ graph.StepCounter = MixUp{}
	_ tasked            = MixUp{}
	_ graph.StepCounter = CutMix{}
	_ tasked            = CutMix{}
)

// Len implements graph.Dataset.
func (m MixUp) Len() int { return lenOf(m.From) }

// Steps implements graph.StepCounter.
func (m MixUp) Steps(size int) int { return stepsOf(m.From, size) }

// Batches implements graph.Dataset.
func (m MixUp) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return batchesOf(m.tasks(size, rng))
}

func (m MixUp) tasks(size int, rng *rand.Rand) iter.Seq2[task, error] {
	return mixTasks("MixUp", m.From, m.Classes, m.Alpha, 0.2, size, rng, func(x *mixture, i, j int, lambda float64) float64 {
		x.blend(x.x, i, j, lambda)
		return lambda
	})
}

// Len implements graph.Dataset.
func (c CutMix) Len() int { return lenOf(c.From) }

// Steps implements graph.StepCounter.
func (c CutMix) Steps(size int) int { return stepsOf(c.From, size) }

// Batches implements graph.Dataset.
func (c CutMix) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return batchesOf(c.tasks(size, rng))
}

func (c CutMix) tasks(size int, rng *rand.Rand) iter.Seq2[task, error] {
	return mixTasks("CutMix", c.From, c.Classes, c.Alpha, 1, size, rng, (*mixture).cut)
}

// mixTasks returns a pass in which f makes sample i of X of samples i and j, and returns the fraction that is of i.
func mixTasks(where string, from graph.Dataset, classes int, alpha, usual float64, size int, rng *rand.Rand,
	f func(x *mixture, i, j int, lambda float64) float64,
) iter.Seq2[task, error] {
	if err := checkFrom(where, from); err != nil {
		return failed(err)
	}
	mix := settings.Above("Alpha", alpha, 0).OrZero(usual)
	if err := settings.CheckIn("datasets: "+where, mix, settings.Between("Classes", float64(classes), 0, maxClasses)); err != nil {
		return failed(err)
	}
	return mapped(where, from, size, rng, func(b graph.Batch, rng *rand.Rand) (graph.Batch, error) {
		if _, err := sampleCount(b); err != nil {
			return b, err
		}
		if len(b.Inputs)+len(b.Targets) > 0 || b.Weight != nil || b.Y == nil {
			return b, errors.New("got a batch with other tensors, or without Y, want X and Y only")
		}
		y := b.Y
		var err error
		if classes > 0 {
			if y, err = OneHot(b.Y, classes); err != nil {
				return b, err
			}
		}
		if where == "CutMix" && b.X.Dims() != 4 {
			return b, fmt.Errorf("X: got shape %v, want (n, channels, height, width)", []int(b.X.Shape()))
		}
		if rng == nil {
			return graph.Batch{X: b.X, Y: y}, nil
		}
		m := mixture{rng: rng}
		if m.x, err = newSide(b.X); err == nil {
			m.y, err = newSide(y)
		}
		if err != nil {
			return b, err
		}
		for i, j := range rng.Perm(b.X.Shape()[0]) {
			m.blend(m.y, i, j, f(&m, i, j, beta(rng, mix.Value)))
		}
		return graph.Batch{X: m.x.out, Y: m.y.out}, nil
	})
}

// A mixture is a batch that is being mixed.
type mixture struct {
	rng  *rand.Rand
	x, y side
}

// A side is a tensor before and after mixing. The elements are in one pair of slices.
type side struct {
	out          *graph.Tensor
	to, from     []float32
	to64, from64 []float64
	width        int // elements of a sample
}

func newSide(t *graph.Tensor) (s side, err error) {
	data, err := elements(t)
	if err != nil {
		return s, err
	}
	s.out, s.width = newLike(data, t.Shape()), rowWidth(t)
	switch data := data.(type) {
	case []float32:
		s.from, s.to = data, s.out.Data().([]float32)
		copy(s.to, s.from)
	case []float64:
		s.from64, s.to64 = data, s.out.Data().([]float64)
		copy(s.to64, s.from64)
	}
	return s, nil
}

// blend sets sample i to λ of itself and 1-λ of sample j.
func (m *mixture) blend(s side, i, j int, lambda float64) {
	for k := range s.width {
		if s.from != nil {
			s.to[i*s.width+k] = float32(lambda)*s.from[i*s.width+k] + float32(1-lambda)*s.from[j*s.width+k]
		} else {
			s.to64[i*s.width+k] = lambda*s.from64[i*s.width+k] + (1-lambda)*s.from64[j*s.width+k]
		}
	}
}

// cut copies a rectangle of sample j, of 1-λ of the area unless it reaches over the edge, to sample i.
func (m *mixture) cut(i, j int, lambda float64) float64 {
	shape := m.x.out.Shape()
	h, w := shape[2], shape[3]
	side := math.Sqrt(1 - lambda)
	span := func(n int) (lo, hi int) {
		center, half := m.rng.IntN(n), int(float64(n)*side)/2
		return max(center-half, 0), min(center+half, n)
	}
	top, bottom := span(h)
	left, right := span(w)
	for plane := range shape[1] {
		for row := top; row < bottom; row++ {
			at := (plane*h+row)*w + left
			n := right - left
			if m.x.from != nil {
				copy(m.x.to[i*m.x.width+at:][:n], m.x.from[j*m.x.width+at:])
			} else {
				copy(m.x.to64[i*m.x.width+at:][:n], m.x.from64[j*m.x.width+at:])
			}
		}
	}
	return 1 - float64((bottom-top)*(right-left))/float64(h*w)
}

// beta draws from the distribution Beta(a, a).
func beta(rng *rand.Rand, a float64) float64 {
	x, y := logGamma(rng, a), logGamma(rng, a)
	return 1 / (1 + math.Exp(y-x))
}

// logGamma draws the logarithm of a number from the distribution Gamma(a, 1) (Marsaglia and Tsang, 2000, "A Simple Method for
// Generating Gamma Variables"); a below 1 by Gamma(a+1)·u^(1/a).
func logGamma(rng *rand.Rand, a float64) float64 {
	if a < 1 {
		return logGamma(rng, a+1) + math.Log(1-rng.Float64())/a
	}
	d := a - 1.0/3
	for {
		x := rng.NormFloat64()
		v := 1 + x/math.Sqrt(9*d)
		if v <= 0 {
			continue
		}
		v *= v * v
		if math.Log(1-rng.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return math.Log(d * v)
		}
	}
}
