package graph

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Names of the input that Emit is given, and of the output that it returns.
const (
	MainInput  = "input"
	MainOutput = "output"
)

// An Output is what training makes of an output of a network that has several, see Scope.Output.
type Output struct {
	Loss    Loss     // nil: the output is predicted, not trained
	Weight  float64  // of its loss in the sum of the losses; 0 is 1
	Metrics []Metric // measured in training and by Evaluate
}

// An inPort is an input of a model, an outPort one of its outputs; shapes are those of one sample.
type inPort struct {
	name  string
	shape []int
}

type outPort struct {
	name  string
	shape []int
	Output
}

// targeted tells whether the output is compared with a target.
func (o outPort) targeted() bool { return o.Loss != nil || len(o.Metrics) > 0 }

// factor returns the weight of the loss.
func (o outPort) factor() float64 {
	if o.Weight == 0 {
		return 1
	}
	return o.Weight
}

// log returns the name of one of the output's metrics in the logs.
func (o outPort) log(metric string) string {
	if o.name == MainOutput {
		return metric
	}
	return o.name + "_" + metric
}

// setInputs takes the inputs from the configuration.
func (m *Model) setInputs() error {
	cfg := &m.cfg
	if len(cfg.Input) == 0 {
		return errors.New("Config.Input is empty, want the shape of one sample, such as []int{784}")
	}
	cfg.Input = slices.Clone(cfg.Input)
	m.ins = []inPort{{MainInput, cfg.Input}}
	var further map[string][]int
	if len(cfg.Inputs) > 0 {
		further = map[string][]int{}
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Inputs)) {
		if name == "" || name == MainInput {
			return fmt.Errorf("Config.Inputs: got the name %q, want one that is not empty and is not %q", name, MainInput)
		}
		further[name] = slices.Clone(cfg.Inputs[name])
		m.ins = append(m.ins, inPort{name, further[name]})
	}
	cfg.Inputs = further
	for i, in := range m.ins {
		for _, d := range in.shape {
			if d < 1 {
				field := "Config.Input"
				if i > 0 {
					field = "Config.Inputs: " + in.name
				}
				return fmt.Errorf("%s: got %v, want dimensions of 1 or more", field, in.shape)
			}
		}
	}
	return nil
}

// setOutputs takes the outputs from the graph, and what training makes of them from the configuration.
func (m *Model) setOutputs(e emission) error {
	cfg := &m.cfg
	main := outPort{MainOutput, e.y.Shape()[1:], Output{cfg.Loss, cfg.LossWeight, cfg.Metrics}}
	m.outs = []outPort{main}
	names := slices.Sorted(maps.Keys(e.b.outputs))
	for _, name := range names {
		y := e.b.outputs[name]
		if y.Rank() == 0 || y.Dim(0) != e.x[0].Dim(0) {
			return fmt.Errorf("graph: output %s: got shape %v for a batch of %d, want the batch in front", name, y.Shape(), e.x[0].Dim(0))
		}
		m.outs = append(m.outs, outPort{name, y.Shape()[1:], cfg.Outputs[name]})
	}
	for name := range cfg.Outputs {
		if _, ok := e.b.outputs[name]; !ok {
			return fmt.Errorf("graph: Compile: Config.Outputs: got the name %q, want one that the network gives to Scope.Output: %q", name, names)
		}
	}
	for _, o := range m.outs {
		if w := o.factor(); !(w > 0 && w <= 1e30) {
			return fmt.Errorf("graph: Compile: output %s: got the weight %v, want a number above 0, or 0 for 1", o.name, o.Weight)
		}
	}
	return nil
}

// checkUsed returns an error for an input that the network does not use; a part of a model drops it instead.
func (m *Model) checkUsed(b *builder) error {
	for _, in := range slices.Clone(m.ins[1:]) {
		switch {
		case b.used[in.name]:
		case m.path == "":
			return fmt.Errorf("graph: Compile: Config.Inputs: the network does not use %q", in.name)
		default:
			m.ins = slices.DeleteFunc(m.ins, func(p inPort) bool { return p.name == in.name })
			delete(m.cfg.Inputs, in.name)
		}
	}
	return nil
}

// trainable tells whether some output has a loss.
func (m *Model) trainable() bool {
	return slices.ContainsFunc(m.outs, func(o outPort) bool { return o.Loss != nil })
}

// Encode the shapes of targets as part of a programKey, and back.
func encodeShapes(shapes [][]int) string {
	if len(shapes) == 1 {
		return ops.Encode(shapes[0])
	}
	parts := make([]string, len(shapes))
	for i, s := range shapes {
		parts[i] = ops.Encode(s)
	}
	return strings.Join(parts, ";")
}

func decodeShapes(s string) [][]int {
	var shapes [][]int
	for _, part := range strings.Split(s, ";") {
		shapes = append(shapes, ops.Decode(part))
	}
	return shapes
}
