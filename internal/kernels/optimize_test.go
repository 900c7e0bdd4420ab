package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// An updateCase is an optimizer's kernel over x = w, m, v, … and the gradient g, with the same rule for one weight in double
// precision, as in PyTorch's documentation. step counts from 1.
type updateCase[T Float] struct {
	name string
	size int // number of slices in x
	run  func(x [][]T, g []T, step int)
	ref  func(x []float64, g float64, step int)
}

func updateCases[T Float]() []updateCase[T] {
	const lr, gs, wd = 0.125, 0.5, 0.0625 // exact in both types, like the decays below
	const b1, b2, eps = 0.875, 0.96875, 1.0 / 1024
	adamArgs := func(step int) AdamArgs[T] {
		return AdamArgs[T]{LR: lr, Beta1: b1, Beta2: b2, Eps: eps, Bias1: T(1 - math.Pow(b1, float64(step))),
			Bias2: T(1 - math.Pow(b2, float64(step))), GradScale: gs, WeightDecay: wd}
	}
	adam := func(x []float64, g float64, step int, ams bool) {
		x[1] = b1*x[1] + (1-b1)*g
		x[2] = b2*x[2] + (1-b2)*g*g
		root := x[2]
		if ams {
			x[3] = max(x[3], x[2])
			root = x[3]
		}
		m, v := x[1]/(1-math.Pow(b1, float64(step))), root/(1-math.Pow(b2, float64(step)))
		x[0] -= lr * m / (math.Sqrt(v) + eps)
	}
	cases := []updateCase[T]{
		{"SGD", 1, func(x [][]T, g []T, _ int) { SGD(x[0], g, lr, gs, wd) },
			func(x []float64, g float64, _ int) { x[0] -= lr * (gs*g + wd*x[0]) }},
		{"Adam", 3, func(x [][]T, g []T, step int) { Adam(x[0], g, x[1], x[2], adamArgs(step)) },
			func(x []float64, g float64, step int) { adam(x, gs*g+wd*x[0], step, false) }},
		{"AMSGrad", 4, func(x [][]T, g []T, step int) { AMSGrad(x[0], g, x[1], x[2], x[3], adamArgs(step)) },
			func(x []float64, g float64, step int) { adam(x, gs*g+wd*x[0], step, true) }},
		{"AdamW", 3, func(x [][]T, g []T, step int) {
			a := adamArgs(step)
			a.WeightDecay, a.Decoupled = 0, wd
			Adam(x[0], g, x[1], x[2], a)
		}, func(x []float64, g float64, step int) {
			x[0] *= 1 - lr*wd
			adam(x, gs*g, step, false)
		}},
		{"Adagrad", 2, func(x [][]T, g []T, _ int) {
			Adagrad(x[0], g, x[1], AdagradArgs[T]{LR: lr, Eps: eps, GradScale: gs, WeightDecay: wd})
		}, func(x []float64, g float64, _ int) {
			g = gs*g + wd*x[0]
			x[1] += g * g
			x[0] -= lr * g / (math.Sqrt(x[1]) + eps)
		}},
	}
	for _, nesterov := range []bool{false, true} {
		cases = append(cases, updateCase[T]{fmt.Sprint("Momentum", nesterov), 2, func(x [][]T, g []T, step int) {
			damp := T(0.25)
			if step == 1 {
				damp = 0
			}
			Momentum(x[0], g, x[1], lr, gs, wd, b1, damp, nesterov)
		}, func(x []float64, g float64, step int) {
			g = gs*g + wd*x[0]
			if step == 1 {
				x[1] = g
			} else {
				x[1] = b1*x[1] + 0.75*g
			}
			if nesterov {
				x[0] -= lr * (g + b1*x[1])
			} else {
				x[0] -= lr * x[1]
			}
		}})
	}
	for variant := range 4 {
		velocity, centred := variant&1 > 0, variant&2 > 0
		cases = append(cases, updateCase[T]{fmt.Sprint("RMSProp", variant), 4, func(x [][]T, g []T, _ int) {
			a := RMSPropArgs[T]{LR: lr, Alpha: b2, Eps: eps, Momentum: b1, GradScale: gs, WeightDecay: wd}
			m, avg := x[2], x[3]
			if !velocity {
				m = nil
			}
			if !centred {
				avg = nil
			}
			RMSProp(x[0], g, x[1], m, avg, a)
		}, func(x []float64, g float64, _ int) {
			g = gs*g + wd*x[0]
			x[1] = b2*x[1] + (1-b2)*g*g
			root := x[1]
			if centred {
				x[3] = b2*x[3] + (1-b2)*g
				root -= x[3] * x[3]
			}
			u := g / (math.Sqrt(root) + eps)
			if velocity {
				x[2] = b1*x[2] + u
				u = x[2]
			}
			x[0] -= lr * u
		}})
	}
	return cases
}

