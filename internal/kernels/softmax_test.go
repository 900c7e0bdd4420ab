package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestSoftmax(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testSoftmax[float32](t, 3e-7)
		testSoftmax[float64](t, 1e-15)
	})
}

// testSoftmax compares the softmax kernels with their definitions, on rows of every length up to 40 and logits up to ±1e4.
func testSoftmax[T Float](t *testing.T, eps float64) {
	rng := rand.New(rand.NewPCG(13, 14))
	for cols := 1; cols <= 40; cols++ {
		const rows = 3
		z, g, target := make([]T, rows*cols), make([]T, rows*cols), make([]T, rows*cols)
		for i := range z {
			z[i] = T(rng.NormFloat64() * []float64{1, 30, 1e4}[i/cols])
			g[i], target[i] = T(rng.NormFloat64()), T(rng.Float64())
		}
		p, l := make([]T, len(z)), append([]T(nil), z...)
		Softmax(p, z, rows, cols)
		LogSoftmax(l, l, rows, cols)
		dp, dl, dce := make([]T, len(z)), make([]T, len(z)), append([]T(nil), z...)
		SoftmaxGrad(dp, g, p, rows, cols)
		LogSoftmaxGrad(dl, g, l, rows, cols)
		ce := SoftmaxCE(z, target, rows, cols)
		SoftmaxCEGrad(dce, dce, target, rows, cols, 0.5)

		near := func(name string, got T, want, scale float64) {
			t.Helper()
			if !(math.Abs(float64(got)-want) <= eps*scale) {
				t.Fatalf("%s of %d columns: got %.9g, want %.9g", name, cols, got, want)
			}
		}
		var wantCE, size float64
		for i := range rows {
			at := func(x []T, j int) float64 { return float64(x[i*cols+j]) }
			m := math.Inf(-1)
			for j := range cols {
				m = max(m, at(z, j))
			}
			var s, gp, gs, mass float64
			for j := range cols {
				s += math.Exp(at(z, j) - m)
				gp += at(g, j) * at(p, j)
				gs += at(g, j)
				mass += at(target, j)
			}
			for j := range cols {
				logp := at(z, j) - m - math.Log(s)
				prob := math.Exp(logp)
				near("Softmax", p[i*cols+j], prob, max(2*prob, 1e-37)*(1+math.Abs(logp)/5)) // z-m is rounded
				near("LogSoftmax", l[i*cols+j], logp, math.Abs(logp)+1)
				near("SoftmaxGrad", dp[i*cols+j], at(p, j)*(at(g, j)-gp), 10)
				near("LogSoftmaxGrad", dl[i*cols+j], at(g, j)-math.Exp(at(l, j))*gs, 10*(1+math.Abs(gs)))
				near("SoftmaxCEGrad", dce[i*cols+j], 0.5*(prob*mass-at(target, j)), 2*(1+mass))
				wantCE -= at(target, j) * logp
				size += math.Abs(at(target, j) * logp)
			}
		}
		near("SoftmaxCE", ce, wantCE, size+1)
	}
}

func TestSoftmaxEnds(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		inf, nan := float32(math.Inf(1)), float32(math.NaN())
		for _, c := range []struct {
			why     string
			x, want []float32
		}{
			{"an entry of -Inf gives 0", []float32{0, -inf, 0}, []float32{0.5, 0, 0.5}},
			{"a row with NaN gives NaN", []float32{1, nan, 2}, []float32{nan, nan, nan}},
			{"nothing but -Inf gives NaN", []float32{-inf, -inf}, []float32{nan, nan}},
			{"large entries do not overflow", []float32{1e4, 1e4, -1e4, 1e4, 1e4}, []float32{0.25, 0.25, 0, 0.25, 0.25}},
			{"nor does the sum underflow", []float32{-1e4, -1e4}, []float32{0.5, 0.5}},
		} {
			got := make([]float32, len(c.x))
			Softmax(got, c.x, 1, len(c.x))
			for j, w := range c.want {
				if got[j] != w && !(got[j] != got[j] && w != w) {
					t.Errorf("%s: softmax of %v: got %v, want %v", c.why, c.x, got, c.want)
					break
				}
			}
		}
		got := make([]float32, 3)
		if Softmax(got, []float32{0, inf, 0}, 1, 3); got[1] == got[1] {
			t.Errorf("a row with +Inf: got %v, want NaN", got)
		}
		Softmax([]float32{}, []float32{}, 0, 5)
		Softmax([]float32{}, []float32{}, 5, 0)
		SoftmaxCEGrad([]float32{}, []float32{}, []float32{}, 3, 0, 1)
	})
}

