package optimizers_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// own is a user's rule, heavy-ball momentum. It is not a GradScaler, so it ignores Scale, and has no Validate.
type own struct{}

func (own) Rate() float64                    { return 0.1 }
func (own) Slots() int                       { return 1 }
func (own) Update32(u graph.Update[float32]) { ownUpdate(u) }
func (own) Update64(u graph.Update[float64]) { ownUpdate(u) }
func ownUpdate[T graph.Float](u graph.Update[T]) {
	for i, g := range u.Grad {
		u.Slots[0][i] = u.Slots[0][i]/2 + g
		u.Weights[i] -= T(u.Rate) * u.Slots[0][i]
	}
}

// rules lists every optimizer, in each form that runs different code. Every property is tested on each row.
var rules = []struct {
	name string
	rule graph.Optimizer
	rate float64 // learning rate in the tests
}{
	{"SGD", optimizers.SGD{}, 0.1},
	{"SGD momentum", optimizers.SGD{Momentum: 0.9}, 0.02},
	{"SGD dampened", optimizers.SGD{Momentum: 0.9, Dampening: 0.5}, 0.05},
	{"SGD Nesterov", optimizers.SGD{Momentum: 0.9, Nesterov: true}, 0.02},
	{"Adam", optimizers.Adam{}, 0.01},
	{"Adam AMSGrad", optimizers.Adam{AMSGrad: true}, 0.02},
	{"AdamW", optimizers.AdamW{WeightDecay: 1e-6}, 0.01},
	{"AdamW AMSGrad", optimizers.AdamW{WeightDecay: 1e-6, AMSGrad: true}, 0.02},
	{"RMSProp", optimizers.RMSProp{}, 0.002},
	{"RMSProp momentum", optimizers.RMSProp{Momentum: 0.5}, 0.001},
	{"RMSProp centered", optimizers.RMSProp{Centered: true, Epsilon: 1e-2}, 0.002},
	{"RMSProp centered momentum", optimizers.RMSProp{Centered: true, Momentum: 0.5, Epsilon: 1e-2}, 0.001},
	{"Adagrad", optimizers.Adagrad{}, 0.5},
	{"Adamax", optimizers.Adamax{}, 0.02},
	{"Nadam", optimizers.Nadam{}, 0.02},
	{"Adadelta", optimizers.Adadelta{}, 1},
	{"Lion", optimizers.Lion{}, 0.001},
	{"Muon", optimizers.Muon{Other: optimizers.Adam{}}, 0.2},
	{"Groups", optimizers.Groups{{Match: "*", Factor: 0.5}, {Match: "*", Optimizer: optimizers.Adam{}}}, 0.02},
	{"Clip of EMA of Groups of Muon", optimizers.Clip{Optimizer: optimizers.EMA{Optimizer: optimizers.Groups{
		{Match: "*", Optimizer: optimizers.Muon{Other: optimizers.Adam{}}}}}, Norm: 1}, 0.2},
	{"Clip", optimizers.Clip{Optimizer: optimizers.Adam{}, GlobalNorm: 1}, 0.01},
	{"EMA", optimizers.EMA{Optimizer: optimizers.Adam{}}, 0.01},
	{"EMA of a user's rule", optimizers.EMA{Optimizer: own{}, Decay: 0.5}, 0.05},
	{"Clip of EMA", optimizers.Clip{Optimizer: optimizers.EMA{Optimizer: optimizers.SGD{}}, Norm: 1}, 0.05},
	{"Clip of a user's rule", optimizers.Clip{Optimizer: own{}, Norm: 1}, 0.05},
}

// each runs a property for every rule, in both element types.
func each(t *testing.T, f32 func(*testing.T, graph.Optimizer, float64, func(graph.Update[float32])),
	f64 func(*testing.T, graph.Optimizer, float64, func(graph.Update[float64]))) {
	for _, r := range rules {
		t.Run(r.name+"/float32", func(t *testing.T) { f32(t, r.rule, r.rate, r.rule.Update32) })
		t.Run(r.name+"/float64", func(t *testing.T) { f64(t, r.rule, r.rate, r.rule.Update64) })
	}
}

func TestMinimizesQuadratic(t *testing.T) { each(t, quadratic[float32], quadratic[float64]) }

