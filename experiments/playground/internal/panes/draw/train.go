package draw

import (
	"bytes"

	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/nets"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// load reads the files.
func (p *Pane) load(file, weights []byte) error {
	set, err := digits.Read(file)
	if err != nil {
		return err
	}
	ready, err := newReader(nets.Conv(), graph.Config{})
	if err != nil {
		return err
	}
	if err := ready.Load(bytes.NewReader(weights)); err != nil {
		return err
	}
	p.set, p.ready = set, ready
	return nil
}

// network returns the network's layers.
func network(s trainer.Settings) graph.Layer {
	if s.Network == "dense" {
		return nets.Dense()
	}
	return nets.Conv()
}

// begin makes a new network.
func (p *Pane) begin(s trainer.Settings) (*trainer.Trainer, error) {
	own, err := newReader(network(s), graph.Config{
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: optimizers.Adam{LearningRate: s.Rate},
		Seed:      s.Seed,
	})
	if err != nil {
		return nil, err
	}
	p.own = own
	right := func(row int, y []float32) float64 {
		if best(y) == int(p.set.Test.Labels[row]) {
			return 1
		}
		return 0
	}
	return &trainer.Trainer{
		Model: own.Model, Data: p.set.Train.Arrays(), Batch: s.Batch, Seed: s.Seed,
		Judge: &trainer.Judge{X: p.set.Test.X().Float32s(), Images: p.set.Test.Len(), Score: right},
	}, nil
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
