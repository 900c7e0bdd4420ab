package graph

import (
	"fmt"
	"slices"
	"sync"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Model is a compiled network with its parameters. All of its methods may be called from several goroutines at once, but for
// Fit, of which one runs at a time; while it does, the others wait for the end of a step.
type Model struct {
	net    Layer
	path   string // where in the model that it is a part of; "" for a whole model
	cfg    Config
	store  *store
	layers []*layerRecord
	ins    []inPort  // the main one first, then by name
	outs   []outPort // the same
	pool   *kernels.Pool
	params *guard // held while parameters are read or changed; shared with parts
	epochs int    // trained so far, for the shuffling
	gap    error  // why it can't be trained, of a model that was opened without its loss

	mu       sync.Mutex // guards programs
	programs cache[programKey]
}

type mode int

const (
	predictMode  mode = iota // output: the main output
	everyMode                // outputs: all
	evaluateMode             // outputs: see program
	trainMode
)

// predicts tells whether nothing is compared with targets.
func (m mode) predicts() bool { return m == predictMode || m == everyMode }

// A programKey tells programs of a model apart.
type programKey struct {
	mode     mode
	batch    int
	targets  string // shape of one target, of each output that has one
	weighted bool   // by samples
	frozen   int    // how often the choice of trained parameters had changed
}

// program returns a compiled program for the key, which release gives back.
func (m *Model) program(key programKey) (*program, error) {
	m.mu.Lock()
	p := m.programs.take(key)
	m.mu.Unlock()
	if p != nil {
		return p, nil
	}
	e, err := m.emit(key.batch, key.mode == trainMode)
	if err != nil {
		return nil, err
	}
	if key.mode.predicts() {
		return m.predictor(key, e)
	}
	shapes := decodeShapes(key.targets)
	for i, s := range shapes {
		shapes[i] = append([]int{key.batch}, s...)
	}
	loss, err := m.emitLoss(e, shapes, key.weighted)
	if err != nil {
		return nil, err
	}
	inputs := append(slices.Clone(e.x), loss.targets...)
	if key.weighted {
		inputs = append(inputs, loss.weight)
	}
	var l layout
	outputs := append([]Node{loss.total}, loss.parts...)
	l.parts = len(loss.parts)
	for _, o := range m.outs {
		if len(o.Metrics) > 0 {
			y, err := e.output(o)
			if err != nil {
				return nil, err
			}
			outputs = append(outputs, y)
		}
	}
	l.gradients = len(outputs)
	if key.mode == trainMode {
		wrt := make([]Node, 0, len(e.b.order))
		for _, p := range m.trained() {
			wrt = append(wrt, e.b.paramNode(p))
		}
		outputs = append(outputs, Grad(loss.total, wrt...)...)
		for _, u := range e.b.updates {
			l.updates, outputs = append(l.updates, u.name), append(outputs, u.value)
		}
	}
	env := &ops.Env{Pool: m.pool}
	if key.mode != trainMode {
		env.Packs = &m.store.packs
	}
	p, err = compile(e.b, inputs, outputs, env)
	if err == nil {
		p.layout = l
	}
	return p, err
}

// predictor returns a program for prediction.
func (m *Model) predictor(key programKey, e emission) (*program, error) {
	outputs := []Node{e.y}
	if key.mode == everyMode {
		for _, o := range m.outs[1:] {
			y, err := e.output(o)
			if err != nil {
				return nil, err
			}
			outputs = append(outputs, y)
		}
	}
	return compile(e.b, e.x, outputs, &ops.Env{Pool: m.pool, Packs: &m.store.packs})
}

func (m *Model) release(key programKey, p *program) {
	m.mu.Lock()
	m.programs.put(key, p)
	m.mu.Unlock()
}

// trained returns the parameters that training changes.
func (m *Model) trained() []*parameter {
	var list []*parameter
	for _, p := range m.store.list {
		if p.trained && !p.frozen {
			list = append(list, p)
		}
	}
	return list
}

// paramNode returns the node of a parameter, also of one that this graph does not use.
func (b *builder) paramNode(p *parameter) Node { return b.param(p.name, nil, p.shape, p.trained) }

// Gradients returns the training loss of one batch and its derivatives by the parameters that are trained, without changing
// anything.
func (m *Model) Gradients(x, y *Tensor) (float64, Weights, error) {
	return m.GradientsOf(Batch{X: x, Y: y})
}

// GradientsOf is Gradients of a batch that has several inputs or targets, or weights.
func (m *Model) GradientsOf(b Batch) (float64, Weights, error) {
	m.params.choice.RLock()
	defer m.params.choice.RUnlock()
	p, key, values, err := m.step(b, trainMode)
	if err != nil {
		return 0, nil, fmt.Errorf("graph: Gradients: %w", err)
	}
	defer m.release(key, p)
	m.params.RLock()
	defer m.params.RUnlock()
	if err := p.run(m.store.steps, values...); err != nil {
		return 0, nil, fmt.Errorf("graph: Gradients: %w", err)
	}
	w := Weights{}
	for i, param := range m.trained() {
		w[param.name] = tensors.Clone(p.output(p.gradients + i))
	}
	return p.scalar(0), w, nil
}

// step returns the program for a batch, and what it is fed with.
func (m *Model) step(b Batch, mode mode) (*program, programKey, []*Tensor, error) {
	key, values, err := m.tensors(b, mode)
	if err != nil {
		return nil, key, nil, err
	}
	p, err := m.program(key)
	return p, key, values, err
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
	sub := &Model{net: net, path: path, cfg: cfg, store: m.store, pool: m.pool, params: m.params}
	if err := sub.setInputs(); err != nil {
		return nil, fmt.Errorf("graph: Sub: %w", err)
	}
	return sub, sub.probe()
}

// Output returns the shape of one sample of the output.
func (m *Model) Output() []int { return slices.Clone(m.outs[0].shape) }

// Input returns the shape of one sample of the input.
func (m *Model) Input() []int { return slices.Clone(m.cfg.Input) }
