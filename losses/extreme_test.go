package losses_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	. "github.com/nndiy/nndiy/internal/extremes"
	"github.com/nndiy/nndiy/losses"
)

// extreme returns a case for a loss of one element: its value, its derivative and its second derivative by the prediction p,
// for the target t.
func extreme(name string, l graph.SampleLoss, ulps float64, y, d, d2 func(p, t float64) float64, abs ...float64) Case {
	c := Case{Name: name, Ulps: ulps, Want: []Real{Two(y), Two(d), nil, Two(d2)}, F: func(x ...graph.Node) graph.Node {
		return l.PerSample(x[0].Reshape(-1, 1), x[1].Reshape(-1, 1))
	}}
	copy(c.Abs[:], abs)
	return c
}

func logCosh(d float64) float64 {
	if d = math.Abs(d); d > 20 {
		return d - math.Ln2
	}
	return math.Log1p(2 * math.Sinh(d/2) * math.Sinh(d/2))
}

// numbers are predictions of every size with both signs; probabilities are between 0 and 1.
var (
	sizes         = []float64{0, 1e-45, 1e-40, 1e-30, 1e-20, 1e-10, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.5, 0.99, 1, 1.01, 2, 5, 10, 16, 20, 30, 88, 100, 1e3, 1e6, 1e10, 1e18, 1e20, 1e30, 2e38}
	probabilities = []float64{0, 1e-45, 1e-40, 1e-37, 1e-30, 1e-20, 5e-13, 2e-12, 1e-11, 1e-8, 1e-6, 1e-4, 0.01, 0.3, 0.5, 0.9, 0.999, 0.999999, 1 - 1e-12, 1}
)

func signed(x []float64) (out []float64) {
	for _, v := range x {
		out = append(out, v, -v)
	}
	return out
}