func TestUpdates(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testUpdates[float32](t, 2e-5)
		testUpdates[float64](t, 1e-12)
	})
}

// testUpdates takes ten steps and compares them with the rule in double precision.
func testUpdates[T Float](t *testing.T, eps float64) {
	for _, c := range updateCases[T]() {
		rng := rand.New(rand.NewPCG(17, 18))
		for _, n := range []int{0, 1, 7, 8, 9, 33, 100} {
			x, want := make([][]T, c.size), make([][]float64, n)
			for k := range x {
				x[k] = make([]T, n+1)[1:]
			}
			for i := range want {
				want[i] = make([]float64, c.size)
				x[0][i] = T(rng.NormFloat64())
				want[i][0] = float64(x[0][i])
			}
			g := make([]T, n)
			for step := 1; step <= 10; step++ {
				for i := range g {
					g[i] = T(rng.NormFloat64())
					c.ref(want[i], float64(g[i]), step)
				}
				c.run(x, g, step)
				for i := range g {
					for k := range x {
						if got, w := float64(x[k][i]), want[i][k]; !(math.Abs(got-w) <= eps*(1+math.Abs(w))) {
							t.Fatalf("%s: step %d: slice %d: got %.9g, want %.9g", c.name, step, k, got, w)
						}
					}
				}
			}
		}
	}
}

// TestUpdatesHaveTheSameBits compares every form with the portable one, on gradients down to denormals.
func TestUpdatesHaveTheSameBits(t *testing.T) {
	for _, c := range updateCases[float32]() {
		var want [][]float32
		for _, form := range ISAs() {
			old := isa
			useISA(form)
			rng := rand.New(rand.NewPCG(19, 20))
			const n = 203
			x, g := make([][]float32, c.size), make([]float32, n)
			for k := range x {
				x[k] = make([]float32, n)
			}
			for i := range n {
				x[0][i] = float32(rng.NormFloat64())
			}
			for step := 1; step < 6; step++ {
				for i := range g {
					g[i] = float32(rng.NormFloat64() * math.Exp2(-float64(i)*rng.Float64()))
				}
				g[5], g[6] = float32(math.NaN()), float32(math.Inf(1))
				c.run(x, g, step)
			}
			useISA(old)
			if want == nil {
				want = x
			}
			for k := range x {
				for i, v := range x[k] {
					if w := want[k][i]; math.Float32bits(v) != math.Float32bits(w) && !(v != v && w != w) {
						t.Fatalf("%s: %v: slice %d, element %d: got %g, want %g", c.name, form, k, i, v, w)
					}
				}
			}
		}
	}
}

// TestMomentsReachZero lets moments decay without a gradient: they must reach 0 and never be denormal.
func TestMomentsReachZero(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		a := AdamArgs[float32]{LR: 1e-3, Beta1: 0.9, Beta2: 0.5, Eps: 1e-8, Bias1: 1, Bias2: 1, GradScale: 1}
		const n = 11
		w, g, m, v := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
		u, s := make([]float32, n), make([]float32, n)
		for _, x := range [][]float32{m, v, u, s} {
			Fill(x, 1)
		}
		for range 1000 {
			Adam(w, g, m, v, a)
			Momentum(w, g, u, 0.1, 1, 0, 0.9, 0, false)
			RMSProp(w, g, s, nil, nil, RMSPropArgs[float32]{LR: 1e-3, Alpha: 0.9, Eps: 1e-8, GradScale: 1})
			for _, x := range [][]float32{m, v, u, s} {
				for _, y := range x {
					if y != 0 && y < 0x1p-126 {
						t.Fatalf("got the denormal moment %g", y)
					}
				}
			}
		}
		for _, x := range [][]float32{m, v, u, s} {
			if x[n-1] != 0 || x[0] != 0 {
				t.Fatalf("moment: got %g, want 0", x[0])
			}
		}
	})
}

// TestCentredVarianceIsNotNegative repeats one gradient: its variance tends to 0, and rounding makes it negative.
func TestCentredVarianceIsNotNegative(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		const n = 64
		w, g, v, avg := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
		for i := range g {
			g[i] = 0.1 + float32(i)/7
		}
		for range 500 {
			RMSProp(w, g, v, nil, avg, RMSPropArgs[float32]{LR: 1e-3, Alpha: 0.9, Eps: 1e-8, GradScale: 1})
		}
		if HasNonFinite(w) {
			t.Fatalf("got %v, want finite weights", w)
		}
	})
}