// quadratic minimizes Σ cᵢ·(wᵢ-aᵢ)²/2 with the rule, from 0.
func quadratic[T graph.Float](t *testing.T, o graph.Optimizer, rate float64, update func(graph.Update[T])) {
	goal, curve := []T{1, -0.5, 0.25, 0}, []T{1, 2, 0.5, 1}
	w, grad := make([]T, len(goal)), make([]T, len(goal))
	slots := newSlots[T](o, len(w))
	for step := 1; step <= 3000; step++ {
		for i := range w {
			grad[i] = curve[i] * (w[i] - goal[i])
		}
		update(graph.Update[T]{Weights: w, Grad: grad, Slots: slots, Rate: rate, Step: step, Scale: 1})
	}
	for i := range w {
		if d := math.Abs(float64(w[i] - goal[i])); !(d < 0.01) {
			t.Errorf("weight %d: got %v, want %v", i, w[i], goal[i])
		}
	}
}

func TestZeroGradientLeavesWeights(t *testing.T) {
	each(t, zeroGradient[float32], zeroGradient[float64])
}

func zeroGradient[T graph.Float](t *testing.T, o graph.Optimizer, rate float64, update func(graph.Update[T])) {
	if w, ok := o.(optimizers.AdamW); ok {
		w.WeightDecay = 1e-300 // small instead of 0, which means the default
		o = w
		update = func(u graph.Update[T]) { call(o, u) }
	}
	start := []T{1, -2, 0.5, 0, 1e-3}
	w := slices.Clone(start)
	slots := newSlots[T](o, len(w))
	for step := range 5 {
		update(graph.Update[T]{Weights: w, Grad: make([]T, len(w)), Slots: slots, Rate: rate, Step: step + 1, Scale: 1})
	}
	if !slices.Equal(w, start) {
		t.Errorf("got weights %v, want %v", w, start)
	}
}

// call calls the method of o for the element type.
func call[T graph.Float](o graph.Optimizer, u graph.Update[T]) {
	switch u := any(u).(type) {
	case graph.Update[float32]:
		o.Update32(u)
	case graph.Update[float64]:
		o.Update64(u)
	}
}

func TestAnyLengthInPieces(t *testing.T) { each(t, pieces[float32], pieces[float64]) }

// pieces updates parameters of many lengths as a whole and in two pieces, cut anywhere: the bits must be the same.
func pieces[T graph.Float](t *testing.T, o graph.Optimizer, rate float64, update func(graph.Update[T])) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 7, 8, 9, 31, 64, 100, 5000} {
		whole, split := randoms[T](rng, n), make([]T, n)
		copy(split, whole)
		slots, parts := newSlots[T](o, n), newSlots[T](o, n)
		for step := 1; step <= 4; step++ {
			grad, cut := randoms[T](rng, n), rng.IntN(n+1)
			u := graph.Update[T]{Weights: whole, Grad: grad, Slots: slots, Rate: rate, Step: step, Scale: 0.5}
			update(u)
			for _, r := range [][2]int{{0, cut}, {cut, n}} {
				u.Weights, u.Grad, u.Slots = split[r[0]:r[1]], grad[r[0]:r[1]], nil
				for _, s := range parts {
					u.Slots = append(u.Slots, s[r[0]:r[1]])
				}
				update(u)
			}
		}
		if !slices.Equal(whole, split) {
			t.Errorf("length %d: got other weights in pieces than as a whole", n)
		}
		for i := range slots {
			if !slices.Equal(slots[i], parts[i]) {
				t.Errorf("length %d: slot %d: got other values in pieces than as a whole", n, i)
			}
		}
	}
}

// randoms returns n numbers from a standard normal distribution.
func randoms[T graph.Float](rng *rand.Rand, n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(rng.NormFloat64())
	}
	return x
}

func TestScale(t *testing.T) { each(t, scale[float32], scale[float64]) }

// scale compares a gradient with a Scale of 1/4 to a quarter of the gradient: the bits must be the same, and the gradient must
// not change.
func scale[T graph.Float](t *testing.T, o graph.Optimizer, rate float64, update func(graph.Update[T])) {
	if _, ok := o.(graph.GradScaler); !ok {
		t.Fatalf("got %T, want a GradScaler", o)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	const n = 20
	a := randoms[T](rng, n)
	b := slices.Clone(a)
	slotsA, slotsB := newSlots[T](o, n), newSlots[T](o, n)
	for step := 1; step <= 5; step++ {
		grad := randoms[T](rng, n)
		kept, quarter := slices.Clone(grad), make([]T, n)
		for i, g := range grad {
			quarter[i] = g / 4
		}
		update(graph.Update[T]{Weights: a, Grad: grad, Slots: slotsA, Rate: rate, Step: step, Scale: 0.25})
		update(graph.Update[T]{Weights: b, Grad: quarter, Slots: slotsB, Rate: rate, Step: step, Scale: 1})
		if !slices.Equal(grad, kept) {
			t.Error("the gradient was changed")
		}
	}
	if !slices.Equal(a, b) {
		t.Errorf("got weights %v, want %v", a, b)
	}
}