// TestExtremes compares the losses with references that do not cancel, for predictions of every size. The second derivatives
// that contain sigmoid'(z) have an error in terms of ε, as Sigmoid has.
func TestExtremes(t *testing.T) {
	level := 0.999
	both := func(f func(d float64) float64) func(p, t float64) float64 {
		return func(p, t float64) float64 { return f(p - t) }
	}
	all := func(c float64) func(p, t float64) float64 { return func(_, _ float64) float64 { return c } }
	for _, c := range []Case{
		extreme("MeanSquaredError", losses.MeanSquaredError{}, 4, both(func(d float64) float64 { return d * d }), both(func(d float64) float64 { return 2 * d }), all(2)),
		extreme("MeanAbsoluteError", losses.MeanAbsoluteError{}, 4, both(math.Abs), both(Sign), all(0)),
		extreme("Huber", losses.Huber{}, 4, both(func(d float64) float64 { d = math.Abs(d); return Choose(d <= 1, d*d/2, d-0.5) }),
			both(func(d float64) float64 { return math.Max(-1, math.Min(d, 1)) }), both(func(d float64) float64 { return Choose(math.Abs(d) <= 1, 1, 0) })),
		extreme("LogCosh", losses.LogCosh{}, 16, both(logCosh), both(math.Tanh), both(TanhSlope), 0, 0, 2),
		extreme("Quantile", losses.Quantile{Level: level}, 4, both(func(d float64) float64 { return Choose(d > 0, (1-level)*d, -level*d) }),
			both(func(d float64) float64 { return Choose(d > 0, 1-level, Choose(d < 0, -level, 0)) }), all(0)),
		extreme("Hinge", losses.Hinge{}, 4, func(p, t float64) float64 { return math.Max(0, 1-p*t) }, func(p, t float64) float64 { return Choose(p*t < 1, -t, 0) }, all(0)),
	} {
		targets := []float64{0}
		if c.Name == "Hinge" {
			targets = []float64{1, -1}
		}
		c.CheckPairs(t, signed(sizes), targets)
	}

	cross := func(z, t float64) float64 {
		return Choose(t == 0, 0, t*Softplus(-z)) + Choose(t == 1, 0, (1-t)*Softplus(z))
	}
	extreme("BinaryCrossEntropy of logits", losses.BinaryCrossEntropy{FromLogits: true}, 8, cross,
		func(z, t float64) float64 { return (1-t)*Sigmoid(z) - t*Sigmoid(-z) }, func(z, _ float64) float64 { return SigmoidSlope(z) }, 0, 1, 2).
		CheckPairs(t, signed(sizes), []float64{0, 1, 0.3})
	extreme("BinaryCrossEntropy of a masked logit", losses.BinaryCrossEntropy{FromLogits: true}, 8, all(0), all(0), all(0)).
		CheckPairs(t, []float64{math.Inf(-1)}, []float64{0})
	log, slope := func(p float64) float64 { return math.Max(-100, math.Log(p)) }, func(p float64) float64 { return math.Min(1e12, 1/p) }
	extreme("BinaryCrossEntropy of probabilities", losses.BinaryCrossEntropy{}, 4,
		func(p, t float64) float64 { return -t*log(p) - (1-t)*math.Max(-100, math.Log1p(-p)) },
		func(p, t float64) float64 { return (1-t)*slope(1-p) - t*slope(p) },
		func(p, t float64) float64 {
			return Choose(t == 1, Choose(p < 1e-12, 0, 1/p/p), Choose(1-p < 1e-12, 0, 1/(1-p)/(1-p)))
		}).
		CheckPairs(t, probabilities, []float64{0, 1})

	focal := func(z, t float64) float64 { // of the sign that makes it right
		z = Choose(t == 1, z, -z)
		return Sigmoid(-z) * Sigmoid(-z) * Softplus(-z)
	}
	focalSlope := func(z, t float64) float64 {
		s := Choose(t == 1, 1, -1)
		q := Sigmoid(-s * z)
		return -s * q * q * (2*Sigmoid(s*z)*Softplus(-s*z) + q)
	}
	c := extreme("BinaryFocal", losses.BinaryFocal{FromLogits: true}, 600, focal, focalSlope, nil)
	c.Want = c.Want[:3]
	c.Keep = func(x ...float64) bool { return math.Abs(x[0]) < 1e38 } // Gamma times a logit must not overflow
	c.CheckPairs(t, signed(sizes), []float64{0, 1})

	extreme("BinaryFocal of a masked logit", losses.BinaryFocal{FromLogits: true}, 8, all(0), all(0), all(0)).
		CheckPairs(t, []float64{math.Inf(-1)}, []float64{0})

	// Three classes with the logits z, 0 and -Inf. The right one is the first.
	classes := func(l graph.SampleLoss) func(x ...graph.Node) graph.Node {
		return func(x ...graph.Node) graph.Node {
			z, zero := x[0].Reshape(-1, 1), x[1].Reshape(-1, 1)
			return l.PerSample(graph.Concat(1, z, zero, zero.Shift(math.Inf(-1))), graph.Concat(1, zero.Shift(1), zero, zero))
		}
	}
	one := func(f func(z float64) float64) func(z, _ float64) float64 {
		return func(z, _ float64) float64 { return f(z) }
	}
	c = extreme("CategoricalCrossEntropy", nil, 8, one(func(z float64) float64 { return Softplus(-z) }), one(func(z float64) float64 { return -Sigmoid(-z) }), one(SigmoidSlope), 1, 1, 2)
	c.F = classes(losses.CategoricalCrossEntropy{FromLogits: true})
	c.CheckPairs(t, signed(sizes), []float64{0})
	c.Name, c.F = "KLDivergence", classes(losses.KLDivergence{FromLogits: true})
	c.CheckPairs(t, signed(sizes), []float64{0})
	c = extreme("CategoricalFocal", nil, 600, func(z, _ float64) float64 { return focal(z, 1) }, func(z, _ float64) float64 { return focalSlope(z, 1) }, nil, 1, 1)
	c.Keep = func(x ...float64) bool { return math.Abs(x[0]) < 1e38 }
	c.F, c.Want = classes(losses.CategoricalFocal{FromLogits: true}), c.Want[:3]
	c.CheckPairs(t, signed(sizes), []float64{0})
}

