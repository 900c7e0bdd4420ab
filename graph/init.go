package graph

import (
	"math"
	"math/rand/v2"

	"github.com/nndiy/nndiy/internal/tensors"
)

// An Initializer sets the first values of a parameter, drawn from rng. A matrix is (in, out); a tensor of more dimensions is
// a convolution's kernel, (out, in, window...).
type Initializer func(dst []float64, shape []int, rng *rand.Rand)

// fans returns the number of inputs that an element of the output depends on, and the number of outputs of one input.
func fans(shape []int) (in, out float64) {
	switch len(shape) {
	case 0:
		return 1, 1
	case 1:
		return float64(shape[0]), float64(shape[0])
	case 2:
		return float64(shape[0]), float64(shape[1])
	}
	window := float64(tensors.Size(shape[2:]))
	return float64(shape[1]) * window, float64(shape[0]) * window
}

// Zeros sets every element to 0.
func Zeros(dst []float64, _ []int, _ *rand.Rand) { clear(dst) }

// Ones sets every element to 1.
func Ones(dst []float64, shape []int, rng *rand.Rand) { Constant(1)(dst, shape, rng) }

// Constant sets every element to c.
func Constant(c float64) Initializer {
	return func(dst []float64, _ []int, _ *rand.Rand) {
		for i := range dst {
			dst[i] = c
		}
	}
}

// Uniform draws from [lo, hi).
func Uniform(lo, hi float64) Initializer {
	return func(dst []float64, _ []int, rng *rand.Rand) {
		for i := range dst {
			dst[i] = lo + (hi-lo)*rng.Float64()
		}
	}
}

// Normal draws from the normal distribution of the given mean and standard deviation.
func Normal(mean, deviation float64) Initializer {
	return func(dst []float64, _ []int, rng *rand.Rand) {
		for i := range dst {
			dst[i] = mean + deviation*rng.NormFloat64()
		}
	}
}

// GlorotUniform draws from ±sqrt(6 / (in + out)) (Glorot & Bengio 2010).
func GlorotUniform(dst []float64, shape []int, rng *rand.Rand) {
	in, out := fans(shape)
	limit := math.Sqrt(6 / (in + out))
	Uniform(-limit, limit)(dst, shape, rng)
}

// GlorotNormal draws with the variance 2 / (in + out) (Glorot & Bengio 2010).
func GlorotNormal(dst []float64, shape []int, rng *rand.Rand) {
	in, out := fans(shape)
	Normal(0, math.Sqrt(2/(in+out)))(dst, shape, rng)
}

// HeUniform draws from ±sqrt(6 / in), for ReLU (He et al. 2015).
func HeUniform(dst []float64, shape []int, rng *rand.Rand) {
	in, _ := fans(shape)
	limit := math.Sqrt(6 / in)
	Uniform(-limit, limit)(dst, shape, rng)
}

// HeNormal draws with the variance 2 / in, for ReLU (He et al. 2015).
func HeNormal(dst []float64, shape []int, rng *rand.Rand) {
	in, _ := fans(shape)
	Normal(0, math.Sqrt(2/in))(dst, shape, rng)
}

// LeCunNormal draws with the variance 1 / in (LeCun et al. 1998).
func LeCunNormal(dst []float64, shape []int, rng *rand.Rand) {
	in, _ := fans(shape)
	Normal(0, math.Sqrt(1/in))(dst, shape, rng)
}

// FanInUniform draws from ±1/sqrt(in), as PyTorch does for weights and biases of its layers.
func FanInUniform(dst []float64, shape []int, rng *rand.Rand) {
	in, _ := fans(shape)
	limit := 1 / math.Sqrt(in)
	Uniform(-limit, limit)(dst, shape, rng)
}

// FanOutUniform draws from ±1/sqrt(out), the Xavier initializer of the library that this one carries on.
func FanOutUniform(dst []float64, shape []int, rng *rand.Rand) {
	_, out := fans(shape)
	limit := 1 / math.Sqrt(out)
	Uniform(-limit, limit)(dst, shape, rng)
}
