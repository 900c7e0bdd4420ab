package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// benchSizes are numbers of float32 that fit the first-level cache, the second-level cache, and neither.
var benchSizes = []int{1 << 10, 1 << 15, 1 << 22}

// benchElements runs f and reports the elements, and the bytes of the given slices, that it processes in a second.
func benchElements(b *testing.B, n, slices int, f func()) {
	for b.Loop() {
		f()
	}
	perSecond := float64(n) * float64(b.N) / b.Elapsed().Seconds() / 1e9
	b.ReportMetric(perSecond, "Gelem/s")
	b.ReportMetric(perSecond*4*float64(slices), "GB/s")
}

// benchSlices returns slices of n numbers around 1.
func benchSlices(count, n int) [][]float32 {
	rng := rand.New(rand.NewPCG(1, 1))
	x := make([][]float32, count)
	for k := range x {
		x[k] = make([]float32, n)
		for i := range x[k] {
			x[k][i] = float32(0.5 + rng.Float64())
		}
	}
	return x
}

func BenchmarkElementwise(b *testing.B) {
	for _, k := range []struct {
		name   string
		slices int
		run    func(x [][]float32)
	}{
		{"Add", 3, func(x [][]float32) { Add(x[0], x[1], x[2]) }},
		{"Axpy", 3, func(x [][]float32) { Axpy(x[0], 1e-9, x[1]) }},
		{"Max", 3, func(x [][]float32) { Max(x[0], x[1], x[2]) }},
		{"ReLUGrad", 3, func(x [][]float32) { ReLUGrad(x[0], x[1], x[2]) }},
		{"Exp", 2, func(x [][]float32) { Exp(x[0], x[1]) }},
		{"Sqrt", 2, func(x [][]float32) { Sqrt(x[0], x[1]) }},
		{"Div", 3, func(x [][]float32) { Div(x[0], x[1], x[2]) }},
		{"Log", 2, func(x [][]float32) { Log(x[0], x[1]) }},
		{"Log1p", 2, func(x [][]float32) { Log1p(x[0], x[1]) }},
		{"Expm1", 2, func(x [][]float32) { Expm1(x[0], x[1]) }},
		{"Tanh", 2, func(x [][]float32) { Tanh(x[0], x[1]) }},
		{"Sigmoid", 2, func(x [][]float32) { Sigmoid(x[0], x[1]) }},
		{"Softplus", 2, func(x [][]float32) { Softplus(x[0], x[1]) }},
		{"Erf", 2, func(x [][]float32) { Erf(x[0], x[1]) }},
		{"GELU", 2, func(x [][]float32) { GELU(x[0], x[1]) }},
		{"GELUSlope", 2, func(x [][]float32) { GELUSlope(x[0], x[1]) }},
		{"GELUWithSlope", 3, func(x [][]float32) { GELUWithSlope(x[0], x[1], x[2]) }},
		{"Sin", 2, func(x [][]float32) { Sin(x[0], x[1]) }},
		{"Cos", 2, func(x [][]float32) { Cos(x[0], x[1]) }},
		{"Pow", 2, func(x [][]float32) { PowScalar(x[0], x[1], 0.3) }},
		{"PowPair", 3, func(x [][]float32) { Pow(x[0], x[1], x[2]) }},
		{"Fill", 1, func(x [][]float32) { Fill(x[0], 1) }},
		{"Sum", 1, func(x [][]float32) { Sum(x[0]) }},
		{"Dot", 2, func(x [][]float32) { Dot(x[0], x[1]) }},
		{"MaxOf", 1, func(x [][]float32) { MaxOf(x[0]) }},
		{"ArgMax", 1, func(x [][]float32) { ArgMax(x[0]) }},
		{"ColSum256", 1, func(x [][]float32) { ColSum(x[1][:256], x[0], len(x[0])/256, 256, 256) }},
		{"Softmax10", 2, func(x [][]float32) { Softmax(x[0][:len(x[0])/10*10], x[1][:len(x[0])/10*10], len(x[0])/10, 10) }},
		{"Softmax1024", 2, func(x [][]float32) { Softmax(x[0], x[1], len(x[0])/1024, 1024) }},
		{"BCELogits", 2, func(x [][]float32) { BCELogits(x[0], x[1]) }},
		{"UniformFill", 1, func(x [][]float32) { UniformFill(x[0], Stream{1, 2}, 0) }},
		{"NormalFill", 1, func(x [][]float32) { NormalFill(x[0], Stream{1, 2}, 0) }},
		{"BernoulliMask", 1, func(x [][]float32) { BernoulliMask(x[0], Stream{1, 2}, 0, 0.8, 1.25) }},
	} {
		for _, n := range benchSizes {
			b.Run(fmt.Sprintf("%s/%d", k.name, n), func(b *testing.B) {
				x := benchSlices(3, n)
				benchElements(b, n, k.slices, func() { k.run(x) })
			})
		}
	}
}

func BenchmarkUpdate(b *testing.B) {
	rms := RMSPropArgs[float32]{LR: 1e-3, Alpha: 0.9, Eps: 1e-8, GradScale: 1}
	adam := AdamArgs[float32]{LR: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, Bias1: 1, Bias2: 1, GradScale: 1}
	for _, k := range []struct {
		name   string
		slices int // read and written
		run    func(x [][]float32)
	}{
		{"SGD", 3, func(x [][]float32) { SGD(x[0], x[1], 1e-3, 1, 0) }},
		{"Momentum", 5, func(x [][]float32) { Momentum(x[0], x[1], x[2], 1e-3, 1, 0, 0.9, 0, false) }},
		{"Adam", 7, func(x [][]float32) { Adam(x[0], x[1], x[2], x[3], adam) }},
		{"RMSProp", 5, func(x [][]float32) { RMSProp(x[0], x[1], x[2], nil, nil, rms) }},
		{"Adagrad", 5, func(x [][]float32) {
			Adagrad(x[0], x[1], x[2], AdagradArgs[float32]{LR: 1e-3, Eps: 1e-8, GradScale: 1})
		}},
	} {
		for _, n := range benchSizes {
			b.Run(fmt.Sprintf("%s/%d", k.name, n), func(b *testing.B) {
				x := benchSlices(4, n)
				benchElements(b, n, k.slices, func() { k.run(x) })
			})
		}
	}
}

// BenchmarkAdamIdle takes 5,000 steps without a gradient, during which the moments decay to 0. It reports the time of the last
// thousand steps divided by that of the first: about 1 if no moment becomes denormal.
func BenchmarkAdamIdle(b *testing.B) {
	a := AdamArgs[float32]{LR: 1e-3, Beta1: 0.9, Beta2: 0.9, Eps: 1e-8, Bias1: 1, Bias2: 1, GradScale: 1}
	const steps, n = 5000, 1 << 12
	var first, last time.Duration
	for b.Loop() {
		x := benchSlices(4, n)
		clear(x[1])
		var thousand [steps / 1000]time.Duration
		for k := range thousand {
			start := time.Now()
			for range 1000 {
				Adam(x[0], x[1], x[2], x[3], a)
			}
			thousand[k] = time.Since(start)
		}
		first += thousand[0]
		last += thousand[len(thousand)-1]
	}
	b.ReportMetric(float64(last)/float64(first), "last/first")
}
