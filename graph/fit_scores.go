package graph

import (
	"errors"
	"fmt"

	"github.com/nndiy/nndiy/internal/tensors"
)

// scores collects what the metrics of one output need during an epoch.
type scores struct {
	outPort
	place    int       // among the outputs that have a loss or metrics
	sums     []float64 // sum of score·rows over the batches, for each MeanMetric
	rows     int       // the number of samples, or of elements that count if some may not
	needsAll bool      // a metric needs the predictions of all batches at once
	pred     []*Tensor // the predictions of all batches, if needsAll
	target   []*Tensor // the targets, if needsAll
}

func newScores(o outPort, place int) *scores {
	s := &scores{outPort: o, place: place, sums: make([]float64, len(o.Metrics))}
	for _, m := range o.Metrics {
		if _, ok := metricAs[MeanMetric](m); !ok {
			s.needsAll = true
		}
	}
	return s
}

// state returns what a checkpoint in the middle of an epoch stores of the scores.
func (s *scores) state() Saved {
	return Saved{"sums": &s.sums, "rows": &s.rows, "pred": &s.pred, "target": &s.target}
}

// check returns an error if a state read from a checkpoint does not fit the metrics.
func (s *scores) check() error {
	rows := 0
	for _, t := range s.pred {
		if t == nil || t.Dims() == 0 {
			return errors.New("scores: got a prediction without rows, want shape (batch, ...)")
		}
		rows += t.Shape()[0]
	}
	if s.sums == nil { // a file leaves out zeros
		s.sums = make([]float64, len(s.Metrics))
	}
	if len(s.sums) != len(s.Metrics) || len(s.pred) != len(s.target) || s.needsAll && rows != s.rows {
		return fmt.Errorf("scores: got %d metrics and the predictions of %d of %d samples, want %d metrics and all samples",
			len(s.sums), rows, s.rows, len(s.Metrics))
	}
	return nil
}

// batch adds a batch. valid says which elements count, nil for all; the metrics get these, each as a row.
func (s *scores) batch(pred, target, valid *Tensor) (err error) {
	if valid != nil {
		if pred, err = takeValid(pred, valid); err == nil {
			target, err = takeValid(target, valid)
		}
		if err != nil || pred == nil { // nil if nothing counts
			return err
		}
	}
	rows := pred.Shape()[0]
	for i, m := range s.Metrics {
		if _, ok := metricAs[MeanMetric](m); ok {
			score, err := s.scoreOf(m, pred, target)
			if err != nil {
				return err
			}
			s.sums[i] += float64(rows) * score
		}
	}
	s.rows += rows
	if !s.needsAll {
		return nil
	}
	y, err := tensors.Floats(target)
	if err != nil {
		return fmt.Errorf("%s: target: %w", s.name, err)
	}
	if y == target { // a batch is valid only until the next one
		y = tensors.Clone(target)
	}
	s.pred, s.target = append(s.pred, tensors.Clone(pred)), append(s.target, y)
	return nil
}

// add writes the scores to logs.
func (s *scores) add(logs Logs, prefix string) error {
	if s.rows == 0 {
		return fmt.Errorf("%s: got no element that counts for the metrics, want one that is neither padding nor left out by its target", s.name)
	}
	var pred, target *Tensor
	if s.needsAll {
		var err error
		if pred, target, err = s.all(); err != nil {
			return err
		}
	}
	for i, m := range s.Metrics {
		if _, ok := metricAs[MeanMetric](m); ok {
			logs[prefix+s.log(m.Name())] = s.sums[i] / float64(s.rows)
			continue
		}
		score, err := s.scoreOf(m, pred, target)
		if err != nil {
			return err
		}
		logs[prefix+s.log(m.Name())] = score
	}
	return nil
}
