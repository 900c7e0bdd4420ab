package graph

import (
	"fmt"
	"slices"
	"sync"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/kernels"
)

// A Model is a compiled network with its parameters. All of its methods may be called from several goroutines at once, but for
// Fit, of which one runs at a time; while it does, the others wait for the end of a step.
type Model struct {
	net    Layer
	path   string // where in the model that it is a part of; "" for a whole model
	cfg    Config
	store  *store // shared with parts
	layers []*layerRecord
	ins    []inPort  // the main one first, then by name
	outs   []outPort // the same
	pool   *kernels.Pool
	gap    error // why it cannot be trained, of a model that was opened without its loss

	mu       sync.Mutex // guards programs
	programs program.Cache[programKey]
}

// Sub returns the part of the model that has the given name, such as "encoder": a model of its own that predicts, whose
// parameters are the same. The name "" is for the whole.
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

// part returns a model of a layer of this one, with this one's parameters.
func (m *Model) part(net Layer, path string, input []int) (*Model, error) {
	cfg := m.cfg.untrained()
	cfg.Input, cfg.Workers = input, m.cfg.Workers
	sub := &Model{net: net, path: path, cfg: cfg, store: m.store, pool: m.pool}
	if err := sub.setInputs(); err != nil {
		return nil, fmt.Errorf("graph: Sub: %w", err)
	}
	return sub, sub.probe()
}

// Output returns the shape of one sample of the output.
func (m *Model) Output() []int { return slices.Clone(m.outs[0].shape) }

// Input returns the shape of one sample of the input.
func (m *Model) Input() []int { return slices.Clone(m.cfg.Input) }
