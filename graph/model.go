package graph

import (
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
	ins         []inPort  // the main input, then the others by name
	outs        []outPort // the main output, then the others by name
	pool        *kernels.Pool
	untrainable error // why it cannot be trained, if it was opened from a file without its loss

	programs *programs // that were compiled for the model
	seed     uint64    // of noise in inference
}

// Sub returns the layer with the given full name, such as "encoder", as a model of its own for prediction, which shares the
// parameters of m. The name "" stands for the whole model. An unknown name is an error that lists the known ones.
func (m *Model) Sub(name string) (*Model, error) {
	if name == "" {
		return m.part(m.net, m.path, m.cfg.Input)
	}
	for _, l := range m.layers {
		if l.path == name {
			return m.part(l.layer, name, l.in[1:])
		}
	}
	var names []string
	for _, l := range m.layers {
		names = append(names, l.path)
	}
	return nil, fmt.Errorf("graph: Sub: got %q, want one of %q", name, names)
}

// part returns a model of one layer of m, with m's parameters.
func (m *Model) part(net Layer, path string, input []int) (*Model, error) {
	cfg := m.cfg.untrained()
	cfg.Input, cfg.Workers = input, m.cfg.Workers
	sub := &Model{net: net, path: path, cfg: cfg, store: m.store, pool: m.pool, programs: newPrograms(), seed: m.seed}
	if err := sub.setInputs(); err != nil {
		return nil, fmt.Errorf("graph: Sub: %w", err)
	}
	return sub, sub.probe()
}

// Output returns the shape of one sample of the main output, without the batch dimension.
func (m *Model) Output() []int { return slices.Clone(m.outs[0].shape) }

// Input returns the shape of one sample of the main input, without the batch dimension.
func (m *Model) Input() []int { return slices.Clone(m.cfg.Input) }
