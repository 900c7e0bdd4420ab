package draw

import (
	"bytes"

	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/nets"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// load reads the files, and begins a network of the present settings.
func (p *Pane) load(file, weights []byte) (panes.Reply, error) {
	set, err := digits.Read(file)
	if err != nil {
		return panes.Reply{}, err
	}
	ready, err := newReader(nets.Conv(), graph.Config{})
	if err != nil {
		return panes.Reply{}, err
	}
	if err := ready.Load(bytes.NewReader(weights)); err != nil {
		return panes.Reply{}, err
	}
	p.set, p.ready = set, ready
	return p.begin(p.settings)
}

// network returns the network's layers.
func network(s trainer.Settings) graph.Layer {
	if s.Network == "dense" {
		return nets.Dense()
	}
	return nets.Conv()
}

// begin makes a new network.
func (p *Pane) begin(s trainer.Settings) (panes.Reply, error) {
	if err := s.Check(); err != nil {
		return panes.Reply{}, err
	}
	own, err := newReader(network(s), graph.Config{
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: optimizers.Adam{LearningRate: s.Rate},
		Seed:      s.Seed,
	})
	if err != nil {
		return panes.Reply{}, err
	}
	if p.train != nil {
		p.train.Close()
	}
	p.settings, p.own = s, own
	right := func(row int, y []float32) float64 {
		if best(y) == int(p.set.Test.Labels[row]) {
			return 1
		}
		return 0
	}
	p.train = &trainer.Trainer{
		Model: own.Model, Data: p.set.Train.Arrays(), Batch: s.Batch, Seed: s.Seed,
		Judge: &trainer.Judge{X: p.set.Test.X().Float32s(), Images: p.set.Test.Len(), Score: right},
	}
	return p.state(), nil
}

// best returns the index of the largest number.
func best(y []float32) int {
	b := 0
	for i, v := range y {
		if v > y[b] {
			b = i
		}
	}
	return b
}
