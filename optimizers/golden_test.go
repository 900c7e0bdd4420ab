package optimizers_test

import (
	"math"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/optimizers"
)

// A golden case is a run of PyTorch's optimizer in float64 on given gradients.
type goldenCase struct {
	Name   string
	Config map[string]any
	Start  struct {
		Shape []int
		Data  []float64
	}
	Grads [][]float64
	Want  [][]float64 `json:"weights_after_each_step"`
}

// optimizer builds the optimizer of a case; the first word of the case's name is the rule.
func (g goldenCase) optimizer(t *testing.T) graph.Optimizer {
	s := golden.Settings(g.Config)
	lr, eps := s.Num("lr"), s.Num("epsilon")
	l2, decay := s.Num("weight_decay_l2"), s.Num("weight_decay")
	beta1, beta2 := s.Num("beta1"), s.Num("beta2")
	rule, _, _ := strings.Cut(g.Name, "_")
	var o graph.Optimizer
	switch rule {
	case "sgd":
		o = optimizers.SGD{LearningRate: lr, Momentum: s.Num("momentum"), Dampening: s.Num("dampening"),
			Nesterov: s.Is("nesterov"), WeightDecay: l2}
	case "adam":
		o = optimizers.Adam{LearningRate: lr, Beta1: beta1, Beta2: beta2, Epsilon: eps, WeightDecay: l2, AMSGrad: s.Is("amsgrad")}
	case "adamw":
		o = optimizers.AdamW{LearningRate: lr, Beta1: beta1, Beta2: beta2, Epsilon: eps, WeightDecay: decay, AMSGrad: s.Is("amsgrad")}
	case "adamax":
		o = optimizers.Adamax{LearningRate: lr, Beta1: beta1, Beta2: beta2, Epsilon: eps, WeightDecay: l2}
	case "nadam":
		o = optimizers.Nadam{LearningRate: lr, Beta1: beta1, Beta2: beta2, Epsilon: eps, WeightDecay: l2,
			MomentumDecay: s.Num("momentum_decay")}
	case "rmsprop":
		o = optimizers.RMSProp{LearningRate: lr, Rho: s.Num("rho"), Epsilon: eps, Momentum: s.Num("momentum"),
			Centered: s.Is("centered"), WeightDecay: l2}
	case "adagrad":
		o = optimizers.Adagrad{LearningRate: lr, Epsilon: eps, WeightDecay: l2}
	case "adadelta":
		o = optimizers.Adadelta{LearningRate: lr, Rho: s.Num("rho"), Epsilon: eps, WeightDecay: l2}
	case "lion":
		o = optimizers.Lion{LearningRate: lr, Beta1: beta1, Beta2: beta2, WeightDecay: decay}
	default:
		t.Fatalf("got rule %q, want another", rule)
	}
	if len(s) > 0 {
		t.Fatalf("got settings %v, which the test does not know", s)
	}
	return o
}

// TestGolden compares with PyTorch step by step: to 1e-10 in float64, and to 1e-5 in float32. The errors are relative to the
// largest value that the weight has had so far: near 0 it keeps the rounding errors of larger values.
func TestGolden(t *testing.T) {
	for _, g := range golden.Cases[goldenCase](t, "optimizers.json") {
		t.Run(g.Name, func(t *testing.T) {
			o := g.optimizer(t)
			follow[float64](t, g, o, o.Update64, 1e-10)
			follow[float32](t, g, o, o.Update32, 1e-5)
		})
	}
}

func follow[T graph.Float](t *testing.T, g goldenCase, o graph.Optimizer, update func(graph.Update[T]), tolerance float64) {
	t.Helper()
	if len(g.Grads) == 0 || len(g.Want) != len(g.Grads) {
		t.Fatalf("got %d gradients and %d results, want as many", len(g.Grads), len(g.Want))
	}
	w := convert[T](g.Start.Data)
	reach := convert[float64](g.Start.Data)
	slots := newSlots[T](o, len(w))
	for i, grad := range g.Grads {
		update(graph.Update[T]{Weights: w, Grad: convert[T](grad), Slots: slots, Rate: o.Rate(), Step: i + 1, Scale: 1})
		if len(g.Want[i]) != len(w) {
			t.Fatalf("step %d: got %d results for %d weights", i+1, len(g.Want[i]), len(w))
		}
		for j, want := range g.Want[i] {
			reach[j] = max(math.Abs(reach[j]), math.Abs(want))
			if got := float64(w[j]); !(math.Abs(got-want) <= tolerance*reach[j]) {
				t.Errorf("%T, step %d: weight %d: got %v, want %v", w[j], i+1, j, got, want)
			}
		}
	}
}

// convert returns x in another element type.
func convert[T graph.Float](x []float64) []T {
	y := make([]T, len(x))
	for i, v := range x {
		y[i] = T(v)
	}
	return y
}

// newSlots returns the state of o for n weights, filled with 0.
func newSlots[T graph.Float](o graph.Optimizer, n int) [][]T {
	slots := make([][]T, o.Slots())
	for i := range slots {
		slots[i] = make([]T, n)
	}
	return slots
}
