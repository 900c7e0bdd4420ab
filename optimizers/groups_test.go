package optimizers_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// grouped is a network of two layers, whose parameters are trunk/weight and so on.
var grouped = layers.Sequential{layers.Named("trunk", layers.Dense{Units: 4}), layers.Named("norm", layers.LayerNorm{}), layers.Named("head", layers.Dense{Units: 2})}

func groupedModel(t *testing.T, o graph.Optimizer) *graph.Model {
	t.Helper()
	m, err := graph.Compile(grouped, graph.Config{Input: []int{3}, Loss: losses.MeanSquaredError{}, Optimizer: o, DType: tensor.Float64, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestGroups: each parameter changes as its rule alone would change it, at its rate, also when the model's rate changes, inside
// wrappers, and after clipping.
func TestGroups(t *testing.T) {
	adam, sgd := optimizers.Adam{LearningRate: 0.01}, optimizers.SGD{LearningRate: 0.1, Momentum: 0.9}
	groups := optimizers.Groups{{Match: "trunk/*", Factor: 0.5}, {Match: "*/bias", Optimizer: adam}, {Match: "norm", Optimizer: own{}, Factor: 2}, {Match: "*", Optimizer: sgd}}
	rates := map[string]float64{"trunk/weight": 0.05, "trunk/bias": 0.05, "head/weight": 0.1, "norm/weight": 0.2, "norm/bias": 0.01, "head/bias": 0.01}
	rules := map[string]graph.Optimizer{"trunk/weight": sgd, "trunk/bias": sgd, "head/weight": sgd, "norm/weight": own{}, "norm/bias": adam, "head/bias": adam}
	for name, rule := range map[string]graph.Optimizer{"alone": groups, "clipped": optimizers.Clip{Optimizer: groups, Value: 1e9}, "wrapped": wrapper{groups}} {
		t.Run(name, func(t *testing.T) {
			m := groupedModel(t, rule)
			rng := rand.New(rand.NewPCG(1, 2))
			slots := map[string][][]float64{}
			want := m.Weights()
			for step := 1; step <= 5; step++ {
				factor := 1 / float64(step)
				if err := m.SetRate(0.1 * factor); err != nil {
					t.Fatal(err)
				}
				grads := graph.Weights{}
				for _, name := range want.Names() {
					w := want[name].Float64s()
					g := randoms[float64](rng, len(w))
					grads[name] = tensor.New(tensor.WithShape(want[name].Shape()...), tensor.WithBacking(slices.Clone(g)))
					if slots[name] == nil {
						slots[name] = newSlots[float64](rules[name], len(w))
					}
					rules[name].Update64(graph.Update[float64]{Weights: w, Grad: g, Slots: slots[name], Rate: 0.1 * factor * rates[name] / 0.1, Step: step, Scale: 1})
				}
				if err := m.Apply(grads); err != nil {
					t.Fatal(err)
				}
			}
			for name, w := range m.Weights() {
				for i, v := range w.Float64s() {
					if d := v - want[name].Float64s()[i]; !(d < 1e-14 && d > -1e-14) {
						t.Errorf("%s: element %d: got %v, want %v", name, i, v, want[name].Float64s()[i])
					}
				}
			}
		})
	}
}

// TestGroupsErrors: Compile finds parameters without a group, and patterns without a parameter.
func TestGroupsErrors(t *testing.T) {
	for _, c := range []struct {
		rule graph.Optimizer
		want string
	}{
		{optimizers.Groups{{Match: "head", Optimizer: own{}}}, `graph: Compile: optimizers: Groups: got parameter "norm/bias", which no group matches`},
		{optimizers.Clip{Optimizer: optimizers.Groups{{Match: "bias"}, {Match: "*", Optimizer: own{}}}},
			`graph: Compile: optimizers: Groups: group 0: Match: got "bias", which matches none of the parameters head/bias, head/weight,`},
		{optimizers.Groups{{Match: "head", Optimizer: optimizers.Groups{{Match: "trunk", Optimizer: own{}}}}, {Match: "*", Optimizer: own{}}},
			`graph: Compile: optimizers: Groups: group 0: Groups: got parameter "head/bias", which no group matches`},
	} {
		_, err := graph.Compile(grouped, graph.Config{Input: []int{3}, Loss: losses.MeanSquaredError{}, Optimizer: c.rule})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got error %v, want %q", err, c.want)
		}
	}
	_, err := graph.Compile(grouped, graph.Config{Input: []int{3}, Loss: losses.MeanSquaredError{}, Train: []string{"head"},
		Optimizer: optimizers.Groups{{Match: "head", Optimizer: own{}}}})
	if err != nil {
		t.Errorf("got error %v for parameters that Config.Train leaves out, want none", err)
	}
}

// TestNoVectorDecay: the weights of vectors do not decay, those of matrices do, for every rule.
func TestNoVectorDecay(t *testing.T) {
	const d = 0.1
	for _, c := range []struct {
		name                     string
		none, decays, onlyMatrix graph.Optimizer
	}{
		{"SGD", optimizers.SGD{}, optimizers.SGD{WeightDecay: d}, optimizers.SGD{WeightDecay: d, NoVectorDecay: true}},
		{"SGD momentum", optimizers.SGD{Momentum: 0.9}, optimizers.SGD{Momentum: 0.9, WeightDecay: d}, optimizers.SGD{Momentum: 0.9, WeightDecay: d, NoVectorDecay: true}},
		{"Adam", optimizers.Adam{}, optimizers.Adam{WeightDecay: d}, optimizers.Adam{WeightDecay: d, NoVectorDecay: true}},
		{"AMSGrad", optimizers.Adam{AMSGrad: true}, optimizers.Adam{AMSGrad: true, WeightDecay: d}, optimizers.Adam{AMSGrad: true, WeightDecay: d, NoVectorDecay: true}},
		{"AdamW", optimizers.Adam{}, optimizers.AdamW{}, optimizers.AdamW{NoVectorDecay: true}},
		{"Adamax", optimizers.Adamax{}, optimizers.Adamax{WeightDecay: d}, optimizers.Adamax{WeightDecay: d, NoVectorDecay: true}},
		{"Nadam", optimizers.Nadam{}, optimizers.Nadam{WeightDecay: d}, optimizers.Nadam{WeightDecay: d, NoVectorDecay: true}},
		{"RMSProp", optimizers.RMSProp{}, optimizers.RMSProp{WeightDecay: d}, optimizers.RMSProp{WeightDecay: d, NoVectorDecay: true}},
		{"Adagrad", optimizers.Adagrad{}, optimizers.Adagrad{WeightDecay: d}, optimizers.Adagrad{WeightDecay: d, NoVectorDecay: true}},
		{"Adadelta", optimizers.Adadelta{}, optimizers.Adadelta{WeightDecay: d}, optimizers.Adadelta{WeightDecay: d, NoVectorDecay: true}},
		{"Lion", optimizers.Lion{}, optimizers.Lion{WeightDecay: d}, optimizers.Lion{WeightDecay: d, NoVectorDecay: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			updated := func(o graph.Optimizer, shape ...int) []float64 {
				rng := rand.New(rand.NewPCG(1, 2))
				w, slots := randoms[float64](rng, 6), newSlots[float64](o, 6)
				for step := 1; step <= 3; step++ {
					o.Update64(graph.Update[float64]{Weights: w, Grad: randoms[float64](rng, 6), Slots: slots, Rate: 0.1, Step: step, Scale: 1, Shape: shape})
				}
				return w
			}
			if got, want := updated(c.onlyMatrix, 6), updated(c.none, 6); !slices.Equal(got, want) {
				t.Errorf("a vector: got %v, want %v as without decay", got, want)
			}
			if got, want := updated(c.onlyMatrix, 2, 3), updated(c.decays, 2, 3); !slices.Equal(got, want) {
				t.Errorf("a matrix: got %v, want %v as with decay", got, want)
			}
			if slices.Equal(updated(c.decays, 6), updated(c.none, 6)) {
				t.Error("got the same weights with decay as without")
			}
		})
	}
}
