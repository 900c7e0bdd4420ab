package graph

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Names of the main input, which is passed to the network's Emit, and of the main output, which Emit returns.
const (
	MainInput  = "input"
	MainOutput = "output"
)

// An Output configures the training of an additional output of a network; see Scope.Output and Config.Outputs.
type Output struct {
	Loss    Loss     // nil means that the output is predicted but not trained
	Weight  float64  // factor of Loss in the sum of the losses; 0 means 1
	Metrics []Metric // computed in training and by Evaluate
}

// An inPort is an input of a model, an outPort is an output. shape is the shape of one sample, whose dimensions may be Any.
type inPort struct {
	name  string
	shape []int
}

type outPort struct {
	name   string
	shape  []int
	masked bool // elements of it may be left out, by its mask or by its loss
	Output
	scoring *sync.Mutex // of the model: a metric of a user may keep scratch memory, so one is called at a time
}

// targeted reports whether the output is compared with a target.
func (o outPort) targeted() bool {
	_, free := o.Loss.(TargetFreeLoss)
	return o.Loss != nil && !free || len(o.Metrics) > 0
}

// measured reports whether the output has a loss or metrics.
func (o outPort) measured() bool { return o.Loss != nil || len(o.Metrics) > 0 }

// factor returns the weight of the loss.
func (o outPort) factor() float64 {
	if o.Weight == 0 {
		return 1
	}
	return o.Weight
}

// log returns the name that a metric of the output has in the logs.
func (o outPort) log(metric string) string {
	if o.name == MainOutput {
		return metric
	}
	return o.name + "_" + metric
}

// setInputs sets the inputs from the configuration.
func (m *Model) setInputs() error {
	if err := m.takeRows(); err != nil {
		return err
	}
	cfg := &m.cfg
	if len(cfg.Input) == 0 {
		return errors.New("Config.Input: got no dimensions, want the shape of one sample, such as []int{784}")
	}
	cfg.Input = slices.Clone(cfg.Input)
	m.ins = []inPort{{MainInput, cfg.Input}}
	var inputs map[string][]int
	if len(cfg.Inputs) > 0 {
		inputs = map[string][]int{}
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Inputs)) {
		if name == "" || name == MainInput {
			return fmt.Errorf("Config.Inputs: got the name %q, want a nonempty name other than %q", name, MainInput)
		}
		inputs[name] = slices.Clone(cfg.Inputs[name])
		m.ins = append(m.ins, inPort{name, inputs[name]})
	}
	cfg.Inputs = inputs
	for i, in := range m.ins {
		for _, d := range in.shape {
			if d < 1 && d != Any {
				return fmt.Errorf("%s: got %v, want dimensions of 1 or more, or graph.Any", field(i, in), in.shape)
			}
			m.varies = m.varies || d == Any
		}
	}
	return nil
}

// field names an input in errors of the configuration.
func field(i int, in inPort) string {
	if i == 0 {
		return "Config.Input"
	}
	return "Config.Inputs: " + in.name
}

// setOutputs sets the outputs from the graph, and their losses and metrics from the configuration.
func (m *Model) setOutputs(e emission) error {
	cfg := &m.cfg
	scoring := new(sync.Mutex)
	main := outPort{MainOutput, e.y.Shape()[1:], false, Output{cfg.Loss, cfg.LossWeight, cfg.Metrics}, scoring}
	m.outs = []outPort{main}
	names := slices.Sorted(maps.Keys(e.b.outputs))
	for _, name := range names {
		y := e.b.outputs[name]
		if y.Rank() == 0 || y.Dim(0) != e.x[0].Dim(0) {
			return fmt.Errorf("graph: output %s: got shape %v for a batch of %d, want the batch as the first dimension", name, y.Shape(), e.x[0].Dim(0))
		}
		m.outs = append(m.outs, outPort{name, y.Shape()[1:], false, cfg.Outputs[name], scoring})
	}
	for name := range cfg.Outputs {
		if _, ok := e.b.outputs[name]; !ok {
			return fmt.Errorf("graph: Compile: Config.Outputs: got the name %q, want one of %q, which the network passes to Scope.Output", name, names)
		}
	}
	for _, o := range m.outs {
		if w := o.factor(); !(w > 0 && w <= 1e30) {
			return fmt.Errorf("graph: Compile: output %s: got the weight %v, want more than 0 and at most 1e30, or 0 for 1", o.name, o.Weight)
		}
	}
	return nil
}

// checkUsed returns an error for an input that the network does not use. A part of a model drops such inputs instead.
func (m *Model) checkUsed(b *builder) error {
	for _, in := range slices.Clone(m.ins[1:]) {
		switch {
		case b.used[in.name]:
		case m.path == "":
			return fmt.Errorf("graph: Compile: Config.Inputs: got %q, want only inputs that the network uses", in.name)
		default:
			i := slices.IndexFunc(m.ins, func(p inPort) bool { return p.name == in.name })
			m.ins = slices.Delete(m.ins, i, i+1)
			for k := range m.probes {
				m.probes[k] = slices.Delete(slices.Clone(m.probes[k]), i, i+1)
			}
			delete(m.cfg.Inputs, in.name)
		}
	}
	return nil
}

// trainable reports whether some output has a loss, or the network a penalty that depends on more than parameters.
func (m *Model) trainable() bool {
	return m.penalized || slices.ContainsFunc(m.outs, func(o outPort) bool { return o.Loss != nil })
}

// idle reports whether the model neither trains nor predicts in training mode, as far as is known before its outputs are.
func (m *Model) idle() bool {
	loss := m.cfg.Loss != nil
	for _, o := range m.cfg.Outputs {
		loss = loss || o.Loss != nil
	}
	return !loss && !m.penalized && !m.training
}

// encodeShapes encodes the shapes of targets for a programKey.
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

// decodeShapes is the inverse of encodeShapes.
func decodeShapes(s string) [][]int {
	var shapes [][]int
	if s == "" {
		return nil
	}
	for _, part := range strings.Split(s, ";") {
		shapes = append(shapes, ops.Decode(part))
	}
	return shapes
}
