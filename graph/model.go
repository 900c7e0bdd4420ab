package graph

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A Model is a compiled network with its parameters. All methods are safe for concurrent use. Only one Fit runs at a time; a
// second one returns an error. Other methods called during Fit wait for the current step to end.
type Model struct {
	net         Layer
	path        string // the full name of the layer, if this is a part of a model; else ""
	cfg         Config
	store       *store // shared by a model and its parts
	layers      []*layerRecord
	updated     []string   // names of the states that training steps set
	raw         RowEncoder // nil if the network takes no raw rows
	flat        bool       // the derivative of the loss by each parameter is zero, as Compile found
	penalized   bool       // a penalty depends on more than parameters
	ins         []inPort   // the main input, then the others by name
	outs        []outPort  // the main output, then the others by name
	pool        *kernels.Pool
	untrainable error // why it cannot be trained, if it is a part, or was opened from a file without its loss

	varies bool           // a dimension of an input is Any
	fixed  [][]int        // shapes of one sample of each output, for the first probe
	probes []sampleShapes // shapes for which Compile tried the network: one for all, and one more for each Any that varies by itself

	programs *programs // that were compiled for the model
	sampling *programs // those of TrainingMode
	training bool      // inference computes as in training; see TrainingMode
	seed     uint64    // of noise in inference
}

// Sub returns the layer with the given full name, such as "encoder", as a model of its own for prediction, which shares the
// parameters of m. The name "" stands for the whole model. An unknown name is an error that lists the known ones. To train
// only a part, Freeze the other layers and Fit the whole model.
//
// A part gets its input without a mask (see Node.Mask).
//
// In all methods of the part, layers and parameters have the names that they have in the whole model. If the same layer is
// compiled alone, its parameters have these names without the part's name in front: encoder/dense1/weight of a model and of
// its Sub("encoder") is dense1/weight of Compile(encoder, ...), where encoder is the layer itself. To copy weights from one
// to the other, rename them:
//
//	for name, w := range part.Weights() {
//		weights[strings.TrimPrefix(name, "encoder/")] = w
//	}
func (m *Model) Sub(name string) (*Model, error) {
	if err := m.made(); err != nil {
		return nil, public("Sub", err)
	}
	if name == "" {
		return m.part(m.net, m.path, m.cfg.Input, m.probes)
	}
	for _, l := range m.layers {
		if l.path == name {
			return m.part(l.layer, name, l.in[1:], m.probesOf(l))
		}
	}
	var names []string
	for _, l := range m.layers {
		names = append(names, l.path)
	}
	return nil, fmt.Errorf("graph: Sub: got %q, want one of %q", name, names)
}

var errPart = errors.New("got a part of a model, as Sub returns it, which only predicts; train and evaluate the whole model, after Freeze of " +
	"the layers that are not to be trained")

// part returns a model of one layer of m, with m's parameters.
func (m *Model) part(net Layer, path string, input []int, probes []sampleShapes) (*Model, error) {
	cfg := m.cfg.untrained()
	cfg.Input, cfg.Workers = input, m.cfg.Workers
	sub := &Model{net: net, path: path, cfg: cfg, store: m.store, pool: m.pool, programs: newPrograms(), sampling: newPrograms(),
		training: m.training, seed: m.seed, probes: slices.Clone(probes)}
	sub.untrainable = errPart
	if err := errors.Join(sub.setInputs(), sub.probe()); err != nil {
		return nil, public("Sub", err)
	}
	return sub, nil
}

// Output returns the shape of one sample of the main output, without the batch dimension. A dimension that depends on an Any of
// the inputs is Any.
func (m *Model) Output() []int {
	if m.made() != nil {
		return nil
	}
	return slices.Clone(m.outs[0].shape)
}

// Input returns the shape of one sample of the main input, without the batch dimension, as in Config.Input.
func (m *Model) Input() []int {
	if m.made() != nil {
		return nil
	}
	return slices.Clone(m.cfg.Input)
}
