package optimizers_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
	"gorgonia.org/tensor"
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
		{optimizers.Muon{}, 0.02, 2},
		{optimizers.Muon{Other: optimizers.SGD{}}, 0.02, 1},
		{optimizers.Groups{{Match: "a", Optimizer: optimizers.Adam{}}, {Match: "*", Optimizer: optimizers.SGD{LearningRate: 0.1}, Factor: 2}}, 0.2, 2},
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
		{optimizers.Muon{Momentum: 1}, "Muon: Momentum"},
		{optimizers.Muon{Iterations: -1}, "Muon: Iterations"},
		{optimizers.Muon{Other: optimizers.Adam{Beta1: 1}}, "Muon: Other: Adam: Beta1"},
		{optimizers.Muon{Other: optimizers.Groups{{Match: "*", Optimizer: optimizers.SGD{}}}}, "want Groups around Muon"},
		{optimizers.Groups{}, "Groups: got no last group with an Optimizer"},
		{optimizers.Groups{{Match: "*"}}, "Groups: got no last group with an Optimizer"},
		{optimizers.Groups{{Match: "[", Optimizer: own{}}}, "Groups: group 0: Match: got \"[\", want a pattern as in path.Match"},
		{optimizers.Groups{{Optimizer: own{}}}, "Groups: group 0: Match: got \"\""},
		{optimizers.Groups{{Match: "*", Optimizer: own{}, Factor: -1}}, "Groups: group 0: Factor: got -1"},
		{optimizers.Groups{{Match: "*", Optimizer: optimizers.Clip{}}}, "Groups: group 0: Clip: Optimizer: got nil"},
		{optimizers.Groups{{Match: "*", Optimizer: optimizers.Clip{Optimizer: own{}, Norm: 1}}}, "want Clip around Groups"},
		{optimizers.Groups{{Match: "a", Optimizer: optimizers.EMA{Optimizer: own{}}}, {Match: "*", Optimizer: own{}}}, "group 0: Optimizer: got one that averages the weights, want EMA around Groups"},
		{optimizers.Groups{{Match: "*", Optimizer: optimizers.Adam{Beta1: 1}}}, "group 0: Adam: Beta1"},
		{optimizers.Clip{Optimizer: own{}, Value: 1, Norm: 1, GlobalNorm: 1}, ""},
		{optimizers.Clip{}, "Clip: Optimizer: got nil"},
		{optimizers.EMA{}, "EMA: Optimizer: got nil"},
		{optimizers.EMA{Optimizer: optimizers.SGD{}, Decay: 1}, "EMA: Decay"},
		{optimizers.EMA{Optimizer: optimizers.Clip{Optimizer: optimizers.SGD{}}}, ""},
		{optimizers.Clip{Optimizer: optimizers.SGD{}, GlobalNorm: -1}, "Clip: GlobalNorm"},
		{optimizers.Clip{Optimizer: optimizers.SGD{}, Norm: nan}, "Clip: Norm"},
		{optimizers.Clip{Optimizer: optimizers.SGD{}, Value: inf}, "Clip: Value"},
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

// TestWrappers: Compile and Fit see through wrappers, in any order, also those of a user.
func TestWrappers(t *testing.T) {
	for _, c := range []struct {
		rule graph.Optimizer
		want string
	}{
		{optimizers.Clip{Optimizer: optimizers.EMA{Optimizer: optimizers.SGD{}}}, ""},
		{optimizers.EMA{Optimizer: optimizers.Clip{Optimizer: optimizers.SGD{}}}, ""},
		{optimizers.EMA{Optimizer: optimizers.Adam{Beta1: 1}}, "Adam: Beta1"},
		{optimizers.Clip{Optimizer: optimizers.Adam{Beta1: 1}, Norm: 1}, "Adam: Beta1"},
		{optimizers.Clip{Optimizer: optimizers.EMA{Optimizer: optimizers.Clip{}}}, "Clip: Optimizer: got nil"},
		{wrapper{optimizers.Clip{Optimizer: optimizers.SGD{}, Value: -1}}, "Clip: Value: got -1"},
		{optimizers.EMA{Optimizer: optimizers.Clip{Optimizer: optimizers.EMA{Optimizer: optimizers.SGD{}}}}, "Config.Optimizer: got 2 averages of the weights, want at most 1"},
	} {
		t.Run(fmt.Sprintf("%T%+[1]v", c.rule), func(t *testing.T) {
			_, err := graph.Compile(weightLayer, graph.Config{Input: []int{1}, Loss: sumLoss, Optimizer: c.rule})
			switch {
			case c.want == "" && err != nil:
				t.Errorf("got error %v, want none", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got error %v, want %q", err, c.want)
			}
		})
	}
}

// A wrapper passes everything on to the rule inside it.
type wrapper struct{ graph.Optimizer }

func (w wrapper) Unwrap() graph.Optimizer { return w.Optimizer }

// weightLayer multiplies by one weight, whose gradient by sumLoss is the input.
var (
	weightLayer = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Param("weight", graph.Ones, 1)) })
	sumLoss     = graph.LossFunc(func(pred, _ graph.Node) graph.Node { return pred.Sum() })
)

// TestClipLimits: of the limits of several Clips the smallest counts, wherever they are.
func TestClipLimits(t *testing.T) {
	sgd := optimizers.SGD{LearningRate: 1}
	for name, rule := range map[string]graph.Optimizer{
		"a Clip":                     optimizers.Clip{Optimizer: sgd, Value: 2},
		"the inner one":              optimizers.Clip{Optimizer: optimizers.Clip{Optimizer: sgd, Value: 2}, Value: 3},
		"the outer one":              optimizers.Clip{Optimizer: optimizers.Clip{Optimizer: sgd, Value: 3}, Value: 2},
		"of other kinds":             optimizers.Clip{Optimizer: optimizers.Clip{Optimizer: sgd, Norm: 2}, GlobalNorm: 3},
		"inside a user's wrapper":    wrapper{optimizers.Clip{Optimizer: sgd, Value: 2}},
		"around and inside wrappers": optimizers.Clip{Optimizer: wrapper{optimizers.Clip{Optimizer: wrapper{sgd}, Norm: 2}}, GlobalNorm: 5},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := graph.Compile(weightLayer, graph.Config{Input: []int{1}, Loss: sumLoss, Optimizer: rule, DType: tensor.Float64})
			if err != nil {
				t.Fatal(err)
			}
			ten := tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float64{10}))
			if _, err := m.Fit(context.Background(), graph.Arrays{X: ten, Y: ten}, graph.FitConfig{}); err != nil {
				t.Fatal(err)
			}
			if w := m.Weights()["weight"].Float64s()[0]; w != -1 {
				t.Errorf("got weight %v, want -1, since the gradient of 10 is clipped to 2", w)
			}
		})
	}
}

func TestClip(t *testing.T) {
	outer := optimizers.Clip{Optimizer: optimizers.Clip{Optimizer: optimizers.SGD{}}}
	// The gradient of a rule inside two Clips is scaled once.
	w := []float64{1}
	outer.Update64(graph.Update[float64]{Weights: w, Grad: []float64{4}, Rate: 0.5, Step: 1, Scale: 0.25})
	if w[0] != 0.5 {
		t.Errorf("got weight %v, want 0.5", w[0])
	}
}
