package program

import (
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// A layout says where the outputs of each kind are in Outputs.list. It does not keep the nodes: the graph that they belong to is
// not needed any more.
type layout struct {
	parts, logs, predictions, valid, gradients, states int      // the index of the first one
	masked                                             []bool   // for each of Outputs.Valid whether it is not nil
	names, logNames                                    []string // of the states and the logs
}

func newLayout(o Outputs) layout {
	var l layout
	if o.Loss != nil {
		l.parts = 1
	}
	l.logs = l.parts + len(o.Parts)
	l.predictions = l.logs + len(o.Logs)
	l.valid = l.predictions + len(o.Predictions)
	l.gradients = l.valid
	for _, n := range o.Valid {
		if l.masked = append(l.masked, n != nil); n != nil {
			l.gradients++
		}
	}
	l.states = l.gradients + len(o.Gradients)
	for _, n := range o.Logs {
		l.logNames = append(l.logNames, n.Name)
	}
	for _, s := range o.States {
		l.names = append(l.names, s.Name)
	}
	return l
}

// The methods below return the values of a program's outputs. The next run overwrites their memory.

// Loss returns the loss.
func (p *Program) Loss() float64 { return p.scalar(0) }

// Parts returns the number of losses that are added up to the loss; 0 if there is only one.
func (p *Program) Parts() int { return p.outputs.logs - p.outputs.parts }

// Part returns the i-th of the losses that are added up to the loss.
func (p *Program) Part(i int) float64 { return p.scalar(p.outputs.parts + i) }

// Logs returns the number of scalars that are measured.
func (p *Program) Logs() int { return len(p.outputs.logNames) }

// Log returns the name and the value of scalar i.
func (p *Program) Log(i int) (name string, value float64) {
	return p.outputs.logNames[i], p.scalar(p.outputs.logs + i)
}

// Predictions returns the number of predictions.
func (p *Program) Predictions() int { return p.outputs.valid - p.outputs.predictions }

// Prediction returns prediction i.
func (p *Program) Prediction(i int) *tensor.Dense { return p.lowered.Value(p.outputs.predictions + i) }

// Valid returns the i-th tensor of Outputs.Valid, nil if it has none.
func (p *Program) Valid(i int) *tensor.Dense {
	if i >= len(p.outputs.masked) || !p.outputs.masked[i] {
		return nil
	}
	at := p.outputs.valid
	for _, m := range p.outputs.masked[:i] {
		if m {
			at++
		}
	}
	return p.lowered.Value(at)
}

// Gradient returns gradient i.
func (p *Program) Gradient(i int) *tensor.Dense { return p.lowered.Value(p.outputs.gradients + i) }

// States returns the number of states that have a new value.
func (p *Program) States() int { return len(p.outputs.names) }

// State returns the name and the new value of state i.
func (p *Program) State(i int) (name string, value *tensor.Dense) {
	return p.outputs.names[i], p.lowered.Value(p.outputs.states + i)
}

// scalar returns the value of output i, which has one element.
func (p *Program) scalar(i int) float64 {
	t := p.lowered.Value(i)
	if t.Dtype() == tensor.Float32 {
		return float64(tensors.Data[float32](t)[0])
	}
	return tensors.Data[float64](t)[0]
}
