package layers_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	. "github.com/nndiy/nndiy/internal/extremes"
	"github.com/nndiy/nndiy/layers"
)

type real = func(x float64) float64

// extreme returns a case for an activation: its value, its derivative and its second derivative, for |x| < 2e38: twice an x in
// a second derivative must not overflow.
func extreme(name string, l graph.Layer, ulps float64, y, d, d2 real, abs ...float64) Case {
	c := Case{Name: name, Ulps: ulps, Want: []Real{One(y), One(d), One(d2)}}
	c.F = func(x ...graph.Node) graph.Node { return l.Emit(nil, x[0]) }
	c.Keep = func(x ...float64) bool { return math.Abs(x[0]) < 2e38 }
	copy(c.Abs[:], abs)
	return c
}

// geluTanh returns 2u of x·sigmoid(2u), and its first two derivatives.
func geluTanh(x float64) (u, d, d2 float64) {
	c := 2 * math.Sqrt(2/math.Pi)
	return c * (x + 0.044715*x*x*x), c * (1 + 3*0.044715*x*x), c * 6 * 0.044715 * x
}

// near bounds x where the tails of the second derivatives below are 0 anyway.
func near(x float64) float64 { return math.Max(-800, math.Min(x, 800)) }

// TestExtremes compares the activations with references that do not cancel. Derivatives that contain sigmoid'(x) or tanh'(x)
// have an error in terms of ε times x, since these are computed from an output that is rounded to 1.
func TestExtremes(t *testing.T) {
	const alpha, scale = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
	mish := func(x float64) (w, d, d2 float64) { // tanh(softplus(x)) and its derivatives
		s, w := Sigmoid(x), math.Tanh(Softplus(x))
		d = TanhSlope(Softplus(x)) * s
		return w, d, TanhSlope(Softplus(x)) * (SigmoidSlope(x) - 2*w*s*s)
	}
	for _, c := range []Case{
		extreme("GELU by tanh", layers.GELU{Tanh: true}, 300,
			func(x float64) float64 { u, _, _ := geluTanh(near(x)); return x * Sigmoid(u) },
			func(x float64) float64 { u, d, _ := geluTanh(near(x)); return Sigmoid(u) + near(x)*SigmoidSlope(u)*d },
			func(x float64) float64 {
				x = near(x)
				u, d, d2 := geluTanh(x)
				s := SigmoidSlope(u)
				return s * (2*d + x*(d2-d*d*math.Tanh(u/2)))
			}, 0, 20, 100),
		extreme("SiLU", layers.SiLU{}, 6, func(x float64) float64 { return x * Sigmoid(x) },
			func(x float64) float64 { return Sigmoid(x) + near(x)*SigmoidSlope(x) },
			func(x float64) float64 { return SigmoidSlope(x) * (2 - near(x)*math.Tanh(x/2)) }, 0, 12, 20),
		extreme("Mish", layers.Mish{}, 8, func(x float64) float64 { w, _, _ := mish(x); return x * w },
			func(x float64) float64 { w, d, _ := mish(x); return w + near(x)*d },
			func(x float64) float64 { _, d, d2 := mish(x); return 2*d + near(x)*d2 }, 0, 12, 40),
		extreme("SELU", layers.SELU{}, 6, func(x float64) float64 { return scale * Choose(x > 0, x, alpha*math.Expm1(x)) },
			func(x float64) float64 { return scale * Choose(x > 0, 1, alpha*math.Exp(x)) },
			func(x float64) float64 { return scale * Choose(x > 0, 0, alpha*math.Exp(x)) }),
		extreme("Softsign", layers.Softsign{}, 6, func(x float64) float64 { return x / (1 + math.Abs(x)) },
			func(x float64) float64 { return 1 / (1 + math.Abs(x)) / (1 + math.Abs(x)) },
			func(x float64) float64 { a := 1 + math.Abs(x); return -2 * Sign(x) / a / a / a }, 0, 2, 4),
		extreme("HardSigmoid", layers.HardSigmoid{}, 4, func(x float64) float64 { return math.Max(0, math.Min(x/6+0.5, 1)) },
			func(x float64) float64 { return Choose(math.Abs(x) <= 3, 1.0/6, 0) }, func(float64) float64 { return 0 }, 1),
	} {
		c.Check(t)
	}
}

// TestGELUTail compares GELU by tanh in float32 with values computed with 50 digits.
func TestGELUTail(t *testing.T) {
	x := []float64{-4, -5, -6, -7}
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		return []graph.Node{s.Apply(layers.GELU{Tanh: true}, x[0])}
	}, []int{len(x), 1})
	require.NoError(t, err)
	out, err := f.Call(context.Background(), Tensor(tensor.Float32, x, len(x), 1))
	require.NoError(t, err)
	for i, got := range Floats(out[0]) {
		require.InEpsilon(t, []float64{-7.02459481924e-5, -2.29179619663e-7, -8.43964670076e-11, -2.31544226207e-15}[i], got, 5e-6)
	}
}
