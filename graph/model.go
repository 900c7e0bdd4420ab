package graph

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// A Model is a compiled network with its parameters. Predict and Evaluate may be called from several goroutines at once;
// while Fit runs they wait for the end of a step.
type Model struct {
	net    Layer
	path   string // where in the model that it is a part of; "" for a whole model
	cfg    Config
	store  *store
	layers []*layerRecord
	output []int // shape of one sample of the output
	pool   *kernels.Pool
	params *sync.RWMutex // held while parameters are read or changed; shared with parts
	epochs int           // trained so far, for the shuffling

	mu       sync.Mutex // guards programs
	programs cache[programKey]
}

type mode int

const (
	predictMode  mode = iota // output: prediction
	evaluateMode             // outputs: loss, prediction
	trainMode                // outputs: loss, prediction, gradients
)

// A programKey tells programs of a model apart.
type programKey struct {
	mode   mode
	batch  int
	target string // shape of one target
}

// program returns a compiled program for the key, which release gives back.
func (m *Model) program(key programKey) (*program, error) {
	m.mu.Lock()
	p := m.programs.take(key)
	m.mu.Unlock()
	if p != nil {
		return p, nil
	}
	b, x, pred, err := m.emit(key.batch, key.mode == trainMode)
	if err != nil {
		return nil, err
	}
	inputs, outputs, updates := []Node{x}, []Node{pred}, []string(nil)
	if key.mode != predictMode {
		loss, target, err := m.emitLoss(b, pred, append([]int{key.batch}, ops.Decode(key.target)...))
		if err != nil {
			return nil, err
		}
		inputs, outputs = append(inputs, target), []Node{loss, pred}
		if key.mode == trainMode {
			wrt := make([]Node, 0, len(b.order))
			for _, p := range m.trained() {
				wrt = append(wrt, b.paramNode(p))
			}
			if len(m.cfg.Metrics) == 0 {
				outputs = outputs[:1]
			}
			outputs = append(outputs, Grad(loss, wrt...)...)
			for _, u := range b.updates {
				updates, outputs = append(updates, u.name), append(outputs, u.value)
			}
		}
	}
	p, err = compile(b, inputs, outputs, m.pool)
	if err == nil {
		p.updates = updates
	}
	return p, err
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
		if p.trained {
			list = append(list, p)
		}
	}
	return list
}

// paramNode returns the node of a parameter, also of one that this graph does not use.
func (b *builder) paramNode(p *parameter) Node { return b.param(p.name, nil, p.shape, p.trained) }

// Gradients returns the training loss of one batch and its derivatives by the parameters, without changing anything.
func (m *Model) Gradients(x, y *Tensor) (float64, Weights, error) {
	p, key, err := m.step(x, y, trainMode)
	if err != nil {
		return 0, nil, fmt.Errorf("graph: Gradients: %w", err)
	}
	defer m.release(key, p)
	m.params.RLock()
	defer m.params.RUnlock()
	if err := p.run(m.store.steps, x, y); err != nil {
		return 0, nil, fmt.Errorf("graph: Gradients: %w", err)
	}
	w := Weights{}
	for i, param := range m.trained() {
		w[param.name] = cloneTensor(p.output(m.firstGradient() + i))
	}
	return p.scalar(0), w, nil
}

// firstGradient is the number of the first gradient among the outputs of a program for training.
func (m *Model) firstGradient() int {
	if len(m.cfg.Metrics) == 0 {
		return 1
	}
	return 2
}

// step returns the program for a batch.
func (m *Model) step(x, y *Tensor, mode mode) (*program, programKey, error) {
	if m.cfg.Loss == nil {
		return nil, programKey{}, errors.New("the model was compiled without a Loss")
	}
	rows, err := m.check("input", x)
	if err != nil {
		return nil, programKey{}, err
	}
	if y == nil || y.Dims() == 0 || y.Shape()[0] != rows {
		got := "no tensor"
		if y != nil {
			got = fmt.Sprintf("shape %v", []int(y.Shape()))
		}
		return nil, programKey{}, fmt.Errorf("target: got %s, want %d rows as the input has", got, rows)
	}
	key := programKey{mode, rows, ops.Encode(y.Shape()[1:])}
	p, err := m.program(key)
	return p, key, err
}

// Sub returns the part of the model that has the given name, such as "encoder": a model of its own that predicts, whose
// parameters are the same.
func (m *Model) Sub(name string) (*Model, error) {
	for _, l := range m.layers {
		if l.path == name {
			cfg := Config{Input: l.in[1:], DType: m.cfg.DType, Seed: m.cfg.Seed, Workers: m.cfg.Workers}
			sub := &Model{net: l.layer, path: name, cfg: cfg, store: m.store, pool: m.pool, params: m.params}
			return sub, sub.probe()
		}
	}
	var names []string
	for _, l := range m.layers {
		names = append(names, l.path)
	}
	return nil, fmt.Errorf("graph: Sub: got %q, want one of %q", name, names)
}

// Output returns the shape of one sample of the output.
func (m *Model) Output() []int { return slices.Clone(m.output) }

// Input returns the shape of one sample of the input.
func (m *Model) Input() []int { return slices.Clone(m.cfg.Input) }
