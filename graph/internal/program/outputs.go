package program

import (
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// The methods below return the values of a program's outputs. The next run overwrites their memory.

// Loss returns the loss.
func (p *Program) Loss() float64 { return p.scalar(0) }

// Parts returns the number of losses that are added up to the loss; 0 if there is only one.
func (p *Program) Parts() int { return len(p.outputs.Parts) }

// Part returns the i-th of the losses that are added up to the loss.
func (p *Program) Part(i int) float64 { return p.scalar(p.parts() + i) }

// Prediction returns prediction i.
func (p *Program) Prediction(i int) *tensor.Dense { return p.lowered.Value(p.predictions() + i) }

// Predictions returns the number of predictions.
func (p *Program) Predictions() int { return len(p.outputs.Predictions) }

// Gradient returns gradient i.
func (p *Program) Gradient(i int) *tensor.Dense { return p.lowered.Value(p.gradients() + i) }

// States returns the number of states that have a new value.
func (p *Program) States() int { return len(p.outputs.States) }

// State returns the name and the new value of state i.
func (p *Program) State(i int) (name string, value *tensor.Dense) {
	return p.outputs.States[i].Name, p.lowered.Value(p.states() + i)
}

// The methods below return the index of the first output of a kind in Outputs.list.
func (p *Program) parts() int {
	if p.outputs.Loss == nil {
		return 0
	}
	return 1
}
func (p *Program) predictions() int { return p.parts() + len(p.outputs.Parts) }
func (p *Program) gradients() int   { return p.predictions() + len(p.outputs.Predictions) }
func (p *Program) states() int      { return p.gradients() + len(p.outputs.Gradients) }

// scalar returns the value of output i, which has one element.
func (p *Program) scalar(i int) float64 {
	t := p.lowered.Value(i)
	if t.Dtype() == tensor.Float32 {
		return float64(tensors.Data[float32](t)[0])
	}
	return tensors.Data[float64](t)[0]
}
