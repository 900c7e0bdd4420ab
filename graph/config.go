package graph

import (
	"gorgonia.org/tensor"
)

// Config says how a network is compiled.
type Config struct {
	Input     []int     // shape of one sample, without the batch
	Loss      Loss      // what training minimizes; nil for a model that only predicts
	Optimizer Optimizer // how; nil for a model that is not trained
	Metrics   []Metric  // measured in training and by Evaluate

	Inputs     map[string][]int  // the network's further inputs, see Scope.Input: the shape of one sample of each
	Outputs    map[string]Output // what training makes of its further outputs, see Scope.Output
	LossWeight float64           // factor of Loss in its sum with those of Outputs; 0 is 1

	DType   tensor.Dtype // tensor.Float32 (also if empty) or tensor.Float64
	Seed    uint64       // of initial weights, shuffling and all noise
	Workers int          // threads of computation; 0 is GOMAXPROCS
}

// A Loss is the value that training minimizes: a scalar, the mean over the batch. Target is an input.
type Loss interface{ Loss(pred, target Node) Node }

// LossFunc makes a function a Loss.
type LossFunc func(pred, target Node) Node

// Loss implements the interface Loss.
func (f LossFunc) Loss(pred, target Node) Node { return f(pred, target) }

// A TargetShaper is a Loss whose target is not of the prediction's shape. It is asked for the target's when a model is
// compiled, to find errors early; training takes the shape that the data has.
type TargetShaper interface {
	Loss
	TargetShape(pred []int) []int // both with the batch in front
}

// A Validator is an Optimizer, Loss, Metric or Layer that can tell that its settings are wrong. Compile asks it.
type Validator interface{ Validate() error }

// A LossChecker is a Loss that can tell that it does not fit the shape of a prediction, the batch in front. Compile asks it.
type LossChecker interface {
	Loss
	Check(pred []int) error
}

// A MetricChecker is a Metric that can tell that it does not fit the shapes, the batch in front.
type MetricChecker interface {
	Metric
	Check(pred, target []int) error
}