func TestBCELogits(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testBCELogits[float32](t, 3e-7)
		testBCELogits[float64](t, 1e-15)
	})
}

func testBCELogits[T Float](t *testing.T, eps float64) {
	rng := rand.New(rand.NewPCG(15, 16))
	for n := range 40 {
		z, target, grad := make([]T, n+1)[1:], make([]T, n+1)[1:], make([]T, n)
		var want float64
		for i := range z {
			z[i], target[i] = T(rng.NormFloat64()*50), T(rng.IntN(2))
			if i%5 == 0 {
				target[i] = T(rng.Float64())
			}
			want += math.Max(float64(z[i]), 0) - float64(z[i])*float64(target[i]) + math.Log1p(math.Exp(-math.Abs(float64(z[i]))))
		}
		if got := BCELogits(z, target); math.Abs(float64(got)-want) > eps*want {
			t.Fatalf("BCELogits of %d: got %.9g, want %.9g", n, got, want)
		}
		BCELogitsGrad(grad, z, target, 0.25)
		for i, got := range grad {
			if want := 0.25 * (sigmoid(float64(z[i])) - float64(target[i])); math.Abs(float64(got)-want) > eps {
				t.Fatalf("BCELogitsGrad(%g, %g): got %g, want %g", z[i], target[i], got, want)
			}
		}
	}
	for _, z := range []float64{1e4, -1e4} { // a loss of 0 if right, |z| if wrong
		right := T(0)
		if z > 0 {
			right = 1
		}
		if got := BCELogits([]T{T(z)}, []T{right}); got != 0 {
			t.Fatalf("BCELogits(%g, %g): got %g, want 0", z, right, got)
		}
		if got := BCELogits([]T{T(z)}, []T{1 - right}); got != 1e4 {
			t.Fatalf("BCELogits(%g, %g): got %g, want 1e4", z, 1-right, got)
		}
	}
	if got := BCELogits([]T{1, T(math.NaN())}, []T{1, 0}); got == got {
		t.Fatalf("got %g, want NaN", got)
	}
}

// TestMaskedLogits: an element with the target 0 and the logit -Inf adds nothing and has no gradient, in rows of any length.
func TestMaskedLogits(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		inf := float32(math.Inf(-1))
		for _, n := range []int{3, 8, 16, 17, 40} {
			z, target, d := make([]float32, n), make([]float32, n), make([]float32, n)
			Fill(z, inf)
			z[0], z[n-1], target[0] = 1, 2, 1
			if got := SoftmaxCE(z, target, 1, n); math.Abs(float64(got)-1.3132616875) > 1e-6 {
				t.Errorf("%d columns: got a cross-entropy of %g, want 1.3132617", n, got)
			}
			SoftmaxCEGrad(d, z, target, 1, n, 1)
			if d[1] != 0 || math.Abs(float64(d[0])+0.7310585786) > 1e-6 {
				t.Errorf("%d columns: got the gradient %g, want -0.731, 0, ..., 0.731", n, d)
			}
			if got := BCELogits(z[1:n-1], target[1:n-1]); got != 0 {
				t.Errorf("%d logits of -Inf: got a binary cross-entropy of %g, want 0", n-2, got)
			}
		}
	})
}
