package graph

import (
	"math"
	"math/rand/v2"

	"github.com/nndiy/nndiy/internal/tensors"
)

// An Initializer sets the initial values of a parameter of the given shape, stored in dst in row-major order, drawing random
// numbers from rng only.
//
// Some initializers depend on in, the number of inputs of each output, and on out, the number of outputs of each input
// (fan-in and fan-out). A matrix has the shape (in, out). A tensor with more dimensions is a convolution's kernel,
// (filters, channels, size...): in is channels·size, and out is filters·size. For a vector of n elements both are n.
type Initializer func(dst []float64, shape []int, rng *rand.Rand)

// fans returns in and out, as Initializer describes them.
func fans(shape []int) (in, out float64) {
	switch len(shape) {
	case 0:
		return 1, 1
	case 1:
		return float64(shape[0]), float64(shape[0])
	case 2:
		return float64(shape[0]), float64(shape[1])
	}
	size := float64(tensors.Size(shape[2:]))
	return float64(shape[1]) * size, float64(shape[0]) * size
}

// Zeros sets every element to 0.
func Zeros(dst []float64, _ []int, _ *rand.Rand) { clear(dst) }

// Ones sets every element to 1.
func Ones(dst []float64, shape []int, rng *rand.Rand) { Constant(1)(dst, shape, rng) }

// Constant returns an Initializer that sets every element to c.
func Constant(c float64) Initializer {
	return func(dst []float64, _ []int, _ *rand.Rand) {
		for i := range dst {
			dst[i] = c
		}
	}
}

// Uniform returns an Initializer that draws from the uniform distribution on [lo, hi).
func Uniform(lo, hi float64) Initializer {
	return func(dst []float64, _ []int, rng *rand.Rand) {
		for i := range dst {
			dst[i] = lo + (hi-lo)*rng.Float64()
		}
	}
}

// Normal returns an Initializer that draws from the normal distribution with the given mean and standard deviation.
func Normal(mean, deviation float64) Initializer {
	return func(dst []float64, _ []int, rng *rand.Rand) {
		for i := range dst {
			dst[i] = mean + deviation*rng.NormFloat64()
		}
	}
}

// GlorotUniform draws uniformly from ±√(6 / (in + out)), also called Xavier uniform (Glorot & Bengio 2010).
func GlorotUniform(dst []float64, shape []int, rng *rand.Rand) {
	in, out := fans(shape)
	limit := math.Sqrt(6 / (in + out))
	Uniform(-limit, limit)(dst, shape, rng)
}

// GlorotNormal draws from the normal distribution with mean 0 and variance 2 / (in + out) (Glorot & Bengio 2010).
func GlorotNormal(dst []float64, shape []int, rng *rand.Rand) {
	in, out := fans(shape)
	Normal(0, math.Sqrt(2/(in+out)))(dst, shape, rng)
}

// HeUniform draws uniformly from ±√(6 / in), for layers with ReLU; also called Kaiming uniform (He et al. 2015).
func HeUniform(dst []float64, shape []int, rng *rand.Rand) {
	in, _ := fans(shape)
	limit := math.Sqrt(6 / in)
	Uniform(-limit, limit)(dst, shape, rng)
}

// HeNormal draws from the normal distribution with mean 0 and variance 2 / in, for layers with ReLU (He et al. 2015).
func HeNormal(dst []float64, shape []int, rng *rand.Rand) {
	in, _ := fans(shape)
	Normal(0, math.Sqrt(2/in))(dst, shape, rng)
}

// LeCunNormal draws from the normal distribution with mean 0 and variance 1 / in (LeCun et al. 1998).
func LeCunNormal(dst []float64, shape []int, rng *rand.Rand) {
	in, _ := fans(shape)
	Normal(0, math.Sqrt(1/in))(dst, shape, rng)
}

// FanInUniform draws uniformly from ±1/√in, PyTorch's default for the weights of linear and convolution layers.
func FanInUniform(dst []float64, shape []int, rng *rand.Rand) {
	in, _ := fans(shape)
	limit := 1 / math.Sqrt(in)
	Uniform(-limit, limit)(dst, shape, rng)
}

// FanOutUniform draws uniformly from ±1/√out, the Xavier initializer of this library's predecessor.
func FanOutUniform(dst []float64, shape []int, rng *rand.Rand) {
	_, out := fans(shape)
	limit := 1 / math.Sqrt(out)
	Uniform(-limit, limit)(dst, shape, rng)
}
