package optimizers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// AdamW is Adam with decoupled weight decay (Loshchilov and Hutter, 2019, "Decoupled weight decay regularization"):
//
//	w = w - lr·weightDecay·w
//	m = β₁·m + (1-β₁)·g
//	v = β₂·v + (1-β₂)·g²
//	w = w - lr · m/(1-β₁ᵗ) / (√(v/(1-β₂ᵗ)) + ε)
type AdamW struct {
	LearningRate  float64 // default 0.001
	Beta1         float64 // β₁, decay of the mean gradient; default 0.9
	Beta2         float64 // β₂, decay of the mean square; default 0.999
	Epsilon       float64 // ε; default 1e-8
	WeightDecay   float64 // decoupled; default 0.01. For no decay use Adam
	NoVectorDecay bool    // no decay of parameters of fewer than two dimensions: biases, scales and shifts
	AMSGrad       bool    // see Adam
}

var _ rule = AdamW{}

// Rate implements graph.Optimizer.
func (a AdamW) Rate() float64 { return Adam(a).Rate() }

// Slots implements graph.Optimizer.
func (a AdamW) Slots() int { return Adam(a).Slots() }

// Update32 implements graph.Optimizer.
func (a AdamW) Update32(u graph.Update[float32]) { adam(Adam(a), u, 0, a.decay()) }

// Update64 implements graph.Optimizer.
func (a AdamW) Update64(u graph.Update[float64]) { adam(Adam(a), u, 0, a.decay()) }

// decay returns the weight decay, or its default.
func (a AdamW) decay() float64 { return settings.Or(a.WeightDecay, 0.01) }

// ScalesGrad implements graph.GradScaler.
func (AdamW) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (a AdamW) Validate() error { return Adam(a).validate("optimizers: AdamW") }
