package graph

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// Compile checks a network and returns a Model of it with initialized parameters. It builds the graph for a batch of 2, and
// the gradients if there is a Loss, so that a wrong shape or setting is an error here and not in training. The error names
// the layer and the operation, what it got and what it wanted. For dimensions that are Any, it finds sizes that the network can
// take.
func Compile(net Layer, cfg Config) (*Model, error) {
	m, err := prepare(net, cfg)
	if err == nil {
		err = m.probe()
	}
	if err == nil {
		err = m.store.params.publish(m.store, m.cfg.Optimizer)
	}
	if err != nil {
		return nil, public("", err)
	}
	return m, nil
}

// prepare returns a model that has neither graphs nor parameters yet.
func prepare(net Layer, cfg Config) (*Model, error) {
	if net == nil {
		return nil, errors.New("graph: Compile: got no network, want a Layer")
	}
	switch cfg.DType {
	case tensor.Dtype{}:
		cfg.DType = tensor.Float32
	case tensor.Float32, tensor.Float64:
	default:
		return nil, fmt.Errorf("graph: Compile: Config.DType: got %v, %w", cfg.DType, errElementType)
	}
	if cfg.Workers < 0 || cfg.Workers > maxWorkers {
		return nil, fmt.Errorf("graph: Compile: Config.Workers: got %d, want 0 to %d", cfg.Workers, maxWorkers)
	}
	params := cfg.Params
	if params == nil {
		params = NewParams(cfg.Seed)
	}
	m := &Model{net: net, cfg: cfg, store: newStore(params, cfg.DType), pool: kernels.Default(), programs: newPrograms(), sampling: newPrograms(), seed: cfg.Seed}
	m.store.seed = cfg.Seed
	if err := errors.Join(m.setInputs(), m.validate(), m.takeMetadata(), params.checkType(cfg.DType)); err != nil {
		return nil, public("Compile", err)
	}
	if cfg.Workers > 0 && cfg.Workers != m.pool.Workers() {
		m.pool = kernels.NewPool(cfg.Workers)
	}
	return m, nil
}

// probe builds the graphs for a small batch, which finds errors and creates the parameters.
func (m *Model) probe() error {
	const batch = probeBatch
	if err := m.findProbes(); err != nil {
		return err
	}
	e, err := m.emit(batch, m.probes[0], true)
	if err != nil {
		return m.blameBatch(err, batch)
	}
	if err := errors.Join(m.checkUsed(e.b), m.setOutputs(e)); err != nil {
		return err
	}
	m.layers, m.penalized = e.b.layers, e.b.objective
	m.updated = nil
	for _, u := range e.b.states.updates {
		m.updated = append(m.updated, u.name)
	}
	// The graph for inference may use additional parameters, and end in another way.
	inference, err := m.emit(batch, m.probes[0], false)
	if err != nil {
		return err
	}
	if err := errors.Join(m.checkLogs(e.b), m.checkLogs(inference.b)); err != nil {
		return err
	}
	if err := m.store.seal(m.cfg.Optimizer, m.cfg.Train); err != nil {
		return err
	}
	if err := m.setVarying(e); err != nil {
		return err
	}
	if !m.trainable() {
		return nil
	}
	var targets [][]int
	for _, o := range m.outs {
		y, err := e.output(o)
		if err != nil {
			return err
		}
		pred := y.Shape()
		if c, ok := o.Loss.(LossChecker); ok {
			if err := c.Check(pred); err != nil {
				return fmt.Errorf("graph: Compile: loss: %w", err)
			}
		}
		if !o.targeted() {
			continue
		}
		target := pred
		if t, ok := o.Loss.(TargetShaper); ok {
			target = t.TargetShape(pred)
		}
		targets = append(targets, target)
	}
	loss, err := m.emitLoss(e, targets, nil)
	if err == nil {
		err = m.checkMetrics(e, targets, loss.valid)
	}
	if err != nil || m.store.source != nil { // a saved model has been checked; its gradients would take most of the memory
		return err
	}
	if _, err := m.emitLoss(inference, targets, nil); err != nil {
		return err
	}
	params := e.b.scope().Params()
	m.flat = len(params) > 0
	for _, g := range Grad(loss.total, params...) {
		if g.err != nil {
			return g.err
		}
		m.flat = m.flat && ops.IsZero(g.n)
	}
	return nil
}

// numbers are those of the shapes in an error.
var numbers = regexp.MustCompile(`[0-9]+`)

// blameBatch explains an error of a network that has a size of the batch built in: Compile tries another.
func (m *Model) blameBatch(err error, batch int) error {
	if m.store.source != nil {
		return err // the file of a model is not trusted
	}
	for _, text := range numbers.FindAllString(err.Error(), 16) {
		n, parseErr := strconv.Atoi(text)
		if parseErr != nil || n < 1 || n > 4096 || n == batch {
			continue
		}
		other := *m
		other.store = newStore(m.store.params, m.cfg.DType)
		if _, otherErr := other.emit(n, m.probes[0], true); otherErr == nil {
			return fmt.Errorf("%w; Compile builds the network for a batch of %d, and it fits a batch of %d: want sizes that follow the "+
				"batch, x.Dim(0), or -1 in Reshape, and states that do not have it", err, batch, n)
		}
	}
	return err
}
