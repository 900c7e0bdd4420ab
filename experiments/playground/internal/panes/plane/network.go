package plane

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	opt "github.com/nndiy/nndiy/optimizers"
)

// activations are the activations by name, with their Go code.
var activations = map[string]struct {
	layer graph.Layer
	code  string
}{
	"tanh":      {layers.Tanh{}, "layers.Tanh{}"},
	"ReLU":      {layers.ReLU{}, "layers.ReLU{}"},
	"LeakyReLU": {layers.LeakyReLU{}, "layers.LeakyReLU{}"},
	"sigmoid":   {layers.Sigmoid{}, "layers.Sigmoid{}"},
	"GELU":      {layers.GELU{}, "layers.GELU{}"},
	"SiLU":      {layers.SiLU{}, "layers.SiLU{}"},
	"linear":    {layers.Identity{}, "layers.Identity{}"},
}

// optimizers are the optimizers by name, with their Go code, where %v stands for the rate.
var optimizers = map[string]struct {
	of   func(rate float64) graph.Optimizer
	code string
}{
	"SGD":      {func(r float64) graph.Optimizer { return opt.SGD{LearningRate: r} }, "optimizers.SGD{LearningRate: %v}"},
	"momentum": {func(r float64) graph.Optimizer { return opt.SGD{LearningRate: r, Momentum: 0.9} }, "optimizers.SGD{LearningRate: %v, Momentum: 0.9}"},
	"Nesterov": {
		func(r float64) graph.Optimizer { return opt.SGD{LearningRate: r, Momentum: 0.9, Nesterov: true} },
		"optimizers.SGD{LearningRate: %v, Momentum: 0.9, Nesterov: true}",
	},
	"Adam":    {func(r float64) graph.Optimizer { return opt.Adam{LearningRate: r} }, "optimizers.Adam{LearningRate: %v}"},
	"AdamW":   {func(r float64) graph.Optimizer { return opt.AdamW{LearningRate: r} }, "optimizers.AdamW{LearningRate: %v}"},
	"RMSProp": {func(r float64) graph.Optimizer { return opt.RMSProp{LearningRate: r} }, "optimizers.RMSProp{LearningRate: %v}"},
	"Adagrad": {func(r float64) graph.Optimizer { return opt.Adagrad{LearningRate: r} }, "optimizers.Adagrad{LearningRate: %v}"},
	"Lion":    {func(r float64) graph.Optimizer { return opt.Lion{LearningRate: r} }, "optimizers.Lion{LearningRate: %v}"},
	"Muon":    {func(r float64) graph.Optimizer { return opt.Muon{LearningRate: r} }, "optimizers.Muon{LearningRate: %v}"},
}

// dense returns a dense layer with the regularization of the settings.
func (s Settings) dense(units int) layers.Dense {
	d := layers.Dense{Units: units}
	switch s.Regularization {
	case "L1":
		d.KernelPenalty.L1 = s.Strength
	case "L2":
		d.KernelPenalty.L2 = s.Strength
	}
	return d
}

// network returns the network: two coordinates to the probabilities of two classes.
func (s Settings) network() layers.Sequential {
	var net layers.Sequential
	for _, units := range s.Layers {
		net = append(net, s.dense(units), activations[s.Activation].layer)
	}
	return append(net, s.dense(2), layers.Softmax{})
}

// compile makes the model with the given optimizer.
func (s Settings) compile(optimizer string, rate float64) (*graph.Model, error) {
	return graph.Compile(s.network(), graph.Config{
		Input:     []int{2},
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: optimizers[optimizer].of(rate),
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      s.Seed,
	})
}

// view makes a model that shares the parameters of m and has the output of every hidden layer as an output, hidden0 and so on.
func (s Settings) view(m *graph.Model) (*graph.Model, error) {
	net := graph.LayerFunc(func(scope *graph.Scope, x graph.Node) graph.Node {
		for i, l := range s.network() {
			x = scope.Apply(l, x)
			if i%2 == 1 && i/2 < len(s.Layers) {
				scope.Output(hidden(i/2), x)
			}
		}
		return x
	})
	return graph.Compile(net, graph.Config{Input: []int{2}, Params: m.Params()})
}

// hidden names the output of a hidden layer in the view.
func hidden(i int) string { return fmt.Sprintf("hidden%d", i) }
