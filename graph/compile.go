package graph

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// Compile builds the network and its derivatives once, which finds every error of shape, and makes its parameters. An error
// names the layer, the operation, what it got and what it wanted.
func Compile(net Layer, cfg Config) (*Model, error) {
	if net == nil {
		return nil, errors.New("graph: Compile: got no network")
	}
	if len(cfg.Input) == 0 {
		return nil, errors.New("graph: Compile: Config.Input is empty, want the shape of one sample, such as []int{784}")
	}
	for _, d := range cfg.Input {
		if d < 1 {
			return nil, fmt.Errorf("graph: Compile: Config.Input: got %v, want dimensions of 1 or more", cfg.Input)
		}
	}
	switch cfg.DType {
	case tensor.Dtype{}:
		cfg.DType = tensor.Float32
	case tensor.Float32, tensor.Float64:
	default:
		return nil, fmt.Errorf("graph: Compile: Config.DType: got %v, %w", cfg.DType, errElementType)
	}
	if cfg.Workers < 0 {
		return nil, fmt.Errorf("graph: Compile: Config.Workers: got %d, want 0 or more", cfg.Workers)
	}
	cfg.Input = slices.Clone(cfg.Input)
	m := &Model{net: net, cfg: cfg, store: newStore(cfg.DType, cfg.Seed), pool: kernels.Default(), params: new(sync.RWMutex)}
	if cfg.Workers > 0 && cfg.Workers != m.pool.Workers() {
		m.pool = kernels.NewPool(cfg.Workers)
	}
	return m, m.probe()
}

// probe builds the graphs of a small batch, to find errors and make the parameters.
func (m *Model) probe() error {
	const batch = 2
	m.programs.limit = 12
	settings := []any{m.cfg.Optimizer, m.cfg.Loss}
	for _, metric := range m.cfg.Metrics {
		settings = append(settings, metric)
	}
	for _, v := range settings {
		if v, ok := v.(Validator); ok {
			if err := v.Validate(); err != nil {
				return fmt.Errorf("graph: Compile: %w", err)
			}
		}
	}
	b, _, pred, err := m.emit(batch, true)
	if err != nil {
		return err
	}
	m.layers, m.output = b.layers, pred.Shape()[1:]
	// The graph for inference may use parameters of its own.
	if _, _, _, err := m.emit(batch, false); err != nil {
		return err
	}
	m.store.sealed = true
	if m.cfg.Optimizer != nil {
		for _, p := range m.store.list {
			for range m.cfg.Optimizer.Slots() {
				p.slots = append(p.slots, newTensor(m.cfg.DType, p.shape))
			}
		}
	}
	if m.cfg.Loss == nil {
		return nil
	}
	target := pred.Shape()
	if t, ok := m.cfg.Loss.(TargetShaper); ok {
		target = t.TargetShape(target)
	}
	for _, metric := range m.cfg.Metrics {
		if c, ok := metric.(MetricChecker); ok {
			if err := c.Check(pred.Shape(), target); err != nil {
				return fmt.Errorf("graph: Compile: metric %s: %w", metric.Name(), err)
			}
		}
	}
	loss, _, err := m.emitLoss(b, pred, target)
	if err != nil {
		return err
	}
	for _, g := range Grad(loss, b.scope("").Params()...) {
		if g.err != nil {
			return g.err
		}
	}
	return nil
}

// emit builds the network for a batch size.
func (m *Model) emit(batch int, training bool) (b *builder, x, y Node, err error) {
	b = newBuilder(m.store, training)
	x = Node{b: b, n: b.g.Input("input", append([]int{batch}, m.cfg.Input...))}
	y, err = safely(func() (Node, error) {
		if m.path != "" {
			return b.within(m.path, func() Node { return b.record(m.path, m.net, x) }), nil
		}
		y := m.net.Emit(b.scope(""), x) // the layers of the whole network have names without a prefix
		if y.err == nil && y.b != b {
			y = b.fail("Emit", errNoNode)
		}
		return y, nil
	})
	switch {
	case err != nil:
		err = b.fail("panic", err).err
	case b.err != nil:
		err = b.err
	case y.err != nil:
		err = y.err
	case y.Rank() == 0 || y.Dim(0) != batch:
		err = fmt.Errorf("graph: output: got shape %v for a batch of %d, want the batch in front", y.Shape(), batch)
	}
	return b, x, y, err
}

// emitLoss adds the loss, penalties included, and the target to a graph.
func (m *Model) emitLoss(b *builder, pred Node, target []int) (loss, t Node, err error) {
	t = Node{b: b, n: b.g.Input("target", target)}
	loss, err = safely(func() (Node, error) {
		return b.within("loss", func() Node { return m.cfg.Loss.Loss(pred, t) }), nil
	})
	switch {
	case err != nil:
		return loss, t, b.failAt("loss", "panic", err).err
	case loss.err != nil:
		return loss, t, loss.err
	case loss.b != b:
		return loss, t, b.failAt("loss", "Loss", errNoNode).err
	case ops.Size(loss.Shape()) != 1:
		return loss, t, b.failAt("loss", "Loss", fmt.Errorf("got shape %v, want a scalar", loss.Shape())).err
	}
	loss = loss.Reshape()
	for _, p := range b.penalties {
		loss = loss.Add(p.Reshape())
	}
	return loss, t, loss.err
}