// TestMaskedClasses: a class with the logit -Inf that is not the target adds nothing and has no gradient; one that is the
// target has an infinite loss.
func TestMaskedClasses(t *testing.T) {
	softmax := func(x graph.Node) graph.Node { return x.Softmax() }
	for name, l := range map[string]graph.Loss{
		"sparse":                 losses.SparseCategoricalCrossEntropy{FromLogits: true},
		"sparse, after softmax":  behind{losses.SparseCategoricalCrossEntropy{}, softmax},
		"sparse focal":           losses.SparseCategoricalFocal{FromLogits: true},
		"focal, after softmax":   behind{losses.SparseCategoricalFocal{}, softmax},
		"focal, weights, softer": losses.SparseCategoricalFocal{FromLogits: true, Gamma: 0.5, Alpha: []float64{1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
				y := l.Loss(x[0], x[1])
				d := graph.Grad(y, x[0])[0]
				return []graph.Node{y, d, graph.Grad(d.Square().Sum(), x[0])[0]}
			}, []int{1, 3}, []int{1})
			require.NoError(t, err)
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				logits := Tensor(dt, []float64{1, 2, math.Inf(-1)}, 1, 3)
				out, err := f.Call(context.Background(), logits, Tensor(dt, []float64{0}, 1))
				require.NoError(t, err)
				q, p := Sigmoid(1), Sigmoid(-1)
				want, slope := -math.Log(p), -q
				switch {
				case name == "focal, weights, softer":
					want, slope = math.Sqrt(q)*want, -math.Sqrt(q)*(0.5*p*want+q)
				case name[:5] == "focal" || name == "sparse focal":
					want, slope = q*q*want, -q*q*(2*p*want+q)
				}
				require.InDelta(t, want, Floats(out[0])[0], 1e-6)
				require.InDeltaSlice(t, []float64{slope, -slope, 0}, Floats(out[1]), 1e-6)
				require.False(t, math.IsNaN(Floats(out[2])[0]))
				require.Equal(t, 0.0, Floats(out[2])[2])
				out, err = f.Call(context.Background(), logits, Tensor(dt, []float64{2}, 1))
				require.NoError(t, err)
				require.Equal(t, math.Inf(1), Floats(out[0])[0])
			}
		})
	}
}

// TestLengths: CosineSimilarity does not depend on the lengths of the vectors, RootMeanSquaredError is proportional to them.
func TestLengths(t *testing.T) {
	call := func(l graph.Loss, dt tensor.Dtype, p, target []float64) (y float64, d, d2 []float64) {
		f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
			y := l.Loss(x[0], x[1])
			d := graph.Grad(y, x[0])[0]
			return []graph.Node{y, d, graph.Grad(d.Sum(), x[0])[0]}
		}, []int{1, len(p)}, []int{1, len(p)})
		require.NoError(t, err)
		out, err := f.Call(context.Background(), Tensor(dt, p, 1, len(p)), Tensor(dt, target, 1, len(p)))
		require.NoError(t, err)
		return Floats(out[0])[0], Floats(out[1]), Floats(out[2])
	}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, n := range []float64{1e-37, 1e-30, 1e-20, 1e-10, 1e-6, 1e-4, 1e-3, 1, 1e10, 1e20, 1e30, 1e37} {
			y, d, _ := call(losses.CosineSimilarity{}, dt, []float64{n, n}, []float64{n, n})
			require.InDelta(t, 0, y, 3e-7, "of equal vectors of %g", n)
			require.InDeltaSlice(t, []float64{0, 0}, []float64{d[0] * n, d[1] * n}, 1e-6)
			y, d, _ = call(losses.CosineSimilarity{}, dt, []float64{n, 0}, []float64{3 / n / 10, 4 / n / 10})
			require.InDelta(t, 0.4, y, 1e-6)
			require.InDeltaSlice(t, []float64{0, -0.8}, []float64{d[0] * n, d[1] * n}, 1e-6)

			y, d, _ = call(losses.RootMeanSquaredError{}, dt, []float64{n, -n}, []float64{0, 0})
			require.InDelta(t, 1, y/n, 1e-6)
			require.InDeltaSlice(t, []float64{0.5, -0.5}, d, 1e-6)
			y, d, d2 := call(losses.RootMeanSquaredError{}, dt, []float64{n, n}, []float64{n, n})
			require.Equal(t, []float64{0, 0, 0, 0, 0}, append(append([]float64{y}, d...), d2...))
		}
		y, d, _ := call(losses.CosineSimilarity{}, dt, []float64{0, 0}, []float64{3, 4})
		require.Equal(t, 1.0, y, "of a vector of zeros")
		require.InDeltaSlice(t, []float64{-0.75, -1}, d, 1e-6)
		y, d, _ = call(losses.CosineSimilarity{}, dt, []float64{3, 4}, []float64{0, 0})
		require.Equal(t, []float64{1, 0, 0}, append([]float64{y}, d...), "of a target of zeros")
	}
}
