package graph

import (
	"context"
	"errors"
	"slices"

	"github.com/nndiy/nndiy/internal/scoring"
)

func init() { scoring.Scorer = (*Model).scorer }

// scorer implements scoring.Scorer.
func (m *Model) scorer(metric Metric) (score func(ctx context.Context, x, y *Tensor) (float64, error), larger bool, err error) {
	if err := m.made(); err != nil {
		return nil, false, err
	}
	d, known := metricAs[DirectedMetric](metric)
	larger = !known || d.LargerIsBetter()
	s, err := m.scored(metric)
	if err != nil {
		return nil, false, err
	}
	if s.cfg.Loss == nil { // Evaluate is an error, and the prediction is as it is
		return func(ctx context.Context, x, y *Tensor) (float64, error) {
			p, err := s.Predict(ctx, x)
			if err != nil {
				return 0, err
			}
			return s.outs[0].scoreOf(metric, p, y)
		}, larger, nil
	}
	return func(ctx context.Context, x, y *Tensor) (float64, error) {
		logs, err := s.Evaluate(ctx, Arrays{X: x, Y: y})
		return logs[metric.Name()], err
	}, larger, nil
}

// scored returns m with one metric and without the additional outputs' losses and metrics, which need targets of their own.
func (m *Model) scored(metric Metric) (*Model, error) {
	cfg := m.cfg.untrained()
	cfg.Workers, cfg.Metrics = m.cfg.Workers, []Metric{metric}
	if m.untrainable == nil {
		cfg.Loss = m.cfg.Loss
	}
	s := &Model{net: m.net, path: m.path, cfg: cfg, store: m.store, pool: m.pool, programs: newPrograms(), sampling: newPrograms(),
		training: m.training, seed: m.seed, probes: slices.Clone(m.probes)}
	if err := errors.Join(s.setInputs(), s.validate()); err != nil {
		return nil, public("Compile", err)
	}
	return s, public("", s.probe())
}
