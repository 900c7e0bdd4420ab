package optimizers_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// A plain rule is the formula of a paper for one weight. It keeps its own state; rules are compared with it.
type plain func(w, g float64, step int) float64

// plainNadam is NAdam as in PyTorch's torch/optim/nadam.py, with the product of the momenta as state.
func plainNadam(lr, beta1, beta2, eps, psi float64) plain {
	var m, v float64
	product := 1.0
	return func(w, g float64, step int) float64 {
		t := float64(step)
		mu := beta1 * (1 - 0.5*math.Pow(0.96, t*psi))
		next := beta1 * (1 - 0.5*math.Pow(0.96, (t+1)*psi))
		product *= mu
		m += (1 - beta1) * (g - m)
		v = beta2*v + (1-beta2)*g*g
		denominator := math.Sqrt(v/(1-math.Pow(beta2, t))) + eps
		w += g / denominator * (-lr * (1 - mu) / (1 - product))
		return w + m/denominator*(-lr*next/(1-product*next))
	}
}

// plainLion is algorithm 2 of Chen et al., 2023.
func plainLion(lr, beta1, beta2, decay float64) plain {
	var m float64
	return func(w, g float64, _ int) float64 {
		update := 0.0
		if c := beta1*m + (1-beta1)*g; c != 0 {
			update = math.Copysign(1, c)
		}
		m = beta2*m + (1-beta2)*g
		return w - lr*(update+decay*w)
	}
}

// plainDampened is SGD as in PyTorch's documentation.
func plainDampened(lr, momentum, dampening float64) plain {
	var b float64
	return func(w, g float64, step int) float64 {
		if step > 1 {
			b = momentum*b + (1-dampening)*g
		} else {
			b = g
		}
		return w - lr*b
	}
}

// TestReference compares rules and settings that the golden file does not cover with the formulas of their sources.
func TestReference(t *testing.T) {
	for _, c := range []struct {
		name  string
		rule  graph.Optimizer
		plain func() plain
	}{
		{"Nadam", optimizers.Nadam{}, func() plain { return plainNadam(2e-3, 0.9, 0.999, 1e-8, 4e-3) }},
		{"Nadam, all settings", optimizers.Nadam{LearningRate: 0.01, Beta1: 0.8, Beta2: 0.95, Epsilon: 1e-3, MomentumDecay: 0.1},
			func() plain { return plainNadam(0.01, 0.8, 0.95, 1e-3, 0.1) }},
		{"Lion", optimizers.Lion{}, func() plain { return plainLion(1e-4, 0.9, 0.99, 0) }},
		{"Lion, all settings", optimizers.Lion{LearningRate: 0.01, Beta1: 0.5, Beta2: 0.8, WeightDecay: 0.1},
			func() plain { return plainLion(0.01, 0.5, 0.8, 0.1) }},
		{"SGD dampened", optimizers.SGD{LearningRate: 0.1, Momentum: 0.9, Dampening: 0.3},
			func() plain { return plainDampened(0.1, 0.9, 0.3) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			compare(t, c.rule, c.plain())
		})
	}
}

// TestLongRun runs Nadam until the product Π of its momenta is so small that 1 - Π rounds to 1.
func TestLongRun(t *testing.T) {
	o, p := optimizers.Nadam{Beta1: 0.99, MomentumDecay: 0.5}, plainNadam(2e-3, 0.99, 0.999, 1e-8, 0.5)
	compareSteps(t, o, p, 5000)
}

func compare(t *testing.T, o graph.Optimizer, p plain) { compareSteps(t, o, p, 60) }

func compareSteps(t *testing.T, o graph.Optimizer, p plain, steps int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 6))
	w, slots := []float64{0.7}, newSlots[float64](o, 1)
	want := w[0]
	for step := 1; step <= steps; step++ {
		grad := rng.NormFloat64() + 0.3
		if step == 7 {
			grad = 0
		}
		o.Update64(graph.Update[float64]{Weights: w, Grad: []float64{grad}, Slots: slots, Rate: o.Rate(), Step: step, Scale: 1})
		want = p(want, grad, step)
		if !(math.Abs(w[0]-want) <= 1e-10*math.Max(math.Abs(want), 1e-2)) {
			t.Fatalf("step %d: got weight %v, want %v", step, w[0], want)
		}
	}
}

// TestL2 compares the L2 weight decay of each rule with the same penalty added to the gradient by hand.
func TestL2(t *testing.T) {
	const decay = 0.1
	for name, pair := range map[string][2]graph.Optimizer{
		"SGD":          {optimizers.SGD{WeightDecay: decay}, optimizers.SGD{}},
		"SGD momentum": {optimizers.SGD{WeightDecay: decay, Momentum: 0.5}, optimizers.SGD{Momentum: 0.5}},
		"Adam":         {optimizers.Adam{WeightDecay: decay}, optimizers.Adam{}},
		"AMSGrad":      {optimizers.Adam{WeightDecay: decay, AMSGrad: true}, optimizers.Adam{AMSGrad: true}},
		"RMSProp":      {optimizers.RMSProp{WeightDecay: decay}, optimizers.RMSProp{}},
		"Adagrad":      {optimizers.Adagrad{WeightDecay: decay}, optimizers.Adagrad{}},
		"Adamax":       {optimizers.Adamax{WeightDecay: decay}, optimizers.Adamax{}},
		"Nadam":        {optimizers.Nadam{WeightDecay: decay}, optimizers.Nadam{}},
		"Adadelta":     {optimizers.Adadelta{WeightDecay: decay}, optimizers.Adadelta{}},
	} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, 8))
			with, without := []float64{0.9}, []float64{0.9}
			slotsWith, slotsWithout := newSlots[float64](pair[0], 1), newSlots[float64](pair[1], 1)
			for step := 1; step <= 20; step++ {
				g := rng.NormFloat64()
				u := graph.Update[float64]{Rate: 0.05, Step: step, Scale: 0.5}
				u.Weights, u.Grad, u.Slots = with, []float64{2 * g}, slotsWith // Scale must not change the penalty
				pair[0].Update64(u)
				u.Weights, u.Grad, u.Slots, u.Scale = without, []float64{g + decay*without[0]}, slotsWithout, 1
				pair[1].Update64(u)
				if !(math.Abs(with[0]-without[0]) <= 1e-12) {
					t.Fatalf("step %d: got weight %v, want %v", step, with[0], without[0])
				}
			}
		})
	}
}
