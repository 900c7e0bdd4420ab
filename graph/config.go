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

// A Validator is an Optimizer, Loss, Metric or Layer that can tell that its settings are wrong. Compile asks it.
type Validator interface{ Validate() error }
