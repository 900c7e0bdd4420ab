package graph

import (
	"gorgonia.org/tensor"
)

// Config describes how Compile makes a model of a network: its inputs, how it is trained, and how it computes.
type Config struct {
	Input     []int     // shape of one sample of the main input, without the batch; dimensions may be Any; required, except for raw rows, see RowEncoder
	Loss      Loss      // minimized in training; nil for a model that only predicts, or is trained by penalties (Scope.Penalty)
	Optimizer Optimizer // changes the parameters in training; nil for a model that is not trained
	Metrics   []Metric  // measured in training and by Evaluate

	Inputs     map[string][]int  // the additional inputs by name: the shape of one sample, as in Input; see Scope.Input
	Outputs    map[string]Output // losses and metrics of the additional outputs by name; see Scope.Output
	LossWeight float64           // factor of Loss when it is added to the losses of Outputs; 0 means 1

	// Params are parameters that the model shares with other models; nil means parameters of its own. See NewParams.
	Params *Params

	// Train lists the parameters that training changes, states such as running statistics included; empty means all. The
	// others are like frozen ones, and the optimizer keeps no state for them. Each element is a pattern as in Matches:
	// "generator" stands for everything below the layer generator, "*/bias" for the biases of all outermost layers. A
	// pattern that matches no parameter is an error. Of the parameters in Train, training changes those that are not frozen
	// (see Model.Freeze).
	Train []string

	DType   tensor.Dtype // element type: tensor.Float32 (the default) or tensor.Float64
	Seed    uint64       // seed of the shuffling, all noise, and the initial weights unless Params is set
	Workers int          // number of threads that compute, at most 65,536; 0 means GOMAXPROCS as it was when the program first computed
}

// maxWorkers is the largest Config.Workers; a larger one is probably a mistake.
const maxWorkers = 1 << 16

// A Validator is an Optimizer, Loss, Metric or Layer that checks its settings: Validate returns an error if one is invalid.
// Compile calls it. The error names the setting, as in "Units: got 0, want 1 or more".
type Validator interface{ Validate() error }
