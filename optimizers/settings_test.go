package optimizers_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// TestZeroValue checks the default rate and the slots of each rule, and that its zero value is valid.
func TestZeroValue(t *testing.T) {
	for _, c := range []struct {
		rule  graph.Optimizer
		rate  float64
		slots int
	}{
		{optimizers.SGD{}, 0.001, 0},
		{optimizers.Adam{}, 0.001, 2},
		{optimizers.AdamW{}, 0.001, 2},
		{optimizers.RMSProp{}, 0.01, 1},
		{optimizers.Adagrad{}, 0.01, 1},
		{optimizers.Adamax{}, 0.002, 2},
		{optimizers.Nadam{}, 0.002, 2},
		{optimizers.Adadelta{}, 1, 2},
		{optimizers.Lion{}, 0.0001, 1},
		{optimizers.Clip{Optimizer: optimizers.Adam{}}, 0.001, 2},
	} {
		t.Run(fmt.Sprintf("%T", c.rule), func(t *testing.T) {
			if got := c.rule.Rate(); got != c.rate {
				t.Errorf("got rate %v, want %v", got, c.rate)
			}
			if got := c.rule.Slots(); got != c.slots {
				t.Errorf("got %d slots, want %d", got, c.slots)
			}
			if err := c.rule.(graph.Validator).Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		rule graph.Validator
		want string // in the error; "" means no error
	}{
		{optimizers.SGD{LearningRate: 1e-3, Momentum: 0.9, Nesterov: true, WeightDecay: 1e-4}, ""},
		{optimizers.SGD{LearningRate: -1}, "SGD: LearningRate: got -1, want a finite number of at least 0"},
		{optimizers.SGD{LearningRate: nan}, "LearningRate: got NaN"},
		{optimizers.SGD{LearningRate: inf}, "LearningRate: got +Inf"},
		{optimizers.SGD{Momentum: 1}, "Momentum: got 1, want at least 0 and less than 1"},
		{optimizers.SGD{Momentum: 0.9, Dampening: -0.1}, "Dampening"},
		{optimizers.SGD{WeightDecay: -1}, "WeightDecay"},
		{optimizers.SGD{Nesterov: true}, "SGD: Nesterov: got Momentum 0 and Dampening 0"},
		{optimizers.SGD{Momentum: 0.9, Dampening: 0.1, Nesterov: true}, "SGD: Nesterov: got Momentum 0.9 and Dampening 0.1, want a Momentum above 0 and a Dampening of 0"},
		{optimizers.Adam{LearningRate: -1}, "Adam: LearningRate"},
		{optimizers.Adam{Beta1: 1}, "Adam: Beta1"},
		{optimizers.Adam{Beta2: 1.5}, "Adam: Beta2"},
		{optimizers.Adam{Beta2: 1 - 1e-9}, "Beta2: got 0.999999999, want at least 0 and less than 1, also as a float32"},
		{optimizers.Adam{Epsilon: -1e-8}, "Adam: Epsilon"},
		{optimizers.Adam{WeightDecay: nan}, "Adam: WeightDecay"},
		{optimizers.AdamW{Beta1: -0.1}, "AdamW: Beta1"},
		{optimizers.AdamW{WeightDecay: -1}, "AdamW: WeightDecay"},
		{optimizers.RMSProp{Rho: 1}, "RMSProp: Rho"},
		{optimizers.RMSProp{Momentum: 2}, "RMSProp: Momentum"},
		{optimizers.Adagrad{LearningRate: -1}, "Adagrad: LearningRate"},
		{optimizers.Adagrad{Epsilon: -1}, "Adagrad: Epsilon"},
		{optimizers.Adamax{Beta2: 1}, "Adamax: Beta2"},
		{optimizers.Nadam{MomentumDecay: -1}, "Nadam: MomentumDecay"},
		{optimizers.Adadelta{Rho: 1}, "Adadelta: Rho"},
		{optimizers.Lion{Beta1: 1}, "Lion: Beta1"},
		{optimizers.Clip{Optimizer: own{}, Value: 1, Norm: 1, GlobalNorm: 1}, ""},
		{optimizers.Clip{}, "Clip: Optimizer: got nil"},
		{optimizers.EMA{}, "EMA: Optimizer: got nil"},
		{optimizers.EMA{Optimizer: optimizers.SGD{}, Decay: 1}, "EMA: Decay"},
		{optimizers.EMA{Optimizer: optimizers.Adam{Beta1: 1}}, "Adam: Beta1"},
		{optimizers.EMA{Optimizer: optimizers.Clip{Optimizer: optimizers.EMA{Optimizer: optimizers.SGD{}}}}, "EMA: Optimizer: got optimizers.Clip, which keeps an average already"},
		{optimizers.EMA{Optimizer: optimizers.Clip{Optimizer: optimizers.SGD{}}}, ""},
		{optimizers.Clip{Optimizer: optimizers.SGD{}, GlobalNorm: -1}, "Clip: GlobalNorm"},
		{optimizers.Clip{Optimizer: optimizers.SGD{}, Norm: nan}, "Clip: Norm"},
		{optimizers.Clip{Optimizer: optimizers.SGD{}, Value: inf}, "Clip: Value"},
		{optimizers.Clip{Optimizer: optimizers.Adam{Beta1: 1}, Norm: 1}, "Adam: Beta1"},
	} {
		t.Run(fmt.Sprintf("%T%+[1]v", c.rule), func(t *testing.T) {
			err := c.rule.Validate()
			switch {
			case c.want == "" && err != nil:
				t.Errorf("got error %v, want none", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got error %v, want %q", err, c.want)
			case err != nil && !strings.HasPrefix(err.Error(), "optimizers: "):
				t.Errorf("got error %v, want the package in front", err)
			}
		})
	}
}

func TestClip(t *testing.T) {
	inner := optimizers.Clip{Optimizer: optimizers.SGD{}, Value: 1, GlobalNorm: 5}
	outer := optimizers.Clip{Optimizer: inner, Value: 2, Norm: 3, GlobalNorm: 4}
	if got, want := inner.Clip(), (graph.Clipping{Value: 1, GlobalNorm: 5}); got != want {
		t.Errorf("got limits %+v, want %+v", got, want)
	}
	if got, want := outer.Clip(), (graph.Clipping{Value: 1, Norm: 3, GlobalNorm: 4}); got != want {
		t.Errorf("a Clip of a Clip: got limits %+v, want %+v", got, want)
	}
	// The gradient of a rule inside two Clips is scaled once.
	w := []float64{1}
	outer.Update64(graph.Update[float64]{Weights: w, Grad: []float64{4}, Rate: 0.5, Step: 1, Scale: 0.25})
	if w[0] != 0.5 {
		t.Errorf("got weight %v, want 0.5", w[0])
	}
}
